import { cents, PAIR_CENTS, releasedCost, shares } from "../../src/models/money.ts";
import type { Contract, MarketStatus, ResolutionResult } from "../../src/models/vocabulary.ts";
import { withdrawOrder } from "./cancellation.ts";
import type { Account, Market, Seat } from "./records.ts";
import { refusals } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import type { Cancellation, Resolution } from "./types.ts";

/** Cash that each user gets when a market ends. */
type Payouts = ReadonlyMap<Account, number>;

const RESOLVABLE: readonly MarketStatus[] = ["ACTIVE", "SUSPENDED", "HALTED"];
/** The deployed exchange cannot resolve a halted market. */
const DEPLOYED_RESOLVABLE: readonly MarketStatus[] = ["ACTIVE", "SUSPENDED"];

/** Ends a market in one step: cancels its orders, pays its holders, empties its positions (§12). */
export function resolveMarket(
  state: ExchangeState,
  marketId: string,
  result: ResolutionResult,
): Resolution {
  const market = state.market(marketId);
  const { status } = market.terms;
  if (result === "VOID" && state.has("Q-20")) throw refusals.badResult(result);
  if (!(state.has("Q-20") ? DEPLOYED_RESOLVABLE : RESOLVABLE).includes(status)) {
    throw refusals.notResolvable(status);
  }
  const cancelled = cancelAll(state, market);
  const payouts = result === "VOID" ? voidPayouts(market) : winnings(market, result);
  payOut(state, market, payouts);
  const settledAtMs = close(state, market, result);
  return {
    marketId,
    result,
    settledAtMs,
    cancelledOrders: cancelled.length,
    unfrozenCents: cents(sum(cancelled, fundsOf)),
    totalPayoutCents: cents(sum([...payouts.values()], (amount) => amount)),
    paidUsers: payouts.size,
  };
}

function cancelAll(state: ExchangeState, market: Market): readonly Cancellation[] {
  return state.activeIn(market).map((order) => withdrawOrder(state, order, "MARKET_RESOLVED"));
}

function fundsOf({ unfrozenAsset, unfrozenAmount }: Cancellation): number {
  return unfrozenAsset === "FUNDS" ? unfrozenAmount : 0;
}

/** 100 cents for each share of the contract that won. */
function winnings(market: Market, winner: Contract): Payouts {
  const payouts = new Map<Account, number>();
  for (const seat of market.holders) {
    const { volume } = seat[winner];
    if (volume > 0) payouts.set(seat.account, PAIR_CENTS * volume);
  }
  return payouts;
}

/**
 * What a holder may claim when a market is voided: his pairs, and a share for the cost of the rest.
 */
interface VoidClaim {
  readonly account: Account;
  readonly pairs: number;
  /** Cost of the shares that are no pairs, cents. */
  readonly restCents: number;
}

/**
 * Pays back a voided market: pairs at 100 cents, then what is left in escrow in proportion to cost;
 * the last holder by user id gets the rest of the division (§12).
 */
function voidPayouts(market: Market): Payouts {
  const claims = market.holders
    .map(voidClaim)
    .filter(({ pairs, restCents }) => pairs > 0 || restCents > 0)
    .sort((a, b) => (a.account.userId < b.account.userId ? -1 : 1));
  const totalRest = sum(claims, ({ restCents }) => restCents);
  const pool = market.terms.reserveCents - PAIR_CENTS * sum(claims, ({ pairs }) => pairs);
  const payouts = new Map<Account, number>();
  let left = pool;
  for (const { account, pairs, restCents } of claims) {
    const part = restCents === 0 ? 0 : proRata(pool, restCents, totalRest);
    left -= part;
    payouts.set(account, PAIR_CENTS * pairs + part);
  }
  const last = claims.findLast(({ restCents }) => restCents > 0);
  if (last !== undefined) payouts.set(last.account, (payouts.get(last.account) ?? 0) + left);
  return payouts;
}

function voidClaim({ account, YES, NO }: Seat): VoidClaim {
  const pairs = shares(Math.min(YES.volume, NO.volume));
  const paired = releasedCost(YES.costCents, YES.volume, pairs) +
    releasedCost(NO.costCents, NO.volume, pairs);
  return { account, pairs, restCents: YES.costCents + NO.costCents - paired };
}

/** `floor(pool * part / whole)` without the rounding of floats. */
function proRata(pool: number, part: number, whole: number): number {
  return Number((BigInt(pool) * BigInt(part)) / BigInt(whole));
}

function sum<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}

function payOut(state: ExchangeState, market: Market, payouts: Payouts): void {
  for (const [account, amount] of payouts) state.accounts.credit(account, amount);
  for (const seat of market.holders) {
    seat.surrender("YES", seat.YES.volume);
    seat.surrender("NO", seat.NO.volume);
  }
}

function close(state: ExchangeState, market: Market, result: ResolutionResult): number {
  const nowMs = state.nowMs();
  market.patch({
    status: result === "VOID" ? "VOIDED" : "SETTLED",
    result,
    resolvedAtMs: state.has("Q-20") ? null : nowMs,
    settledAtMs: nowMs,
    reserveCents: cents(0),
    pnlPoolCents: cents(0),
    yesShares: shares(0),
    noShares: shares(0),
  });
  return nowMs;
}
