/**
 * `kill -9` at any event of a run, two hundred times: a request may be on its way, its effect may
 * have happened and the answer be lost, a record may be half-way to the store. Each time another
 * process takes over, and the venue says whether anything is doubled, orphaned or forgotten.
 */

import assert from "node:assert/strict";
import { AMM_USER_ID, type Fault } from "../../sim/exchange/mod.ts";
import type { MarketConfig } from "../../src/config/registry.ts";
import { type OrderForm, orderKey } from "../../src/execution/order_form.ts";
import { sleep } from "../../src/runtime/clock.ts";
import type { EventName } from "../../src/runtime/events.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import { ShakyStore } from "../support/shaky_store.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

const RUNS = 10;
const DEATHS_PER_RUN = 20;
const LATENCY_MS = 20;
const STORE_LATENCY_MS = 4;
const QUIET_LIMIT_MS = 120_000;
/** Cash of the account that the market does not own. */
const OTHER_CENTS = 100_000;
const FUNDING_CENTS = 100_000;

/** What makes mints: a small stock that is soon sold. What makes burns: cash that buys pairs. */
const SMALL_STOCK = {
  quoteFunding: "inventory_then_cash",
  initialMintQuantity: 24,
  minInventoryRatio: 0.5,
  ladderLossRatio: 1,
} as const;
const FROM_CASH = { quoteFunding: "cash" } as const;

/** What must never be said: each would tell of something forgotten, doubled or not understood. */
const ALARMS: readonly EventName[] = [
  "reconcile_drift",
  "inventory_drift_critical",
  "inventory_netting_suspected",
  "state_lost",
  "state_refused",
  "market_failed",
  "sanitizer_alert",
];

class World {
  readonly random: Random;
  readonly store = new ShakyStore();
  readonly venue: TestVenue;
  isTrading = true;

  constructor(seed: number, market: Partial<MarketConfig>) {
    this.random = seededRandom(`death ${seed}`);
    this.venue = new TestVenue({
      store: this.store,
      latencyMs: LATENCY_MS,
      ammCashCents: FUNDING_CENTS + OTHER_CENTS,
      markets: [{ marketId: MARKET, initialFundingCents: FUNDING_CENTS, ...market }],
      global: { reconciliationIntervalMs: 10_000, balancePollIntervalMs: 5000 },
    });
    this.store.travel = () => sleep(this.venue.clock, STORE_LATENCY_MS / 2);
    this.venue.intercept = () => this.#slowNowAndThen();
    this.#letTrade();
  }

  /** Goes on for a number of events, not of seconds: every await of the bot is one. */
  async events(count: number): Promise<void> {
    let left = count;
    await this.venue.clock.runUntil(() => left-- <= 0);
  }

  /** Lets it go on without trades until a cycle finds nothing to do, and stops at its end. */
  async untilQuiet(): Promise<void> {
    const { clock, service } = this.venue;
    let isQuiet = false;
    const stop = service.onCycle(({ actions }) => {
      const { kept: _, ...changes } = actions;
      isQuiet = Object.values(changes).every((count) => count === 0);
    });
    const isReached = await clock.runUntil(() => isQuiet, clock.monotonicMs() + QUIET_LIMIT_MS);
    stop();
    assert.ok(isReached, "it comes to rest");
  }

  /** The kill that the store has, read without letting time pass. */
  async latch() {
    const { travel } = this.store;
    this.store.travel = null;
    const [market, shared] = await Promise.all([
      this.store.loadMarket(MARKET),
      this.store.share({ day: "", account: null, nowMs: 0 }),
    ]);
    this.store.travel = travel;
    return { market: market?.risk?.defense.latch ?? null, isGlobal: shared.latch.kind === "on" };
  }

  /** A request may be on its way for so long that it arrives when its sender is dead. */
  #slowNowAndThen(): Fault | undefined {
    const isSlow = this.isTrading && this.random.next() < 0.03;
    return isSlow ? { kind: "delay", ms: this.random.integer(1, 2000) } : undefined;
  }

  #letTrade(): void {
    const { venue, random } = this;
    venue.clock.after(random.exponential(400), () => {
      const contract = random.next() < 0.5 ? "YES" : "NO";
      if (this.isTrading) venue.take(contract, 60, random.integer(1, 12));
      this.#letTrade();
    });
  }
}

/** Everything is as if no process had ever died. */
function checkSound(world: World, what: string): void {
  const { venue } = world;
  const { exchange } = venue;
  assert.deepEqual(exchange.control.violations(), [], what);
  for (const alarm of ALARMS) assert.deepEqual(venue.logged(alarm), [], `${what}: ${alarm}`);
  const { orders, explanation } = venue.report();
  const known = [...orders.BID, ...orders.ASK].map(({ orderId }) => orderId).sort();
  assert.deepEqual(known, venue.ownOrders().map(({ orderId }) => orderId).sort(), what);
  checkNothingTwice(world, what);
  const held = exchange.positions(AMM_USER_ID).find(({ marketId }) => marketId === MARKET);
  const { yes, no, marketCashCents } = explanation?.inventory ?? {};
  assert.deepEqual([yes, no], [held?.yes ?? 0, held?.no ?? 0], what);
  const { availableCents, frozenCents } = exchange.account(AMM_USER_ID);
  assert.equal(marketCashCents, availableCents + frozenCents - OTHER_CENTS, what);
}

/** At no price rests more than is meant to; a difference too small for a new order stays. */
function checkNothingTwice({ venue }: World, what: string): void {
  const meant = sharesByForm(venue.report().explanation?.targets ?? [], (order) => order.quantity);
  const resting = sharesByForm(venue.ownOrders(), (order) => order.remaining);
  for (const [form, shares] of resting) {
    const most = 1.5 * (meant.get(form) ?? 0);
    assert.ok(shares <= most, `${what}: ${form} rests ${shares} times, meant ${meant.get(form)}`);
  }
}

function sharesByForm<Order extends OrderForm>(
  orders: readonly Order[],
  sharesOf: (order: Order) => number,
): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const order of orders) {
    const form = orderKey(order);
    sums.set(form, (sums.get(form) ?? 0) + sharesOf(order));
  }
  return sums;
}

/** A kill that was written down holds; a person then releases it. */
async function checkLatch(world: World, what: string): Promise<void> {
  const { venue } = world;
  assert.equal(venue.report().lifecycle, "EMERGENCY", what);
  assert.equal(venue.ownOrders().length, 0, what);
  const target = venue.service.status().globalLatch === null ? MARKET : "*";
  venue.service.admin(target, { kind: "release", operator: "bob", reason: "checked" });
  await venue.run(10);
}

/** One life: it trades, may be killed by an operator, and dies at some event. */
async function liveAndDie(world: World): Promise<void> {
  const { venue, random } = world;
  void venue.service.start();
  if (random.next() < 0.3) return await dieDuringPairOperation(world);
  // Half of the others die young, that is, while they start.
  const length = random.integer(1, random.next() < 0.5 ? 60 : 900);
  const killAt = random.next() < 0.2 ? random.integer(1, length) : length;
  await world.events(killAt);
  if (killAt < length && venue.service.status().markets.length > 0) {
    const target = random.next() < 0.5 ? MARKET : "*";
    venue.service.admin(target, { kind: "kill", operator: "ann", reason: "drill" });
  }
  await world.events(length - killAt);
  venue.kill();
}

/** Pairs are what could be had twice: a life that ends within a few events of a mint or burn. */
async function dieDuringPairOperation(world: World): Promise<void> {
  const { clock, calls } = world.venue;
  const isPairCall = () => /^(mint|burn)/.test(calls.at(-1) ?? "");
  await clock.runUntil(isPairCall, clock.monotonicMs() + 60_000);
  await world.events(world.random.integer(0, 8));
  world.venue.kill();
}

async function dieAndRecover(world: World, what: string): Promise<void> {
  const { venue } = world;
  await liveAndDie(world);
  const before = await world.latch();
  venue.restart();
  void venue.service.start();
  await venue.run(15);
  world.isTrading = false;
  await venue.run(8);
  const isKilled = before.market !== null || before.isGlobal;
  if (isKilled || venue.report().latch !== null) await checkLatch(world, what);
  await world.untilQuiet();
  assert.equal(venue.report().lifecycle, "RUNNING", what);
  checkSound(world, what);
  world.isTrading = true;
  venue.kill();
  venue.restart();
}

for (let run = 0; run < RUNS; run++) {
  const market = run % 2 === 0 ? SMALL_STOCK : FROM_CASH;
  const name = `run ${run}, ${market.quoteFunding}`;
  Deno.test(`process death: ${DEATHS_PER_RUN} times at any event, ${name}: no order, cent or kill is lost or doubled`, async () => {
    const world = new World(run, market);
    for (let death = 0; death < DEATHS_PER_RUN; death++) {
      await dieAndRecover(world, `run ${run}, death ${death}`);
    }
    const count = (event: EventName) => world.venue.logged(event).length;
    assert.ok(count("fill") > 100, "there was trading");
    assert.ok(count("pairs_minted") + count("pairs_burned") > 1, "and pairs were changed");
  });
}
