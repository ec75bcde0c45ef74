import assert from "node:assert/strict";
import { sleep, systemClock, TIMED_OUT, withTimeout } from "../../src/runtime/clock.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

Deno.test("system clock: a delay longer than a machine timer can hold does not fire at once", async () => {
  let fired = false;
  const cancel = systemClock.after(40 * 86_400_000, () => {
    fired = true;
  });
  await sleep(systemClock, 20);
  cancel();
  assert.equal(fired, false);
});

Deno.test("virtual clock: timers fire in the order of their time, then of their creation", async () => {
  const clock = new VirtualClock(0);
  const fired: string[] = [];
  clock.after(20, () => fired.push("late"));
  clock.after(10, () => fired.push("first"));
  clock.after(10, () => fired.push("second"));
  clock.after(15, () => fired.push("cancelled"))();
  await clock.advance(20);
  assert.deepEqual(fired, ["first", "second", "late"]);
});

Deno.test("virtual clock: everything that a timer sets off settles before the next one fires", async () => {
  const clock = new VirtualClock(0);
  const seen: string[] = [];
  clock.after(10, async () => {
    for (let step = 0; step < 50; step++) await Promise.resolve();
    seen.push("settled");
  });
  clock.after(10, () => seen.push("next"));
  await clock.advance(10);
  assert.deepEqual(seen, ["settled", "next"]);
});

Deno.test("virtual clock: a sleep ends early when its signal is aborted, and its timer with it", async () => {
  const clock = new VirtualClock(0);
  const stop = new AbortController();
  let woken = -1;
  sleep(clock, 1000, stop.signal).then(() => woken = clock.monotonicMs());
  clock.after(300, () => stop.abort());
  await clock.advance(2000);
  assert.equal(woken, 300);
});

Deno.test("virtual clock: waiting with a limit gives up at the limit, and not before", async () => {
  const clock = new VirtualClock(0);
  const never = new Promise<string>(() => {});
  assert.equal(await clock.resolve(withTimeout(clock, 500, never)), TIMED_OUT);
  assert.equal(clock.monotonicMs(), 500);
  const quick = sleep(clock, 100).then(() => "done");
  assert.equal(await clock.resolve(withTimeout(clock, 500, quick)), "done");
});

Deno.test("virtual clock: a jump of the wall clock moves the date but no timer", async () => {
  const clock = new VirtualClock(1_000);
  let firedAt = -1;
  clock.after(100, () => firedAt = clock.monotonicMs());
  clock.jumpWallClock(3_600_000);
  assert.equal(clock.nowMs(), 3_601_000);
  await clock.advance(100);
  assert.equal(firedAt, 100);
});

Deno.test("virtual clock: the wall shows whole milliseconds, as a machine's does, whatever the timers", async () => {
  const clock = new VirtualClock(1_000);
  await clock.advance(0.75);
  assert.deepEqual([clock.nowMs(), clock.monotonicMs()], [1_000, 0.75]);
  await clock.advance(0.25);
  assert.equal(clock.nowMs(), 1_001);
});

Deno.test("virtual clock: timers that set each other off without a pause are an error, not a run without end", async () => {
  const clock = new VirtualClock(0);
  const again = () => void clock.after(0, again);
  clock.after(5, again);
  await assert.rejects(clock.advance(10), /Cannot go on: 10001 timers fired and it is still 5 ms/);
});

Deno.test("virtual clock: what is still pending after a day is an error, however busy the others are", async () => {
  const clock = new VirtualClock(0);
  const tick = () => void clock.after(60_000, tick);
  tick();
  await assert.rejects(clock.resolve(new Promise(() => {})), /still pending after a day/);
});
