import { cents, MAX_PRICE, MIN_PRICE, price, shares } from "../../src/models/money.ts";
import type { MarketPatch, MarketSetup, VenueMarket } from "./types.ts";

/** Terms of a market and its escrow, as the exchange changes them. */
export type MarketTerms = { -readonly [Field in keyof VenueMarket]: VenueMarket[Field] };

/** The terms that an operator sets. */
type OperatorTerms = Required<MarketPatch>;

const MAX_FEE_BPS = 1000;

/** The defaults of the venue's database (exchange API §2.6). */
const DEFAULTS: Omit<OperatorTerms, "title"> = {
  description: null,
  category: null,
  status: "ACTIVE",
  minPrice: MIN_PRICE,
  maxPrice: MAX_PRICE,
  makerFeeBps: 10,
  takerFeeBps: 20,
  maxOrderQuantity: 10_000,
  maxPositionPerUser: 25_000,
  maxOrderAmountCents: 1_000_000,
  tradingStartAtMs: null,
  tradingEndAtMs: null,
  resolutionDateMs: null,
};

/**
 * The terms of a market that nobody has traded in.
 * @throws RangeError if a figure is out of range
 */
export function newTerms(
  { marketId, createdAtMs, ...setup }: MarketSetup,
  nowMs: number,
): MarketTerms {
  return {
    ...checked({ ...DEFAULTS, title: marketId, ...setup }),
    marketId,
    result: null,
    createdAtMs: createdAtMs ?? nowMs,
    resolvedAtMs: null,
    settledAtMs: null,
    reserveCents: cents(0),
    pnlPoolCents: cents(0),
    yesShares: shares(0),
    noShares: shares(0),
  };
}

/**
 * The terms of a market after an operator's changes.
 * @throws RangeError if a figure is out of range
 */
export function patchedTerms(terms: MarketTerms, patch: MarketPatch): MarketTerms {
  return { ...terms, ...checked({ ...terms, ...patch }) };
}

function checked(terms: OperatorTerms) {
  const { minPrice, maxPrice, maxOrderQuantity, maxPositionPerUser, maxOrderAmountCents } = terms;
  return {
    ...terms,
    minPrice: price(minPrice),
    maxPrice: price(maxPrice),
    makerFeeBps: feeBps(terms.makerFeeBps),
    takerFeeBps: feeBps(terms.takerFeeBps),
    maxOrderQuantity: shares(maxOrderQuantity),
    maxPositionPerUser: shares(maxPositionPerUser),
    maxOrderAmountCents: cents(maxOrderAmountCents),
  };
}

function feeBps(bps: number): number {
  if (Number.isInteger(bps) && bps >= 0 && bps <= MAX_FEE_BPS) return bps;
  throw new RangeError(`Cannot use ${bps} as a fee: it must be 0 to ${MAX_FEE_BPS} basis points`);
}
