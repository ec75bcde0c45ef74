/**
 * Whose cash the account's cash is (L-27). The balance belongs to the account, each market has a
 * ledger, and what no ledger owns is unallocated; together they are the account's total, to the
 * cent.
 */

import { frozenLeakCents } from "../execution/cash_capacity.ts";
import { type Cents, cents } from "../models/money.ts";

/** What the books say about the cash of one market. */
export interface MarketCash {
  readonly marketId: string;
  readonly ledgerCents: number;
  /** Formula fees of its maker fills that no balance has confirmed or denied yet. */
  readonly unmatchedMakerFeesCents: number;
  /** Value of its BUY fills. */
  readonly boughtCents: number;
}

/** How a difference between the account and the books is explained. */
export interface CashVerdict {
  /** Fees the venue must have charged for maker fills, by market (§23). */
  readonly fees: ReadonlyMap<string, Cents>;
  /** What nothing explains: above 0 cash appeared, below 0 it is missing. */
  readonly unexplainedCents: Cents;
}

/**
 * Explains the difference between the account's total and what the books expect. A shortfall counts
 * as maker fees, which the trade list does not show, up to what the fee rates allow; it is split
 * over the markets by that.
 */
export function judgeCash(
  differenceCents: number,
  markets: readonly Pick<MarketCash, "marketId" | "unmatchedMakerFeesCents">[],
): CashVerdict {
  const allowance = markets.reduce((sum, market) => sum + market.unmatchedMakerFeesCents, 0);
  const asFees = Math.min(Math.max(0, -differenceCents), allowance);
  const fees = new Map<string, Cents>();
  let left = asFees;
  let allowanceLeft = allowance;
  for (const { marketId, unmatchedMakerFeesCents: own } of markets) {
    if (own === 0 || left === 0) continue;
    const share = Math.round((left * own) / allowanceLeft);
    left -= share;
    allowanceLeft -= own;
    if (share > 0) fees.set(marketId, cents(share));
  }
  return { fees, unexplainedCents: cents(differenceCents + asFees) };
}

/**
 * Shares out what the venue keeps frozen without an order: by the value of the BUY fills,
 * which is what it leaks from; if none is known, by the cash that a share takes away from.
 * @param frozenCents frozen cash of the account
 * @param inOrdersCents what the account's active BUY orders freeze of it
 */
export function shareLeak(
  { frozenCents, inOrdersCents }: { readonly frozenCents: Cents; readonly inOrdersCents: Cents },
  markets: readonly Pick<MarketCash, "marketId" | "ledgerCents" | "boughtCents">[],
): ReadonlyMap<string, Cents> {
  const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0);
  const bought = markets.map(({ boughtCents }) => boughtCents);
  const weights = sum(bought) > 0 ? bought : markets.map(({ ledgerCents }) => ledgerCents);
  const total = cents(sum(weights));
  return new Map(markets.map(({ marketId }, index) => [
    marketId,
    frozenLeakCents({
      accountFrozenCents: frozenCents,
      activeBuysCents: inOrdersCents,
      marketBuyValueCents: cents(weights[index] ?? 0),
      totalBuyValueCents: total,
    }),
  ]));
}

/** The cash of the account by owner. */
export class AccountBook {
  readonly #ledgers = new Map<string, () => number>();
  #unallocated = 0;
  #isSettled = false;

  /** True once it is known what no ledger owns. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /**
   * Adds a market; `ledgerCents` gives its ledger cash whenever it is asked for. What it owns was
   * unallocated until now, if anything was counted yet.
   */
  open(marketId: string, ledgerCents: () => number): void {
    const before = this.#ledgers.get(marketId)?.() ?? 0;
    if (this.#isSettled) this.#unallocated -= ledgerCents() - before;
    this.#ledgers.set(marketId, ledgerCents);
  }

  /** Cash that no ledger owns; 0 before the first {@link settle}. */
  get unallocatedCents(): number {
    return this.#unallocated;
  }

  /** What the ledgers own together. */
  get allocatedCents(): number {
    let sum = 0;
    for (const ledgerCents of this.#ledgers.values()) sum += ledgerCents();
    return sum;
  }

  /** Takes what the ledgers do not own for unallocated; at the start, and after a comparison. */
  settle(accountTotalCents: number): void {
    this.#unallocated = accountTotalCents - this.allocatedCents;
    this.#isSettled = true;
  }

  /** Account total minus ledgers minus unallocated cash: 0 if the books are right. */
  differenceCents(accountTotalCents: number): number {
    return accountTotalCents - this.allocatedCents - this.#unallocated;
  }
}
