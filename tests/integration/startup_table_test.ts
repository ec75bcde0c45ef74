/**
 * Startup in every combination of what Redis knows, what rests in the account and how stock can be
 * had. One line of the table is one start and its outcome, as it is observed at the venue.
 */

import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { EditableStore, placeByHand } from "../support/survivors.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

type Redis = "empty" | "full" | "other day" | "away";
type Orders = "none" | "left-over" | "foreign";
type Stock = "mint works" | "no mint" | "position";

/** The start, and what comes of it: books, day, stock, alarms. */
type Row = readonly [redis: Redis, orders: Orders, stock: Stock, outcome: string];

const TABLE: readonly Row[] = [
  ["empty", "none", "mint works", "ledger new, day new, minted"],
  ["empty", "none", "no mint", "ledger new, day new, cash only, pairs_failed"],
  ["empty", "none", "position", "ledger from the holdings, day new, stock adopted, state_lost"],
  ["empty", "left-over", "mint works", "ledger new, day new, minted, state_lost"],
  [
    "empty",
    "left-over",
    "no mint",
    "ledger new, day new, cash only, state_lost, pairs_failed",
  ],
  [
    "empty",
    "left-over",
    "position",
    "ledger from the holdings, day new, stock adopted, state_lost",
  ],
  ["empty", "foreign", "mint works", "ledger new, day new, minted"],
  ["empty", "foreign", "no mint", "ledger new, day new, cash only, pairs_failed"],
  ["empty", "foreign", "position", "ledger from the holdings, day new, stock adopted, state_lost"],
  ["full", "none", "mint works", "ledger kept, day kept, minted"],
  ["full", "none", "no mint", "ledger kept, day kept, cash only, pairs_failed"],
  ["full", "none", "position", "ledger kept, day kept, stock adopted"],
  ["full", "left-over", "mint works", "ledger kept, day kept, minted"],
  ["full", "left-over", "no mint", "ledger kept, day kept, cash only, pairs_failed"],
  ["full", "left-over", "position", "ledger kept, day kept, stock adopted"],
  ["full", "foreign", "mint works", "ledger kept, day kept, minted"],
  ["full", "foreign", "no mint", "ledger kept, day kept, cash only, pairs_failed"],
  ["full", "foreign", "position", "ledger kept, day kept, stock adopted"],
  ["other day", "none", "mint works", "ledger kept, day new, minted"],
  ["other day", "none", "no mint", "ledger kept, day new, cash only, pairs_failed"],
  ["other day", "none", "position", "ledger kept, day new, stock adopted"],
  ["other day", "left-over", "mint works", "ledger kept, day new, minted"],
  ["other day", "left-over", "no mint", "ledger kept, day new, cash only, pairs_failed"],
  ["other day", "left-over", "position", "ledger kept, day new, stock adopted"],
  ["other day", "foreign", "mint works", "ledger kept, day new, minted"],
  ["other day", "foreign", "no mint", "ledger kept, day new, cash only, pairs_failed"],
  ["other day", "foreign", "position", "ledger kept, day new, stock adopted"],
  ["away", "none", "mint works", "ledger kept, day kept, minted, cycle_deferred"],
  [
    "away",
    "none",
    "no mint",
    "ledger kept, day kept, cash only, cycle_deferred, pairs_failed",
  ],
  ["away", "none", "position", "ledger kept, day kept, stock adopted, cycle_deferred"],
  ["away", "left-over", "mint works", "ledger kept, day kept, minted, cycle_deferred"],
  [
    "away",
    "left-over",
    "no mint",
    "ledger kept, day kept, cash only, cycle_deferred, pairs_failed",
  ],
  ["away", "left-over", "position", "ledger kept, day kept, stock adopted, cycle_deferred"],
  ["away", "foreign", "mint works", "ledger kept, day kept, minted, cycle_deferred"],
  [
    "away",
    "foreign",
    "no mint",
    "ledger kept, day kept, cash only, cycle_deferred, pairs_failed",
  ],
  ["away", "foreign", "position", "ledger kept, day kept, stock adopted, cycle_deferred"],
];

const FUNDING_CENTS = 200_000;
/** Cash of the account that the market does not own. */
const OTHER_CENTS = 100_000;
/** What the earlier process has lost on its day, and paid for fees; a new record has neither. */
const LOST_CENTS = 1_234;
const FEES_CENTS = 77;

const KILL = { kind: "kill", operator: "ann", reason: "drill" } as const;

interface Stage {
  readonly venue: TestVenue;
  readonly store: EditableStore;
  readonly leftOver: string | null;
  readonly foreign: string | null;
  /** Calls of the earlier process. */
  readonly callsBefore: number;
}

/** An earlier process has come and gone; then Redis, account and venue are as the row says. */
async function stageOf([redis, orders, stock]: Row, isKilled = false): Promise<Stage> {
  const store = new EditableStore();
  const venue = new TestVenue({
    store,
    ammCashCents: FUNDING_CENTS + OTHER_CENTS,
    global: { reconciliationIntervalMs: 60_000 },
    markets: [{
      marketId: MARKET,
      quoteFunding: "inventory_then_cash",
      initialFundingCents: FUNDING_CENTS,
    }],
  });
  setMint(venue, stock === "position");
  await venue.start(5);
  if (stock === "position") assert.equal(venue.take("YES", 60, 10).order.filled, 10);
  if (isKilled) venue.service.admin(MARKET, KILL);
  await venue.run(5);
  assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
  await store.spoilTheDay(LOST_CENTS, FEES_CENTS);
  if (redis === "empty") store.lose();
  if (redis === "other day") await venue.run(13 * 3600);
  store.isAway = redis === "away";
  setMint(venue, stock !== "no mint");
  venue.events.length = 0;
  venue.restart();
  return {
    venue,
    store,
    callsBefore: venue.calls.length,
    leftOver: orders === "left-over" ? placeByHand(venue, "amm_left_over", 20) : null,
    foreign: orders === "foreign" ? placeByHand(venue, "by-hand", 20) : null,
  };
}

/** A mint that is out of order fails with a 500. */
function setMint(venue: TestVenue, works: boolean): void {
  venue.intercept = (call) =>
    !works && call.startsWith("mint") ? { kind: "lose", effect: false } : undefined;
}

/** Starts; where Redis is away, it comes back after a while. */
async function start(stage: Stage): Promise<void> {
  const { venue, store } = stage;
  if (store.isAway) await waitForRedis(stage);
  else await venue.clock.resolve(venue.service.start());
  await venue.run(10);
}

/** While Redis is away nothing is quoted or minted, but left-over orders go; then it comes back. */
async function waitForRedis(stage: Stage): Promise<void> {
  const { venue, store, callsBefore } = stage;
  await venue.start(30);
  assert.equal(venue.report().lifecycle, "STARTING");
  assert.match(venue.report().problem ?? "", /share: the test says so/);
  assert.deepEqual(restingIds(venue), othersOf(stage));
  const sent = venue.calls.slice(callsBefore);
  assert.deepEqual(sent.filter((call) => isPlacement(call) || isPairs(call)), []);
  store.isAway = false;
}

function isPlacement(call: string): boolean {
  return call.startsWith("place") || call.startsWith("replace");
}

function isPairs(call: string): boolean {
  return /^(mint|burn)/.test(call);
}

function othersOf({ foreign }: Stage): readonly string[] {
  return foreign === null ? [] : [foreign];
}

function restingIds(venue: TestVenue): readonly string[] {
  return venue.ownOrders().map(({ orderId }) => orderId);
}

/** Position and cash are the venue's, to the share and the cent. */
function checkBooks({ venue }: Stage): void {
  const held = heldAt(venue);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no], [held.yes, held.no]);
  assert.deepEqual(venue.exchange.control.violations(), []);
}

/** Old orders are gone, those of others untouched, and the new ones are those the bot knows. */
function checkOrders(stage: Stage): void {
  const { venue, leftOver, foreign } = stage;
  assert.ok(venue.ladder("BID").length > 1 && venue.ladder("ASK").length > 0);
  const { BID, ASK } = venue.report().orders;
  const known = [...BID, ...ASK].map(({ orderId }) => orderId);
  assert.deepEqual(restingIds(venue).toSorted(), [...known, ...othersOf(stage)].toSorted());
  assert.ok(!restingIds(venue).includes(leftOver ?? ""));
  const other = venue.ownOrders().find(({ orderId }) => orderId === foreign);
  assert.equal(other?.remaining, foreign === null ? undefined : 7);
}

/** Quoted on both sides, and right also after two reconciliations. */
async function checkQuoted(stage: Stage): Promise<void> {
  await stage.venue.run(120);
  checkBooks(stage);
  checkOrders(stage);
  assert.deepEqual(stage.venue.logged("reconcile_drift"), []);
}

/** What came of the start, in the words of the table. */
async function outcomeOf({ venue, store }: Stage): Promise<string> {
  return [
    await ledgerOf(venue, store),
    await dayOf(venue, store),
    stockOf(venue),
    ...new Set(
      venue.events.filter(({ level }) => level === "ERROR" || level === "WARN")
        .map(({ event }) => event),
    ),
  ].join(", ");
}

async function ledgerOf(venue: TestVenue, store: EditableStore): Promise<string> {
  const saved = await store.loadMarket(MARKET);
  const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
  const cash = venue.report().explanation?.inventory.marketCashCents;
  assert.equal(saved?.books?.ledger.marketCashCents, cash);
  const isKept = saved?.books?.ledger.feesPaidCents === FEES_CENTS;
  if (cash === availableCents + frozenCents - OTHER_CENTS) {
    return `ledger ${isKept ? "kept" : "new"}`;
  }
  const { yes, no } = heldAt(venue);
  assert.equal(cash, FUNDING_CENTS - 100 * Math.min(yes, no) - 50 * Math.abs(yes - no));
  return "ledger from the holdings";
}

async function dayOf(venue: TestVenue, store: EditableStore): Promise<string> {
  const day = (await store.loadMarket(MARKET))?.risk?.day;
  assert.equal(day?.day, new Date(venue.clock.nowMs()).toISOString().slice(0, 10));
  const { equityCents, pnlDayCents } = venue.report().explanation?.inventory ?? {};
  assert.equal(equityCents, (day?.startEquityCents ?? NaN) + (pnlDayCents ?? NaN));
  return Math.abs(pnlDayCents ?? NaN) < LOST_CENTS / 2 ? "day new" : "day kept";
}

/** The venue knows no position where nothing was ever held. */
function heldAt({ exchange }: TestVenue): { readonly yes: number; readonly no: number } {
  const found = exchange.positions(AMM_USER_ID).find(({ marketId }) => marketId === MARKET);
  return { yes: found?.yes ?? 0, no: found?.no ?? 0 };
}

function stockOf(venue: TestVenue): string {
  const { yes, no } = heldAt(venue);
  const mints = venue.logged("pairs_minted").length;
  assert.deepEqual([yes, no], mints === 1 ? [1000, 1000] : yes === 0 ? [0, 0] : [990, 1000]);
  assert.ok(mints <= 1);
  if (mints === 1) return "minted";
  if (yes > 0) return "stock adopted";
  assert.ok(venue.ownOrders().every(({ direction }) => direction === "BUY"));
  return "cash only";
}

for (const row of TABLE) {
  const [redis, orders, stock, outcome] = row;
  const name = `Redis ${redis}, orders ${orders}, ${stock}`;

  Deno.test(`startup table: ${name}: ${outcome}`, async () => {
    const stage = await stageOf(row);
    const { venue } = stage;
    await start(stage);
    assert.equal(venue.report().lifecycle, "RUNNING");
    assert.equal(venue.report().problem, null);
    await checkQuoted(stage);
    assert.equal(await outcomeOf(stage), outcome);
    assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
    assert.deepEqual(restingIds(venue), othersOf(stage));
  });

  Deno.test(`startup table, killed before: ${name}: ${killedOutcome(row)}`, async () => {
    const stage = await stageOf(row, true);
    const { venue, store } = stage;
    await start(stage);
    if (redis === "empty") {
      const isTold = killedOutcome(row).endsWith("told");
      assert.equal(venue.logged("state_lost").length, isTold ? 1 : 0);
      return await checkQuoted(stage);
    }
    assert.equal(venue.report().lifecycle, "EMERGENCY");
    assert.match(venue.report().latch?.source ?? "", /ann: drill/);
    assert.equal((await store.loadMarket(MARKET))?.risk?.defense.latch?.reason, "ADMIN");
    assert.deepEqual(restingIds(venue), othersOf(stage));
    const sent = venue.calls.slice(stage.callsBefore);
    assert.deepEqual(sent.filter((call) => isPlacement(call) || isPairs(call)), []);
    venue.service.admin(MARKET, { kind: "release", operator: "bob", reason: "checked" });
    await venue.run(10);
    assert.equal(venue.report().lifecycle, "RUNNING");
    await checkQuoted(stage);
    await venue.stop();
  });
}

function killedOutcome([redis, orders, stock]: Row): string {
  if (redis !== "empty") return "still killed, and quoted once released";
  const isTold = orders === "left-over" || stock === "position";
  return isTold ? "the kill is lost, and that is told" : "nothing tells of the kill";
}

Deno.test("startup table: a killed market buys no opening stock, and does once it is released", async () => {
  const latch = { reason: "ADMIN", atMs: 1, source: "ann: drill" } as const;
  for (const target of [MARKET, "*"]) {
    const store = new EditableStore();
    const venue = new TestVenue({ store, ammCashCents: 300_000 });
    await (target === "*" ? store.latchAll(latch) : store.latchMarket(MARKET, latch));
    await venue.start(10);
    assert.deepEqual(heldAt(venue), { yes: 0, no: 0 });
    venue.service.admin(target, { kind: "release", operator: "bob", reason: "checked" });
    await venue.run(10);
    assert.deepEqual(heldAt(venue), { yes: 1000, no: 1000 });
    assert.ok(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0);
    await venue.stop();
  }
});

Deno.test("startup table: Redis away, then empty, after left-over orders were cancelled: the loss is still told", async () => {
  const stage = await stageOf(["away", "left-over", "mint works", ""]);
  await waitForRedis(stage);
  stage.store.lose();
  await stage.venue.run(10);
  assert.equal(stage.venue.logged("state_lost").length, 1);
  await checkQuoted(stage);
  await stage.venue.stop();
});
