import assert from "node:assert/strict";
import { BalanceFeed } from "../../src/connector/balance_feed.ts";
import { CallStatistics } from "../../src/connector/call_statistics.ts";
import type { OrderManager } from "../../src/connector/order_manager.ts";
import type { FrozenCash } from "../../src/connector/own_orders.ts";
import { MarketContext } from "../../src/cycle/market_context.ts";
import { openMarket } from "../../src/cycle/market_state.ts";
import { AccountBook } from "../../src/lifecycle/account_book.ts";
import { reconcileCash } from "../../src/lifecycle/cash_reconciler.ts";
import { NO_POSITION } from "../../src/models/inventory.ts";
import { cents, shares } from "../../src/models/money.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";
import { marketRecord } from "../support/market.ts";
import { OWN, venueTrade } from "../support/trades.ts";

const CASH_CENTS = 10_000;

/** What the orders of a market freeze, as far as it is known. */
function frozen(frozenCents: number, revision = 1): FrozenCash {
  return { frozenCents: cents(frozenCents), revision };
}

/** A running market without trades. */
class Bench {
  readonly events: LoggedEvent[] = [];
  readonly context: MarketContext;
  readonly #clock = new VirtualClock(0);
  readonly #orders: { frozen: FrozenCash | null } = { frozen: frozen(600) };

  constructor() {
    this.context = new MarketContext({
      config: marketConfig(),
      ownUserId: OWN,
      calls: new CallStatistics(),
      clock: this.#clock,
      nowMs: () => this.#clock.monotonicMs(),
      log: recordingLogger(this.events),
      orders: this.#orders as OrderManager,
    });
    const ledger = openLedger(cents(CASH_CENTS));
    const opening = { market: marketRecord(), position: NO_POSITION, ledger, tradeCursor: null };
    this.context.state = openMarket({ ...opening, nowMs: 0 }, this.context.config);
    this.context.enter("RUNNING", "test");
  }

  /**
   * Compares with an account of which 700 cents are frozen; the orders freeze `before` of it, and
   * `after` once the balance has been read.
   */
  async compare(before = frozen(600), after: FrozenCash | null = before): Promise<void> {
    this.#orders.frozen = before;
    const balance = () => {
      this.#orders.frozen = after;
      return Promise.resolve({ availableCents: cents(9300), frozenCents: cents(700) });
    };
    const accounts = new AccountBook();
    accounts.open("MKT-1", () => CASH_CENTS);
    accounts.settle(CASH_CENTS);
    await reconcileCash({
      accounts,
      balance: new BalanceFeed({ balance }, this.#clock),
      poller: { poll: () => Promise.resolve(), newestId: null },
      contexts: () => [this.context],
      toleranceCents: 200,
      log: this.context.log,
    });
  }

  /** Lets the market take what it was told, and gives its leak. */
  get leakCents(): number | undefined {
    this.context.bookCashFinding();
    this.context.noteLeakFinding();
    return this.context.state?.ledger.leakCents;
  }
}

Deno.test("cash: what is frozen beyond the orders is the leak, and is told once when it appears", async () => {
  const bench = new Bench();
  await bench.compare();
  assert.equal(bench.leakCents, 100);
  await bench.compare(frozen(590, 2));
  assert.equal(bench.leakCents, 110);
  await bench.compare(frozen(700, 3));
  assert.equal(bench.leakCents, 0);
  const told = bench.events.filter(({ event }) => event === "cash_stuck");
  assert.deepEqual(told.map(({ fields }) => fields.leakCents), [100]);
});

for (
  const [what, before, after] of [
    ["an order came and another went", frozen(600, 1), frozen(600, 3)],
    ["an order of somebody else in the account changed", frozen(600), frozen(500)],
    ["a call had not come back", frozen(600), null],
  ] as const
) {
  Deno.test(`cash: ${what} while the balance was read, so nothing is said of the leak`, async () => {
    const bench = new Bench();
    await bench.compare(frozen(650));
    assert.equal(bench.leakCents, 50);
    await bench.compare(before, after);
    assert.equal(bench.leakCents, 50);
  });
}

Deno.test("cash: a burn whose outcome is unknown does not hide the leak, nor keep fees from being judged", async () => {
  const bench = new Bench();
  const { state } = bench.context;
  assert.ok(state !== null);
  bench.context.state = {
    ...state,
    operation: {
      kind: "BURN",
      key: "k",
      quantity: shares(5),
      state: "SENT",
      createdAtMs: 0,
      retryAfterMs: 0,
      held: null,
    },
    unmatchedMakerFeesCents: cents(7),
  };
  await bench.compare();
  assert.equal(bench.leakCents, 100);
  assert.equal(bench.context.state?.unmatchedMakerFeesCents, 0);
});

Deno.test("cash: with a trade that is not booked yet nothing is compared", async () => {
  const bench = new Bench();
  bench.context.inbox.trades.push(venueTrade("MINT", "buy"));
  await bench.compare();
  assert.equal(bench.leakCents, 0);
});
