import { cents, PAIR_CENTS, shares } from "../../src/models/money.ts";
import type { ResolutionResult } from "../../src/models/vocabulary.ts";
import { dumpState, type StateDump } from "./dump.ts";
import { violations } from "./invariants.ts";
import { patchedTerms } from "./market_terms.ts";
import { receivePairs } from "./pairs.ts";
import { accountView, orderView } from "./record_views.ts";
import { resolveMarket } from "./resolution.ts";
import type { ExchangeState } from "./state.ts";
import type { TradeListener } from "./trades.ts";
import type {
  FailureListener,
  MarketPatch,
  MarketSetup,
  MarketStats,
  Resolution,
  UserSetup,
  VenueAccount,
  VenueMarket,
  VenueOrder,
} from "./types.ts";

/** What operators, tests and simulators do to the exchange; no user may (§16). */
export class ExchangeControl {
  readonly #state: ExchangeState;

  constructor(state: ExchangeState) {
    this.#state = state;
  }

  /**
   * Creates a market.
   * @throws RangeError if it exists or a figure is out of range
   */
  createMarket(setup: MarketSetup): VenueMarket {
    return this.#run(() => ({ ...this.#state.createMarket(setup).terms }));
  }

  /**
   * Changes a market as an operator at the database would: no order is touched, any status may
   * follow any other. To end a market with payouts, {@link resolve} it.
   * @throws Refusal 3001; RangeError if a figure is out of range
   */
  patchMarket(marketId: string, patch: MarketPatch): VenueMarket {
    return this.#run(() => {
      const market = this.#state.market(marketId);
      market.patch(patchedTerms(market.terms, patch));
      return { ...market.terms };
    });
  }

  /**
   * Ends a market and pays its holders (§12).
   * @throws Refusal 3001; 3002 if it has ended already
   */
  resolve(marketId: string, result: ResolutionResult): Resolution {
    return this.#run(() => resolveMarket(this.#state, marketId, result));
  }

  /** Statistics of a market. */
  stats(marketId: string): MarketStats {
    const { tally } = this.#state.market(marketId);
    return {
      totalTrades: tally.trades,
      totalVolume: shares(tally.volume),
      totalFeesCents: cents(tally.feesCents),
      uniqueBuyers: tally.buyers,
      uniqueSellers: tally.sellers,
    };
  }

  /**
   * Creates a user.
   * @throws RangeError if he exists
   */
  createUser(setup: UserSetup): VenueAccount {
    return this.#run(() => accountView(this.#state.accounts.create(setup)));
  }

  /** All users, in order of creation. */
  users(): VenueAccount[] {
    return [...this.#state.accounts.all()].map(accountView);
  }

  /** False for a user whose requests are all answered with 1004. */
  isEnabled(userId: string): boolean {
    return this.#state.accounts.find(userId).enabled;
  }

  /** Lets a user act, or answers all his requests with 1004. */
  setEnabled(userId: string, enabled: boolean): void {
    this.#run(() => this.#state.accounts.setEnabled(this.#state.accounts.find(userId), enabled));
  }

  /** Pays any amount in, without the limits of the users' own request. */
  deposit(userId: string, amountCents: number): void {
    this.#run(() => this.#state.accounts.deposit(this.#state.accounts.find(userId), amountCents));
  }

  /**
   * Gives the AMM pairs at a cost of 50 cents a share. Its cash stays; the escrow behind the pairs
   * counts as a deposit.
   * @throws RangeError if the user is not an AMM: others are netted and cannot hold pairs
   */
  seedPairs(userId: string, marketId: string, pairs: number): void {
    this.#run(() => {
      const account = this.#state.accounts.find(userId);
      if (account.role !== "AMM") throw new RangeError(`Cannot seed pairs: ${userId} is no AMM`);
      const market = this.#state.market(marketId);
      receivePairs(this.#state.takeSeat(account, market), shares(pairs));
      this.#state.accounts.bookInflow(PAIR_CENTS * pairs);
    });
  }

  /**
   * A user's orders in a market that can really match: those in its live book, best
   * price and oldest first on each side; none while the market does not trade.
   */
  matchable(userId: string, marketId: string): VenueOrder[] {
    const { book, terms } = this.#state.market(marketId);
    if (terms.status !== "ACTIVE") return [];
    return [...book.liveOrders()].filter((order) => order.userId === userId).map(orderView);
  }

  /** Takes all orders of a market out of matching; they stay open, frozen and visible. */
  evictBook(marketId: string): void {
    this.#run(() => this.#state.market(marketId).book.evict());
  }

  /**
   * Restarts the process: what hung answers again, and with Q-03 all live books are gone.
   */
  restart(): void {
    this.#state.stuck.clear();
    if (!this.#state.has("Q-03")) return;
    this.#run(() => {
      for (const { book } of this.#state.markets()) book.evict();
    });
  }

  /**
   * Runs `hook` in every cancel, replace and batch cancel, between its first read and its lock;
   * null ends that. The hook may send requests of its own.
   */
  onRace(hook: (() => void) | null): void {
    this.#state.raceHook = hook ?? (() => {});
  }

  /**
   * Hears of every trade, after the request that caused it; privileged mints and burns are no
   * trades. A listener may send requests but must not throw.
   * @returns ends it
   */
  onTrade(listener: TradeListener): () => void {
    return this.#state.news.subscribe(listener);
  }

  /**
   * Hears of every placement that failed after validation, of any user, once the book has taken its
   * damage. A listener must not throw.
   * @returns ends it
   */
  onFailedPlacement(listener: FailureListener): () => void {
    this.#state.failureListeners.add(listener);
    return () => {
      this.#state.failureListeners.delete(listener);
    };
  }

  /** The complete state as plain data, to compare and to print. */
  dumpState(): StateDump {
    return dumpState(this.#state);
  }

  /** What contradicts the invariants of §13, one line each; empty if all is well. */
  violations(): string[] {
    return violations(this.#state);
  }

  /**
   * @throws Error that lists every violation of the invariants of §13
   */
  assertInvariants(): void {
    const found = this.violations();
    if (found.length === 0) return;
    throw new Error(`The exchange breaks its invariants:\n${found.join("\n")}`);
  }

  #run<T>(work: () => T): T {
    return this.#state.journal.run(work);
  }
}
