import assert from "node:assert/strict";
import { calmLogger } from "../../src/runtime/calm_logger.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { Repetitions } from "../../src/runtime/repetitions.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

function calmed() {
  const clock = new VirtualClock(0);
  const kept = recordingLogger();
  const log = calmLogger(kept, clock);
  const count = (event: string) => kept.events.filter((each) => each.event === event).length;
  const told = () => kept.events.filter(({ event }) => event === "log_repeated");
  return { clock, log, kept, count, told };
}

Deno.test("calm log: of trouble that repeats itself the first ten are written, then one line a minute with the count", async () => {
  const { clock, log, count, told } = calmed();
  const market = log.child({ marketId: "MKT-1" });
  for (let second = 0; second < 180; second++) {
    for (let call = 0; call < 20; call++) market.log("WARN", "call_failed", { call });
    await clock.advance(1000);
  }
  log.log("INFO", "process_stopping");
  assert.equal(count("call_failed"), 10);
  assert.deepEqual(told().map(({ level, fields }) => [level, fields]), [
    ["WARN", { of: "call_failed", marketId: "MKT-1", count: 1190, windowMs: 60_000 }],
    ["WARN", { of: "call_failed", marketId: "MKT-1", count: 1200, windowMs: 60_000 }],
    ["WARN", { of: "call_failed", marketId: "MKT-1", count: 1200, windowMs: 60_000 }],
  ]);
});

Deno.test("calm log: one market's trouble hides neither another's nor another event", () => {
  const { log, kept } = calmed();
  for (let call = 0; call < 100; call++) {
    log.child({ marketId: "MKT-1" }).log("WARN", "call_failed");
  }
  const before = kept.events.length;
  log.child({ marketId: "MKT-2" }).log("WARN", "call_failed");
  log.child({ marketId: "MKT-1" }).log("ERROR", "kill_latched");
  log.log("WARN", "call_failed", { marketId: "MKT-3" });
  assert.equal(kept.events.length, before + 3);
});

Deno.test("calm log: after a quiet minute everything is written in full again", async () => {
  const { clock, log, count } = calmed();
  for (let call = 0; call < 100; call++) log.log("WARN", "call_failed");
  await clock.advance(60_000);
  log.log("INFO", "fill");
  await clock.advance(60_000);
  log.log("WARN", "call_failed");
  assert.equal(count("call_failed"), 11);
});

Deno.test("calm log: what goes well is written as often as it happens, and whoever listens hears all", () => {
  const { clock, log, count } = calmed();
  const hub = new EventHub(clock);
  let heard = 0;
  hub.subscribe(() => void heard++);
  const heardLog = hub.feed(log);
  for (let each = 0; each < 500; each++) {
    heardLog.log("INFO", "order_placed");
    heardLog.log("WARN", "call_failed");
  }
  assert.deepEqual([count("order_placed"), count("call_failed"), heard], [500, 10, 1000]);
});

Deno.test("repetitions: the number of kinds that are told apart is bounded, and none is lost for it", () => {
  const repetitions = new Repetitions({ first: 1, windowMs: 1000 });
  let passed = 0;
  for (let kind = 0; kind < 20_000; kind++) if (repetitions.passes(`kind ${kind}`, 0)) passed++;
  assert.equal(passed, 20_000);
  assert.equal(repetitions.passes("kind 1", 0), false);
  assert.deepEqual(repetitions.due(1000), [["kind 1", 1]]);
});
