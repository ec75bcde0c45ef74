/** The bot when its state store is away, comes back, comes back empty, or is written by others. */

import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import type { KillLatch } from "../../src/models/explanation.ts";
import { price, shares } from "../../src/models/money.ts";
import { ShakyStore } from "../support/shaky_store.ts";
import { MARKET, START_MS, TestVenue, type VenueOptions } from "../support/venue.ts";

const ADMIN_KILL = { kind: "kill", operator: "ann", reason: "drill" } as const;
const RELEASE = { kind: "release", operator: "ann", reason: "over" } as const;

interface Stage {
  readonly venue: TestVenue;
  readonly store: ShakyStore;
}

function stage(options: VenueOptions = {}): Stage {
  const store = new ShakyStore();
  return { store, venue: new TestVenue({ ...options, store }) };
}

const pauses = (venue: TestVenue) => venue.report().explanation?.defense.pauses ?? [];
const isQuoted = (venue: TestVenue, marketId = MARKET) =>
  venue.ladder("ASK", marketId).length > 0 && venue.ladder("BID", marketId).length > 0;
const latchIn = async (store: ShakyStore, marketId = MARKET) =>
  (await store.loadMarket(marketId))?.risk?.defense.latch ?? null;

Deno.test("store away: quoting goes on as long as the venue confirms the books", async () => {
  const { venue, store } = stage({ global: { reconciliationIntervalMs: 60_000 } });
  await venue.start(5);
  store.isAway = true;
  for (let minute = 0; minute < 5; minute++) {
    await venue.run(60);
    assert.deepEqual(pauses(venue), []);
    assert.ok(isQuoted(venue), `quoted in minute ${minute}`);
  }
  assert.equal(venue.report().failedCycles, 0, "a store that is away fails no cycle");
  assert.match(venue.service.status().store.problem ?? "", /ECONNREFUSED/);
  await venue.stop();
});

Deno.test("store away: books that the venue does not confirm within an interval pause the market at once, and the store's return ends that", async () => {
  for (const isAway of [true, false]) {
    const { venue, store } = stage({ global: { reconciliationIntervalMs: 60_000 } });
    await venue.start(5);
    store.isAway = isAway;
    venue.intercept = (call) =>
      call.startsWith("position") ? { kind: "lose", effect: false } : undefined;
    await venue.run(50);
    assert.ok(isQuoted(venue), "the last comparison is young enough");
    await venue.run(8);
    assert.deepEqual(pauses(venue), isAway ? ["STALE_DATA"] : []);
    assert.equal(venue.ownOrders().length > 0, !isAway);
    store.isAway = false;
    venue.intercept = () => undefined;
    await venue.run(120);
    assert.deepEqual(pauses(venue), []);
    assert.ok(isQuoted(venue));
    await venue.stop();
  }
});

Deno.test("store away: no pair is burned or minted; as soon as it is back it is", async () => {
  const { venue, store } = stage({ global: { reconciliationIntervalMs: 60_000 } });
  await venue.start(5);
  store.isAway = true;
  // Pairs above the opening stock are idle, and are merged once a comparison has found them.
  venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 40);
  await venue.run(130);
  assert.equal(venue.report().explanation?.inventory.yes, 1040);
  assert.deepEqual(
    venue.calls.filter((call) => /^(burn|mint)/.test(call)).length,
    1,
    "the opening",
  );
  store.isAway = false;
  await venue.run(10);
  assert.equal(venue.report().explanation?.inventory.yes, 1000);
  await venue.stop();
});

Deno.test("store away: books and mint that cannot be written down at the start are tried again, and it is one mint", async () => {
  const { venue, store } = stage();
  let failures = 2;
  store.fault = (call) => call === "saveMarket" && failures-- > 0 ? "unavailable" : null;
  await venue.start(1);
  assert.deepEqual(venue.calls.filter((call) => call.startsWith("mint")), []);
  assert.equal(venue.report().lifecycle, "STARTING");
  assert.match(venue.report().problem ?? "", /write the opening books/);
  await venue.run(20);
  assert.equal(venue.calls.filter((call) => call.startsWith("mint")).length, 1);
  assert.ok(isQuoted(venue));
  await venue.stop();
});

Deno.test("store away: a kill takes every order off at once, is tried again every second, and is there after a restart", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  store.isAway = true;
  venue.service.admin(MARKET, ADMIN_KILL);
  await venue.run(0.5);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.ownOrders().length, 0);
  await venue.run(10);
  assert.ok(store.calls.filter((call) => call === "latchMarket").length >= 10, "every second");
  assert.equal(venue.logged("kill_not_saved").length, 1, "told once");
  store.isAway = false;
  await venue.run(1);
  assert.equal(venue.logged("kill_saved").length, 1);
  assert.equal((await latchIn(store))?.reason, "ADMIN");
  venue.kill();
  venue.restart();
  await venue.start(10);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

Deno.test("store away: a kill is written beside the cancels, not after them", async () => {
  const { venue, store } = stage({ global: { shutdownTimeoutMs: 5000 } });
  await venue.start(5);
  venue.intercept = (call) =>
    call.startsWith("cancel") ? { kind: "hang", effect: false } : undefined;
  venue.service.admin(MARKET, ADMIN_KILL);
  await venue.run(0.5);
  assert.ok(venue.ownOrders().length > 0, "the cancels hang");
  assert.equal((await latchIn(store))?.reason, "ADMIN");
  venue.intercept = () => undefined;
  await venue.run(60);
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

Deno.test("store away: the cancels of a kill do not wait for a store that hangs, whoever decides it", async () => {
  const kills = [
    (venue: TestVenue) => venue.service.admin(MARKET, ADMIN_KILL),
    (venue: TestVenue) => venue.service.admin("*", ADMIN_KILL),
    (venue: TestVenue) => venue.exchange.control.patchMarket(MARKET, { status: "HALTED" }),
  ];
  for (const kill of kills) {
    const { venue, store } = stage({ global: { marketStatusPollIntervalMs: 1000 } });
    await venue.start(5);
    const { promise, resolve } = Promise.withResolvers<void>();
    store.hold = promise;
    kill(venue);
    await venue.run(2.5);
    assert.equal(venue.ownOrders().length, 0);
    resolve();
    store.hold = null;
    await venue.run(5);
    assert.notEqual(await latchIn(store), null);
    await venue.stop();
  }
});

Deno.test("store away: a kill of every market holds, and is written when the store is back", async () => {
  const markets = ["MKT-1", "MKT-2"].map((marketId) => ({ marketId }));
  const { venue, store } = stage({ markets });
  await venue.start(5);
  store.isAway = true;
  venue.service.admin("*", ADMIN_KILL);
  await venue.run(1);
  for (const { marketId } of markets) assert.equal(venue.ownOrders(marketId).length, 0, marketId);
  store.isAway = false;
  await venue.run(2);
  assert.equal((await store.share({ day: "", account: null, nowMs: 0 })).latch.kind, "on");
  venue.kill();
  venue.restart();
  await venue.start(5);
  assert.equal(venue.service.status().globalLatch?.reason, "ADMIN");
  assert.equal(venue.ownOrders("MKT-2").length, 0);
  await venue.stop();
});

Deno.test("store away: a kill is not released, one market or all; when it can be written it is", async () => {
  for (const target of [MARKET, "*"]) {
    const { venue, store } = stage();
    await venue.start(5);
    venue.service.admin(target, ADMIN_KILL);
    await venue.run(2);
    store.isAway = true;
    venue.service.admin(target, RELEASE);
    await venue.run(10);
    assert.equal(venue.report().lifecycle, "EMERGENCY", target);
    assert.equal(venue.logged("release_refused").length, 1);
    assert.equal(venue.service.status().globalLatch?.reason, target === "*" ? "ADMIN" : undefined);
    assert.equal(venue.ownOrders().length, 0);
    store.isAway = false;
    await venue.run(10);
    assert.equal(venue.report().lifecycle, "EMERGENCY", "the old request is forgotten");
    venue.service.admin(target, RELEASE);
    await venue.run(10);
    assert.equal(venue.report().lifecycle, "RUNNING", target);
    assert.ok(isQuoted(venue));
    assert.equal(await latchIn(store), null);
    await venue.stop();
  }
});

Deno.test("store away: a market that may come back by itself does so only when that can be written", async () => {
  const { venue, store } = stage({ markets: [{ marketId: MARKET, killAutoResumeOnActive: true }] });
  await venue.start(5);
  venue.exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  await venue.run(20);
  assert.equal(venue.report().latch?.reason, "STATUS");
  store.isAway = true;
  venue.exchange.control.patchMarket(MARKET, { status: "ACTIVE" });
  await venue.run(30);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.report().explanation?.defense.level, "KILL_SWITCH");
  // It seems to be there, and yet does not write.
  store.isAway = false;
  store.fault = (call) => call === "saveMarket" ? "unavailable" : null;
  await venue.run(10);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.ownOrders().length, 0);
  store.fault = () => null;
  await venue.run(10);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.equal(await latchIn(store), null, "and the store knows");
  await venue.stop();
});

Deno.test("store away at the start: left-over orders go, nothing is quoted, the reason is told, and it starts when it is back", async () => {
  const { venue, store } = stage({ global: { reconciliationIntervalMs: 60_000 } });
  venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 500);
  venue.exchange.placeOrder(AMM_USER_ID, {
    clientOrderId: "amm_left_over",
    marketId: MARKET,
    contract: "YES",
    direction: "SELL",
    contractPrice: price(60),
    quantity: shares(5),
    timeInForce: "GTC",
  });
  store.isAway = true;
  await venue.start(30);
  const { state, ready, store: shown } = venue.service.status();
  assert.deepEqual([state, ready], ["running", false]);
  assert.match(shown.problem ?? "", /ECONNREFUSED/);
  assert.match(venue.report().problem ?? "", /share: the test says so/);
  assert.equal(venue.ownOrders().length, 0, "what an earlier process left is cancelled");
  assert.deepEqual(venue.calls.filter((call) => /^(place|mint)/.test(call)), []);
  store.isAway = false;
  await venue.run(10);
  assert.ok(isQuoted(venue));
  assert.equal(venue.service.status().ready, true);
  assert.equal(venue.report().problem, null);
  await venue.run(100);
  assert.deepEqual(venue.logged("inventory_drift_critical"), [], "the late start is no drift");
  await venue.stop();
});

Deno.test("store away at the start: a kill that it holds is found when it is back", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  venue.service.admin(MARKET, ADMIN_KILL);
  await venue.run(3);
  venue.kill();
  store.isAway = true;
  venue.restart();
  await venue.start(10);
  store.isAway = false;
  await venue.run(10);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

Deno.test("store away: the bot stops cleanly, and says that its last state is not written", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  store.isAway = true;
  assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
  assert.equal(venue.ownOrders().length, 0);
  const [told] = venue.logged("store_unavailable");
  assert.match(String(told?.fields.cause), /last state is not written/);
});

Deno.test("store empty: what the bot knows is there again within a cycle, kills included", async () => {
  const markets = ["MKT-1", "MKT-2"].map((marketId) => ({ marketId }));
  const { venue, store } = stage({ markets });
  await venue.start(5);
  venue.take("YES", 60, 10);
  venue.service.admin("MKT-2", ADMIN_KILL);
  await venue.run(5);
  const cash = venue.report().explanation?.inventory.marketCashCents;
  assert.ok(cash !== undefined && cash > 0);
  store.lose();
  await venue.run(3);
  assert.equal((await store.loadMarket("MKT-1"))?.books?.ledger.marketCashCents, cash);
  assert.equal((await latchIn(store, "MKT-2"))?.reason, "ADMIN");
  venue.service.admin("*", ADMIN_KILL);
  await venue.run(3);
  store.lose();
  await venue.run(3);
  assert.equal((await store.share({ day: "", account: null, nowMs: 0 })).latch.kind, "on");
  await venue.stop();
});

Deno.test("store empty at the start although shares are held: an alarm, and the ledger is built from the holdings", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  venue.take("YES", 60, 10);
  await venue.run(5);
  await venue.stop();
  store.lose();
  venue.restart();
  await venue.start(5);
  const [told] = venue.logged("state_lost");
  assert.deepEqual([told?.level, told?.fields.lost], ["ERROR", ["the ledger", "the risk record"]]);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.pnlTotalCents], [990, 0]);
  // 100 000 less 990 pairs and ten NO at the anchor of 50.
  assert.equal(inventory?.marketCashCents, 500);
  await venue.stop();
});

Deno.test("ledger lost, profit of the day published: the losses of the day still count", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  await venue.stop();
  store.lose();
  store.othersPnl.set(MARKET, -1_234);
  venue.restart();
  await venue.start(3);
  assert.equal(venue.report().explanation?.inventory.pnlDayCents, -1_234);
  await venue.stop();
});

const OTHER_KILL: KillLatch = { reason: "ADMIN", atMs: START_MS + 1, source: "bob: elsewhere" };

Deno.test("others: a kill that is latched in the store by somebody else kills the market in its next cycle", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  await store.latchMarket(MARKET, OTHER_KILL);
  await venue.run(3);
  assert.deepEqual(venue.report().latch, OTHER_KILL);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.ownOrders().length, 0);
  venue.service.admin(MARKET, RELEASE);
  await venue.run(5);
  assert.equal(venue.report().lifecycle, "RUNNING", "and is released like any other");
  assert.equal(await latchIn(store), null);
  await venue.stop();
});

Deno.test("others: a kill of every market is obeyed within a second or so, and so is its release", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  await store.latchAll(OTHER_KILL);
  await venue.run(1.2);
  assert.deepEqual(venue.service.status().globalLatch, OTHER_KILL);
  assert.equal(venue.ownOrders().length, 0);
  await store.releaseAll({ latchAtMs: OTHER_KILL.atMs, by: "bob: over", atMs: START_MS + 2 });
  await venue.run(5);
  assert.equal(venue.service.status().globalLatch, null);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.ok(isQuoted(venue));
  await venue.stop();
});

Deno.test("others: the release of another kill than the one in force releases nothing", async () => {
  const { venue, store } = stage();
  await venue.start(5);
  await store.latchAll(OTHER_KILL);
  await store.releaseAll({ latchAtMs: OTHER_KILL.atMs, by: "bob: over", atMs: START_MS + 2 });
  store.fault = (call) => call === "latchAll" ? "unavailable" : null;
  venue.service.admin("*", ADMIN_KILL);
  await venue.run(5);
  assert.equal(venue.service.status().globalLatch?.reason, "ADMIN", "the store still says OFF");
  store.fault = () => null;
  await venue.run(2);
  assert.equal((await store.share({ day: "", account: null, nowMs: 0 })).latch.kind, "on");
  await venue.stop();
});

Deno.test("others: their losses of the day count towards the limit of the whole bot", async () => {
  const { venue, store } = stage({ global: { maxDailyLossCents: 10_000 } });
  await venue.start(5);
  store.othersPnl.set("MKT-9", -9_999);
  store.othersPnl.set(MARKET, -50_000);
  await venue.run(5);
  assert.equal(venue.service.status().pnlDayCents, -9_999, "our own market is live, not published");
  assert.ok(isQuoted(venue));
  store.othersPnl.set("MKT-9", -10_001);
  await venue.run(5);
  assert.equal(venue.service.status().globalLatch?.reason, "GLOBAL_LOSS");
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

Deno.test("others: a figure that cannot be read keeps its last value, and without one counts as the largest loss", async () => {
  const { venue, store } = stage({
    markets: [{ marketId: MARKET, maxPerMarketLossCents: 7_000 }],
    global: { maxDailyLossCents: 1_000_000 },
  });
  await venue.start(5);
  store.othersPnl.set("MKT-8", -300);
  await venue.run(2);
  store.othersPnl.set("MKT-8", null);
  store.othersPnl.set("MKT-9", null);
  await venue.run(2);
  assert.equal(venue.service.status().pnlDayCents, -300 - 7_000);
  store.othersPnl.clear();
  await venue.run(2);
  assert.equal(venue.service.status().pnlDayCents, -7_300, "a figure that vanishes stays, too");
  await venue.stop();
});

Deno.test("fenced: a market that another instance works is left alone, orders and all, and the others go on", async () => {
  const markets = ["MKT-1", "MKT-2"].map((marketId) => ({ marketId }));
  const { venue, store } = stage({ markets });
  await venue.start(5);
  const inner = store.saveMarket.bind(store);
  store.saveMarket = (marketId, ...rest) => {
    if (marketId === "MKT-1") store.fault = () => "fenced";
    const saved = inner(marketId, ...rest);
    store.fault = () => null;
    return saved;
  };
  const resting = venue.ownOrders("MKT-1").map(({ orderId }) => orderId);
  await venue.run(5);
  assert.equal(venue.report("MKT-1").lifecycle, "STOPPED");
  assert.equal(venue.logged("market_fenced").length, 1);
  assert.deepEqual(venue.logged("market_failed"), []);
  assert.deepEqual(venue.ownOrders("MKT-1").map(({ orderId }) => orderId), resting);
  assert.equal(venue.report("MKT-2").lifecycle, "RUNNING");
  assert.ok(isQuoted(venue, "MKT-2"));
  await venue.stop();
});

/** A short life with everything that writes: start, mint, fills, burn, kill, release, stop. */
async function shortLife({ venue }: Stage): Promise<void> {
  await venue.start(2);
  venue.take("YES", 60, 10);
  await venue.run(3);
  venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 40);
  await venue.run(70);
  venue.service.admin(MARKET, ADMIN_KILL);
  await venue.run(4);
  venue.service.admin(MARKET, RELEASE);
  await venue.run(10);
}

Deno.test("store error: at each single call of a life, whatever its kind, the bot lives on and its books stay right", async () => {
  const options = { global: { reconciliationIntervalMs: 60_000 } };
  const sound = stage(options);
  await shortLife(sound);
  const { length } = sound.store.calls;
  assert.ok(length > 50, `${length} calls`);
  const seen = new Set(sound.store.calls);
  assert.deepEqual(
    [...seen].sort(),
    ["claimCash", "latchMarket", "loadMarket", "saveMarket", "share"],
  );
  for (let index = 0; index < length; index++) {
    const kind = index % 2 === 0 ? "unavailable" : "refused";
    const shaken = stage(options);
    const { venue, store } = shaken;
    store.fault = (_, at) => at === index ? kind : null;
    await shortLife(shaken);
    // A release that could not be written is asked for again.
    if (venue.report().lifecycle === "EMERGENCY") venue.service.admin(MARKET, RELEASE);
    await venue.run(20);
    const what = `call ${index}, ${store.calls[index]}, ${kind}`;
    assert.deepEqual(venue.logged("market_failed"), [], what);
    assert.equal(venue.report().lifecycle, "RUNNING", what);
    assert.ok(isQuoted(venue), what);
    const inventory = venue.report().explanation?.inventory;
    const position = venue.exchange.position(AMM_USER_ID, MARKET);
    assert.deepEqual([inventory?.yes, inventory?.no], [position.yes, position.no], what);
    const account = venue.exchange.account(AMM_USER_ID);
    assert.equal(inventory?.marketCashCents, account.availableCents + account.frozenCents, what);
    assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] }, what);
  }
});
