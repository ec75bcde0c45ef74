/**
 * The cash of one market (§11): what it was given, what it spent, and what its orders hold frozen
 * (L-27).
 */

import { VENUE_FREEZE_BPS } from "../execution/cash_capacity.ts";
import { frozenByBuys } from "../execution/order_form.ts";
import { equityCents, type Holdings } from "../models/inventory.ts";
import { type Cents, cents, feeCents, PAIR_CENTS, type Shares, shares } from "../models/money.ts";
import type { Fill, OpenOrder } from "../models/order.ts";

/** The books of one market; plain values, persisted as they are. All amounts in cents. */
export interface Ledger {
  /** Cash assigned to the market when it was first started. */
  readonly initialFundingCents: Cents;
  /** Cash now, including what own resting BUY orders freeze and what the venue leaks. */
  readonly marketCashCents: Cents;
  /** Deposits minus withdrawals since the market was first started. */
  readonly netDepositsCents: Cents;
  readonly feesPaidCents: Cents;
  readonly mintedPairs: Shares;
  readonly burnedPairs: Shares;
  /** Value of all BUY fills: by it the venue's leak is shared out over the markets. */
  readonly boughtCents: Cents;
  /** This market's share of the cash the venue keeps frozen without an order. */
  readonly leakCents: Cents;
}

/** The ledger of a market that starts with nothing but its funding. */
export function openLedger(initialFundingCents: Cents): Ledger {
  return {
    initialFundingCents,
    marketCashCents: initialFundingCents,
    netDepositsCents: cents(0),
    feesPaidCents: cents(0),
    mintedPairs: shares(0),
    burnedPairs: shares(0),
    boughtCents: cents(0),
    leakCents: cents(0),
  };
}

/**
 * The ledger of a market that finds holdings but no books of its own (§19): their value is taken
 * off the opening cash, and what exceeds it counts as a deposit, so that total profit starts at 0.
 * @param anchorCents value of one YES share in cents, 0 to 100
 */
export function openLedgerWithHoldings(
  initialFundingCents: Cents,
  holdings: Holdings,
  anchorCents: number,
): Ledger {
  const ledger = openLedger(initialFundingCents);
  const value = equityCents(cents(0), holdings, anchorCents);
  return {
    ...ledger,
    marketCashCents: cents(Math.max(0, initialFundingCents - value)),
    netDepositsCents: cents(Math.max(0, value - initialFundingCents)),
  };
}

/** Books an own fill at the price of the contract traded, with the fee the venue charged for it. */
export function bookFill(ledger: Ledger, fill: Fill): Ledger {
  const value = cents(fill.contractPrice * fill.quantity);
  const traded = fill.direction === "SELL" ? addCash(ledger, value) : bookPurchase(ledger, value);
  return bookFee(traded, fill.feeCents);
}

/**
 * A venue that has leaked before keeps the fee buffer of this purchase, too; the next comparison
 * with the account will say exactly.
 */
function bookPurchase(ledger: Ledger, value: Cents): Ledger {
  const leak = ledger.leakCents === 0 ? 0 : feeCents(value, VENUE_FREEZE_BPS);
  return {
    ...addCash(ledger, -value),
    boughtCents: cents(ledger.boughtCents + value),
    leakCents: cents(ledger.leakCents + leak),
  };
}

/** Books a fee that no fill carries, such as one found in the account balance (§23). */
export function bookFee(ledger: Ledger, feeCents: Cents): Ledger {
  return {
    ...addCash(ledger, -feeCents),
    feesPaidCents: cents(ledger.feesPaidCents + feeCents),
  };
}

/** Books a privileged mint, once per operation key. */
export function bookMint(ledger: Ledger, pairs: Shares): Ledger {
  return {
    ...addCash(ledger, -PAIR_CENTS * pairs),
    mintedPairs: shares(ledger.mintedPairs + pairs),
  };
}

/** Books a privileged burn, once per operation key. */
export function bookBurn(ledger: Ledger, pairs: Shares): Ledger {
  return {
    ...addCash(ledger, PAIR_CENTS * pairs),
    burnedPairs: shares(ledger.burnedPairs + pairs),
  };
}

/** Books what the shares of a market that has ended were paid out with. */
export function bookPayout(ledger: Ledger, payoutCents: Cents): Ledger {
  return addCash(ledger, payoutCents);
}

/** Books cash given to the market, negative for cash taken from it; never a profit or a loss. */
export function bookDeposit(ledger: Ledger, amountCents: Cents): Ledger {
  return {
    ...addCash(ledger, amountCents),
    netDepositsCents: cents(ledger.netDepositsCents + amountCents),
  };
}

/**
 * Notes how much of the cash the venue currently withholds; the cash stays in the ledger (§16.2).
 */
export function noteLeak(ledger: Ledger, leakCents: Cents): Ledger {
  return { ...ledger, leakCents };
}

/**
 * Ledger cash that no own order holds: `marketCash - sum of F over own resting BUY orders` (§11).
 */
export function freeCash(ledger: Ledger, orders: readonly OpenOrder[], freezeBps: number): Cents {
  return cents(ledger.marketCashCents - frozenByBuys(orders, freezeBps));
}

function addCash(ledger: Ledger, amount: number): Ledger {
  return { ...ledger, marketCashCents: cents(ledger.marketCashCents + amount) };
}
