import assert from "node:assert/strict";
import { ALERTS } from "../../src/alerts/alert_list.ts";
import { AlertQueue } from "../../src/alerts/alert_queue.ts";
import type { AlertMessage } from "../../src/alerts/alert_message.ts";
import { Alerter, type AlerterOptions } from "../../src/alerts/alerter.ts";
import { signatureOf } from "../../src/alerts/webhook.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { EVENTS } from "../../src/runtime/events.ts";
import { type EventName, type LogFields, recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

const URL_WITH_SECRET = "https://chat.example/hooks/path-that-is-secret";
const START_MS = Date.UTC(2026, 0, 5, 14, 3);

type Receiver = (message: AlertMessage, init: RequestInit) => Response | Promise<Response>;

/** An alerter whose receiver is a function, under a virtual clock. */
function alerting(
  receiver: Receiver = () => new Response(),
  options: Partial<AlerterOptions> = {},
) {
  const clock = new VirtualClock(START_MS);
  const hub = new EventHub(clock);
  const kept = recordingLogger();
  const log = hub.feed(kept);
  const received: AlertMessage[] = [];
  const tries: { readonly atMs: number; readonly event: string }[] = [];
  const alerter = new Alerter({
    hub,
    clock,
    log,
    mode: "live",
    instance: "amm-1",
    publicUrl: "https://amm.example/",
    repeatMs: 300_000,
    market: () => ({ pnlDayCents: -10_200, level: "KILL_SWITCH" }),
    ...options,
    webhook: {
      url: URL_WITH_SECRET,
      secret: "s3cret",
      clock,
      fetch: async (url, init) => {
        assert.equal(url, URL_WITH_SECRET);
        const message: AlertMessage = JSON.parse(String(init.body));
        tries.push({ atMs: clock.monotonicMs(), event: message.event });
        const response = await receiver(message, init);
        if (response.ok) received.push(message);
        return response;
      },
    },
  });
  const happen = (event: EventName, fields: LogFields = {}) =>
    log.log(EVENTS[event].level, event, fields);
  const told = () => received.map(({ event, market_id, count }) => [event, market_id, count]);
  return { alerter, clock, happen, received, tries, told, kept };
}

/** A receiver that never answers, as long as nobody gives up. */
const silent: Receiver = (_, { signal }) =>
  new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });

Deno.test("alert: a kill is told at once, with what it means, the figures in cents and the page to look at", async () => {
  const { clock, happen, received, alerter } = alerting();
  happen("kill_latched", { marketId: "MKT-1", reason: "LOSS", atMs: 5, source: "max_loss" });
  await clock.advance(0);
  const [message] = received;
  assert.partialDeepStrictEqual(message, {
    severity: "CRITICAL",
    event: "kill_latched",
    market_id: "MKT-1",
    at: "2026-01-05T14:03:00.000Z",
    count: 1,
    meaning: EVENTS.kill_latched.meaning,
    facts: { reason: "LOSS", source: "max_loss" },
    market: { pnl_day_cents: -10_200, level: "KILL_SWITCH" },
    mode: "live",
    instance: "amm-1",
    url: "https://amm.example/#/market/MKT-1",
  });
  assert.match(message?.text ?? "", /^CRITICAL MKT-1 \(live\): kill_latched: quoting is killed/);
  assert.match(message?.text ?? "", /reason LOSS.*pnl_day_cents -10200.*To do: .*#\/market\/MKT-1/);
  await alerter.close(1000);
});

Deno.test("alert: what the list does not have is not told, nor a level that falls", async () => {
  const { clock, happen, told, alerter } = alerting();
  for (const name of Object.keys(EVENTS) as EventName[]) {
    if (ALERTS[name] === undefined) happen(name, { marketId: "MKT-1" });
  }
  happen("defense_level_changed", { marketId: "MKT-1", from: "ONE_SIDE", to: "WIDEN" });
  await clock.advance(1000);
  assert.deepEqual(told(), []);
  happen("defense_level_changed", { marketId: "MKT-1", from: "WIDEN", to: "ONE_SIDE" });
  await clock.advance(1000);
  assert.deepEqual(told(), [["defense_level_changed", "MKT-1", 1]]);
  await alerter.close(1000);
});

Deno.test("alert: repetitions within the window are counted and told as one when it is over", async () => {
  const { clock, happen, told, alerter } = alerting();
  for (let minute = 0; minute < 4; minute++) {
    happen("pause_set", { marketId: "MKT-1", reasons: ["LATENCY"] });
    happen("pause_set", { marketId: "MKT-2", reasons: ["LATENCY"] });
    await clock.advance(60_000);
  }
  const first = [["pause_set", "MKT-1", 1], ["pause_set", "MKT-2", 1]];
  assert.deepEqual(told(), first);
  assert.equal(alerter.counts.repeated, 6);
  await clock.advance(60_000);
  assert.deepEqual(told(), [...first, ["pause_set", "MKT-1", 3], ["pause_set", "MKT-2", 3]]);
  await clock.advance(3_600_000);
  assert.equal(told().length, 4, "nothing more came");
  happen("pause_set", { marketId: "MKT-1" });
  await clock.advance(0);
  assert.equal(told().length, 5, "an hour later it is news again");
  await alerter.close(1000);
});

Deno.test("alert: what befalls many markets at once is told one by one for five, and together for the rest", async () => {
  const { clock, happen, received, told, alerter } = alerting();
  for (let market = 1; market <= 50; market++) happen("pause_set", { marketId: `MKT-${market}` });
  for (let market = 1; market <= 50; market++) {
    happen("kill_latched", { marketId: `MKT-${market}` });
  }
  await clock.advance(0);
  assert.equal(told().length, 10);
  await clock.advance(60_000);
  assert.deepEqual(told().slice(10), [["kill_latched", null, 45], ["pause_set", null, 45]]);
  assert.match(
    received.at(-2)?.text ?? "",
    /^CRITICAL the bot \(live\): kill_latched, 45 more mark/,
  );
  const { markets } = received.at(-2)?.facts as { readonly markets: readonly string[] };
  assert.deepEqual(markets.slice(0, 2), ["MKT-6", "MKT-7"]);
  assert.equal(alerter.counts.repeated, 90);
  happen("kill_latched", { marketId: "MKT-60" });
  await clock.advance(600_000);
  happen("kill_latched", { marketId: "MKT-61" });
  await clock.advance(0);
  assert.deepEqual(told().at(-1), ["kill_latched", "MKT-61", 1]);
  await alerter.close(1000);
});

Deno.test("alert: a kill after a release is news, however soon it comes", async () => {
  const { clock, happen, told, alerter } = alerting();
  happen("kill_latched", { marketId: "MKT-1" });
  happen("kill_released", { marketId: "MKT-1" });
  happen("kill_latched", { marketId: "MKT-1" });
  await clock.advance(0);
  assert.deepEqual(told().filter(([event]) => event === "kill_latched").length, 2);
  await alerter.close(1000);
});

Deno.test("alert: a receiver that is away is tried again with growing waits, and the id stays the same", async () => {
  let isAway = true;
  const ids = new Set<string>();
  const { clock, happen, told, tries, alerter, kept } = alerting((message) => {
    ids.add(message.id);
    return new Response(null, { status: isAway ? 503 : 204 });
  });
  happen("circuit_opened", {});
  await clock.advance(31_000);
  assert.deepEqual(tries.map(({ atMs }) => atMs), [0, 1000, 3000, 7000, 15_000, 31_000]);
  isAway = false;
  await clock.advance(60_000);
  assert.deepEqual(told(), [["circuit_opened", null, 1]]);
  assert.equal(ids.size, 1);
  assert.deepEqual(alerter.counts, { sent: 1, failed: 0, dropped: 0, repeated: 0, waiting: 0 });
  const failures = kept.events.filter(({ event }) => event === "alert_failed");
  assert.equal(failures.length, 1, "one line, not one a try");
  await alerter.close(1000);
});

Deno.test("alert: one that is refused for good is not sent again; one that fails too often is given up", async () => {
  const refusing = alerting(() => new Response(null, { status: 404 }));
  refusing.happen("circuit_opened");
  await refusing.clock.advance(3_600_000);
  assert.equal(refusing.tries.length, 1);
  assert.partialDeepStrictEqual(refusing.alerter.counts, { failed: 1, waiting: 0 });
  await refusing.alerter.close(1000);
  const failing = alerting(() => {
    throw new TypeError(`error sending request for url (${URL_WITH_SECRET}): refused`);
  });
  failing.happen("circuit_opened");
  await failing.clock.advance(3_600_000);
  assert.equal(failing.tries.length, 10);
  assert.partialDeepStrictEqual(failing.alerter.counts, { failed: 1, waiting: 0 });
  await failing.alerter.close(1000);
});

Deno.test("alert: what cannot be sent never shows the secret or the path of the address", async () => {
  const { clock, happen, alerter, kept, received } = alerting(() => {
    throw new TypeError(`error sending request for url (${URL_WITH_SECRET}): refused`);
  });
  happen("circuit_opened");
  await clock.advance(600_000);
  await clock.resolve(alerter.close(1000));
  const log = JSON.stringify(kept.events);
  assert.match(log, /chat\.example/);
  assert.doesNotMatch(log, /path-that-is-secret|s3cret/);
  assert.deepEqual(received, []);
});

Deno.test("alert: the queue is bounded and drops the oldest that is not critical, a critical one only if all are", () => {
  const queue = new AlertQueue(3);
  const message = (id: string, severity: AlertMessage["severity"]) =>
    ({ id, severity }) as AlertMessage;
  const dropped = [
    ...["w1", "w2"].map((id) => queue.add(message(id, "WARNING"))),
    ...["c1", "c2", "c3", "c4"].map((id) => queue.add(message(id, "CRITICAL"))),
    queue.add(message("e1", "ERROR")),
  ];
  assert.deepEqual(dropped, [0, 0, 0, 1, 1, 1, 1]);
  const left = [queue.take(), queue.take(), queue.take(), queue.take()];
  assert.deepEqual(left.map((alert) => alert?.message.id), ["c2", "c3", "c4", undefined]);
});

Deno.test("alert: a receiver that is away for a day costs alerts, which are counted, and no memory", async () => {
  const { clock, happen, alerter } = alerting(() => new Response(null, { status: 500 }));
  let told = 0;
  for (let hour = 0; hour < 24; hour++) {
    for (const event of ["side_dry", "pause_set", "kill_latched"] as const) {
      for (let market = 0; market < 5; market++) {
        happen(event, { marketId: `MKT-${market}` });
        told++;
      }
    }
    await clock.advance(60_000);
    assert.ok(alerter.counts.waiting <= 100);
    await clock.advance(3_540_000);
  }
  const { sent, failed, dropped, waiting } = alerter.counts;
  assert.deepEqual([sent, failed + dropped + waiting], [0, told]);
  await clock.resolve(alerter.close(1000));
});

Deno.test("alert: a critical one overtakes, also while the receiver is given time", async () => {
  let isAway = true;
  const { clock, happen, told, tries, alerter } = alerting(() =>
    new Response(null, { status: isAway ? 500 : 200 })
  );
  for (const marketId of ["MKT-1", "MKT-2"]) happen("side_dry", { marketId });
  await clock.advance(20_000);
  const before = tries.length;
  isAway = false;
  happen("kill_latched", { marketId: "MKT-3" });
  await clock.advance(0);
  assert.deepEqual(told()[0], ["kill_latched", "MKT-3", 1]);
  assert.equal(tries.length, before + 3, "and the others follow");
  await alerter.close(1000);
});

Deno.test("alert: a kill in the last moment still goes out, and what is counted too", async () => {
  const { clock, happen, told, alerter } = alerting();
  happen("side_dry", { marketId: "MKT-1" });
  happen("side_dry", { marketId: "MKT-1" });
  happen("orders_may_remain", { remaining: [] });
  await clock.resolve(alerter.close(5000));
  assert.deepEqual(told(), [
    ["orders_may_remain", null, 1],
    ["side_dry", "MKT-1", 1],
    ["side_dry", "MKT-1", 1],
  ]);
  happen("kill_latched", { marketId: "MKT-1" });
  await clock.advance(10_000);
  assert.equal(told().length, 3, "it hears nothing any more");
});

Deno.test("alert: a receiver that hangs holds the end of the process up no longer than allowed", async () => {
  const { clock, happen, alerter, kept } = alerting(silent);
  happen("kill_latched", { marketId: "MKT-1" });
  const fromMs = clock.monotonicMs();
  await clock.resolve(alerter.close(2000));
  assert.equal(clock.monotonicMs() - fromMs, 2000);
  assert.deepEqual(kept.events.at(-1)?.fields, { undelivered: 1 });
});

Deno.test("alert: a figure that cannot be had, or fields that cannot be read, cost no alert", async () => {
  const { clock, happen, told, alerter } = alerting(undefined, {
    market: () => {
      throw new Error("no such market");
    },
  });
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  happen("kill_latched", { marketId: "MKT-1", loop, big: 10n, text: "x".repeat(100_000) });
  await clock.advance(0);
  assert.deepEqual(told(), [["kill_latched", "MKT-1", 1]]);
  await alerter.close(1000);
});

Deno.test("alert: the signature is the HMAC-SHA256 of time and body", () => {
  // openssl: printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
  assert.equal(
    signatureOf('{"a":1}', "key", 1_700_000_000_999),
    "t=1700000000,v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03",
  );
});
