import { type Cents, cents, PAIR_CENTS, type Shares } from "./money.ts";
import type { BookSide, Contract } from "./vocabulary.ts";

/** Shares held of both contracts, including those locked in resting sell orders. */
export interface Holdings {
  readonly yes: Shares;
  readonly no: Shares;
}

/** A position as the venue reports it. */
export interface Position extends Holdings {
  readonly yesCostCents: Cents;
  readonly noCostCents: Cents;
}

/** Nothing held. */
export const NO_HOLDINGS: Holdings = { yes: 0 as Shares, no: 0 as Shares };

/** Nothing held, at no cost. */
export const NO_POSITION: Position = {
  ...NO_HOLDINGS,
  yesCostCents: 0 as Cents,
  noCostCents: 0 as Cents,
};

/** The shares held of one contract. */
export function held(holdings: Holdings, contract: Contract): Shares {
  return contract === "YES" ? holdings.yes : holdings.no;
}

/** Net position `D = Y - N` in shares; positive when YES is heavy. */
export function netShares(holdings: Holdings): number {
  return holdings.yes - holdings.no;
}

/** Complete pairs, each worth exactly 100 cents whatever the outcome. */
export function pairs(holdings: Holdings): Shares {
  return Math.min(holdings.yes, holdings.no) as Shares;
}

/**
 * The seed's skew `(Y-N)/(Y+N)` in [-1,1], 0 when nothing is held: reported, and the mint gate
 * (§0.6).
 */
export function inventorySkew(holdings: Holdings): number {
  const total = holdings.yes + holdings.no;
  return total === 0 ? 0 : netShares(holdings) / total;
}

/**
 * The effective skew `q = (Y-N)/max(Y+N, F)` in [-1,1] that pricing and every threshold use (§0.6,
 * C-37).
 * @param floorShares F, in shares; 0 gives the seed's skew
 */
export function effectiveSkew(holdings: Holdings, floorShares: number): number {
  const base = Math.max(holdings.yes + holdings.no, floorShares);
  return base === 0 ? 0 : netShares(holdings) / base;
}

/**
 * The skew floor F in force: the configured one, else 40 % of the initial mint and at least 1
 * (§0.6).
 */
export function skewFloor(
  config: { readonly skewFloorShares: number | null; readonly initialMintQuantity: number },
): number {
  return config.skewFloorShares ?? Math.max(1, Math.floor(0.4 * config.initialMintQuantity));
}

/** The side whose fills bring the net position back towards zero; null when there is none. */
export function reducingSide(holdings: Holdings): BookSide | null {
  const net = netShares(holdings);
  return net === 0 ? null : net > 0 ? "ASK" : "BID";
}

/**
 * Marked value of holdings plus cash, rounded down to a cent: pairs at 100, the net position at the
 * mark (§11).
 * @param cashCents ledger cash of the market
 * @param yesMarkCents value of one YES share, 0 to 100, may be fractional
 */
export function equityCents(cashCents: Cents, holdings: Holdings, yesMarkCents: number): Cents {
  const net = netShares(holdings);
  const mark = net >= 0 ? yesMarkCents : PAIR_CENTS - yesMarkCents;
  return cents(Math.floor(cashCents + PAIR_CENTS * pairs(holdings) + Math.abs(net) * mark + 1e-6));
}
