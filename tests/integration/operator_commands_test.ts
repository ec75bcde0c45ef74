import assert from "node:assert/strict";
import type { CommandReceipt } from "../../src/models/admin_command.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

const ANN = { operator: "ann", reason: "drill" } as const;

/** Sends a command and lets time pass until every market has answered. */
async function asked(
  venue: TestVenue,
  command: Parameters<TestVenue["service"]["admin"]>[1],
  target = MARKET,
): Promise<readonly CommandReceipt[]> {
  return await venue.clock.resolve(venue.service.admin(target, command));
}

Deno.test("pause: quotes are withdrawn and stay away until an operator resumes", async () => {
  const venue = new TestVenue();
  await venue.start();
  assert.ok(venue.ownOrders().length > 0);
  assert.deepEqual(await asked(venue, { kind: "pause", ...ANN }), [
    { marketId: MARKET, kind: "done" },
  ]);
  await venue.run(120);
  assert.deepEqual(venue.ownOrders(), []);
  assert.deepEqual(venue.report().explanation?.defense.pauses, ["OPERATOR"]);
  assert.equal(venue.report().lifecycle, "RUNNING");
  await asked(venue, { kind: "resume", ...ANN });
  await venue.run(3);
  assert.ok(venue.ownOrders().length > 0, "quotes are back at once, without calm cycles");
  await venue.stop();
});

Deno.test("pause of all: holds in every market until all are resumed", async () => {
  const venue = new TestVenue({ markets: [{ marketId: MARKET }, { marketId: "MKT-2" }] });
  await venue.start();
  const receipts = await asked(venue, { kind: "pause", ...ANN }, "*");
  assert.deepEqual(receipts.map(({ marketId, kind }) => [marketId, kind]), [
    [MARKET, "done"],
    ["MKT-2", "done"],
  ]);
  await venue.run(3);
  assert.deepEqual([venue.ownOrders(), venue.ownOrders("MKT-2")], [[], []]);
  await asked(venue, { kind: "resume", ...ANN }, "*");
  await venue.run(3);
  assert.ok(venue.ownOrders().length > 0 && venue.ownOrders("MKT-2").length > 0);
  await venue.stop();
});

Deno.test("kill: the answer tells how many orders the venue has cancelled, and that none is left", async () => {
  const venue = new TestVenue();
  await venue.start();
  const resting = venue.ownOrders().length;
  assert.ok(resting > 0);
  const [receipt] = await asked(venue, { kind: "kill", ...ANN });
  assert.deepEqual(receipt, {
    marketId: MARKET,
    kind: "killed",
    cancelled: resting,
    verified: true,
    remaining: [],
  });
  assert.deepEqual(venue.ownOrders(), []);
  const [again] = await asked(venue, { kind: "kill", ...ANN });
  assert.deepEqual(again, { ...receipt, cancelled: 0 }, "a second kill looks again");
  await venue.stop();
});

Deno.test("kill: does not wait for a turn that hangs", async () => {
  const venue = new TestVenue();
  await venue.start();
  venue.intercept = (call) =>
    call.startsWith("orderBook") ? { kind: "hang", effect: false } : undefined;
  venue.calls.length = 0;
  await venue.clock.runUntil(
    () => venue.calls.some((call) => call.startsWith("orderBook")),
    Infinity,
  );
  const sentAtMs = venue.clock.monotonicMs();
  const killing = venue.service.admin(MARKET, { kind: "kill", ...ANN });
  await venue.clock.runUntil(() => venue.ownOrders().length === 0, sentAtMs + 10_000);
  assert.ok(venue.clock.monotonicMs() - sentAtMs < 200, "the orders are gone at once");
  const [receipt] = await venue.clock.resolve(killing);
  assert.equal(receipt?.kind === "killed" && receipt.cancelled > 0 && receipt.verified, true);
  venue.intercept = () => undefined;
  await venue.run(5);
  assert.deepEqual(venue.ownOrders(), []);
  await venue.stop();
});

Deno.test("kill: a cycle that is under way places nothing more", async () => {
  const venue = new TestVenue();
  await venue.clock.resolve(venue.service.start());
  await venue.clock.runUntil(() => venue.calls.some((call) => call.startsWith("place")), Infinity);
  const [receipt] = await asked(venue, { kind: "kill", ...ANN });
  assert.equal(receipt?.kind, "killed");
  const placed = venue.calls.filter((call) => call.startsWith("place")).length;
  await venue.run(10);
  assert.equal(venue.calls.filter((call) => call.startsWith("place")).length, placed);
  assert.deepEqual(venue.ownOrders(), []);
  await venue.stop();
});

Deno.test("flatten: own orders off, then the heavy side is reduced, then the market stays off", async () => {
  // A budget that lets the position become heavy.
  const venue = new TestVenue({
    markets: [{ marketId: MARKET, maxPerMarketLossCents: 50_000, posteriorMode: "beta" }],
  });
  await venue.start();
  const [ask = 0] = venue.ladder("ASK");
  for (let trade = 0; trade < 4; trade++) {
    venue.take("YES", Math.min(99, ask + 10), 60);
    await venue.run(30);
  }
  const net = () => {
    const { yes = 0, no = 0 } = venue.report().explanation?.inventory ?? {};
    return yes - no;
  };
  const before = net();
  assert.ok(before < 0, "the bot has sold YES");
  await asked(venue, { kind: "flatten", ...ANN });
  await venue.run(3);
  const order = venue.report().operatorOrder;
  assert.equal(order?.kind === "flatten" && order.stage, "reducing");
  assert.equal(venue.report().explanation?.defense.level, "ONE_SIDE");
  assert.deepEqual(venue.ladder("ASK"), [], "nothing that could enlarge the position");
  for (let trade = 0; trade < 60 && isReducing(venue); trade++) {
    const [bid] = venue.ladder("BID");
    if (bid !== undefined) venue.take("NO", 100 - bid, 50);
    await venue.run(10);
  }
  assert.equal(isReducing(venue), false);
  assert.ok(Math.abs(net()) < Math.abs(before) / 2, `${before} → ${net()}`);
  await venue.run(60);
  assert.deepEqual(venue.ownOrders(), []);
  assert.deepEqual(venue.report().explanation?.defense.pauses, ["FLATTEN"]);
  await asked(venue, { kind: "resume", ...ANN });
  await venue.run(60);
  assert.ok(venue.ownOrders().length > 0);
  await venue.stop();
});

function isReducing(venue: TestVenue): boolean {
  const order = venue.report().operatorOrder;
  return order?.kind === "flatten" && order.stage !== "flat";
}

Deno.test("reconcile: the books are compared now, and what differed is told", async () => {
  const venue = new TestVenue();
  await venue.start();
  const [receipt] = await asked(venue, { kind: "reconcile", ...ANN });
  assert.deepEqual(receipt, { marketId: MARKET, kind: "reconciled", drifts: [] });
  venue.intercept = (call) =>
    call.startsWith("position") ? { kind: "lose", effect: false } : undefined;
  const [failed] = await asked(venue, { kind: "reconcile", ...ANN });
  assert.equal(failed?.kind, "refused");
  assert.match(failed?.kind === "refused" ? failed.cause : "", /position/);
  await venue.stop();
});

Deno.test("release: says so if nothing is killed; a stopped bot refuses every command", async () => {
  const venue = new TestVenue();
  await venue.start();
  const [idle] = await asked(venue, { kind: "release", ...ANN });
  assert.deepEqual(idle, { marketId: MARKET, kind: "refused", cause: "nothing is killed" });
  await asked(venue, { kind: "kill", ...ANN }, "*");
  const [one] = await asked(venue, { kind: "release", ...ANN });
  assert.match(one?.kind === "refused" ? one.cause : "", /every market is killed/);
  const [all] = await asked(venue, { kind: "release", ...ANN }, "*");
  assert.equal(all?.kind, "done");
  await venue.stop();
  const [late] = await asked(venue, { kind: "pause", ...ANN });
  assert.match(late?.kind === "refused" ? late.cause : "", /stopped/);
});

Deno.test("kill of all: is one latch in every market, also where a turn is running, so that its release is known everywhere", async () => {
  const venue = new TestVenue({ latencyMs: 400 });
  await venue.start(20);
  await venue.clock.runUntil(() => venue.calls.at(-1)?.startsWith("orderBook") === true);
  const killing = venue.service.admin("*", { kind: "kill", ...ANN });
  await venue.clock.resolve(killing);
  const { globalLatch, markets: [market] } = venue.service.status();
  assert.ok(globalLatch !== null);
  assert.deepEqual(market?.latch, globalLatch);
  await venue.stop();
});
