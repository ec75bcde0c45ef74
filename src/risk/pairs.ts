/** Turning redundant pairs back into cash, and minting when both sides are exhausted (§18, §19). */

import type { MarketConfig } from "../config/registry.ts";
import { type Holdings, inventorySkew, netShares, pairs, skewFloor } from "../models/inventory.ts";
import { type Cents, floorOut, PAIR_CENTS, type Shares, shares } from "../models/money.ts";
import { type DefenseLevel, levelRank, type Phase } from "../models/vocabulary.ts";
import type { Ledger } from "./ledger.ts";

/** At most one privileged operation per cycle. */
export interface PairPlan {
  readonly operation: "NONE" | "BURN" | "MINT";
  /** Pairs to mint or burn, at least 1; 0 with NONE. */
  readonly quantity: Shares;
}

/** What the plan depends on. */
export interface PairInput {
  readonly holdings: Holdings;
  /** Shares that no resting SELL order locks. */
  readonly available: Holdings;
  readonly ledger: Pick<Ledger, "marketCashCents" | "leakCents">;
  /** Ledger cash minus what own BUY orders freeze. */
  readonly freeCashCents: Cents;
  readonly marketIsActive: boolean;
  readonly level: DefenseLevel;
  readonly phase: Phase;
  readonly tauHours: number;
  readonly eventShielded: boolean;
}

/** What a merge depends on. */
export type MergeInput = Pick<PairInput, "holdings" | "ledger" | "marketIsActive" | "level">;

/** The settings the plan reads. */
export type PairConfig = Pick<
  MarketConfig,
  | "quoteFunding"
  | "initialMintQuantity"
  | "skewFloorShares"
  | "autoMergeEnabled"
  | "autoMergeMinPairs"
  | "autoMergeReserveRatio"
  | "autoReinvestEnabled"
  | "autoReinvestThresholdCents"
  | "autoMintMaxImbalance"
  | "minInventoryRatio"
  | "maxInventoryPerSide"
  | "inventorySkewOneSide"
  | "defenseHysteresis"
  | "noMintBeforeEndHours"
  | "cashReserveCents"
>;

/** The merge or mint of this cycle; a merge goes first (§18). */
export function planPairs(input: PairInput, config: PairConfig): PairPlan {
  const burned = Math.min(pairsToMerge(input, config), pairs(input.available));
  if (burned > 0) return { operation: "BURN", quantity: shares(burned) };
  const minted = mayMint(input, config) ? mintAmount(input, config) : 0;
  return { operation: minted > 0 ? "MINT" : "NONE", quantity: shares(minted) };
}

/**
 * Pairs that are to become cash, whatever locks them now. Quotes leave this stock alone, so that
 * far levels give it up first where orders hold it (§18).
 */
export function pairsToMerge(input: MergeInput, config: PairConfig): Shares {
  return shares(mayMerge(input, config) ? mergeAmount(input, config) : 0);
}

/** What the opening mint depends on. */
export interface OpeningStock {
  readonly holdings: Holdings;
  readonly ledger: Pick<Ledger, "marketCashCents" | "leakCents" | "mintedPairs">;
}

/** The settings of the opening mint. */
export type OpeningConfig = Pick<
  MarketConfig,
  "quoteFunding" | "initialMintQuantity" | "cashReserveCents" | "minInventoryRatio"
>;

/**
 * Pairs to mint when a market starts (§19): none with cash funding or when there is stock, which is
 * adopted as it is; else `initial_mint_quantity`, or what the market's own cash pays for if that is
 * less (worth an alert). The venue would let us spend the cash of other markets, too (L-27).
 */
export function pairsToMintAtStart(opening: OpeningStock, config: OpeningConfig): Shares {
  if (config.quoteFunding === "cash" || hasStock(opening, config)) return shares(0);
  const { ledger } = opening;
  const spendable = ledger.marketCashCents - ledger.leakCents - config.cashReserveCents;
  const affordable = affordablePairs(spendable);
  return shares(Math.max(0, Math.min(config.initialMintQuantity, affordable)));
}

/**
 * True if there is something to quote from. A few shares of one contract are no stock as long as
 * nothing was ever minted: an order by hand that was filled must not keep a market one-sided.
 */
export function hasStock({ holdings, ledger }: OpeningStock, config: OpeningConfig): boolean {
  if (ledger.mintedPairs > 0 || pairs(holdings) > 0) return holdings.yes + holdings.no > 0;
  const lowWater = config.minInventoryRatio * config.initialMintQuantity;
  return Math.max(holdings.yes, holdings.no) >= lowWater;
}

/**
 * A merge frees cash and leaves the net position alone, so ONE_SIDE may do it; a kill touches
 * nothing.
 */
function mayMerge({ marketIsActive, level }: MergeInput, config: PairConfig): boolean {
  return config.autoMergeEnabled && marketIsActive && level !== "KILL_SWITCH";
}

function mergeAmount({ holdings, ledger }: MergeInput, config: PairConfig): number {
  const fromCash = config.quoteFunding === "cash";
  const cashIsLow = ledger.marketCashCents < config.autoReinvestThresholdCents;
  if (pairs(holdings) < config.autoMergeMinPairs || !(fromCash || cashIsLow)) return 0;
  // Cash funding quotes from cash, so pairs are idle; stock funding quotes from pairs.
  const reserve = fromCash
    ? 0
    : floorOut(config.autoMergeReserveRatio * config.initialMintQuantity);
  return Math.max(0, Math.min(pairs(holdings) - reserve, mergeableWithinSkew(holdings, config)));
}

/**
 * Fewer shares make the same net position a larger skew: a merge alone must not lead to ONE_SIDE
 * (C-53).
 */
function mergeableWithinSkew(holdings: Holdings, config: PairConfig): number {
  const limit = config.inventorySkewOneSide - config.defenseHysteresis;
  const floor = skewFloor(config);
  const net = Math.abs(netShares(holdings));
  if (floor > 0 && net <= limit * floor) return Infinity;
  return floorOut((holdings.yes + holdings.no - net / limit) / 2);
}

/**
 * Minting into an imbalance feeds the wrong side until the cash is gone, so much must be in order
 * (C-25).
 */
function mayMint(input: PairInput, config: PairConfig): boolean {
  const { holdings } = input;
  const isEmpty = holdings.yes + holdings.no === 0;
  const minLevel = config.minInventoryRatio * config.initialMintQuantity;
  return config.autoReinvestEnabled && config.quoteFunding !== "cash" && input.marketIsActive &&
    (isEmpty || input.phase === "STABILIZATION") &&
    levelRank(input.level) <= levelRank("WIDEN") &&
    !input.eventShielded && input.tauHours > config.noMintBeforeEndHours &&
    input.ledger.marketCashCents >= config.autoReinvestThresholdCents &&
    Math.max(holdings.yes, holdings.no) < minLevel &&
    Math.abs(inventorySkew(holdings)) <= config.autoMintMaxImbalance;
}

function mintAmount({ holdings, ledger, freeCashCents }: PairInput, config: PairConfig): number {
  // Leaked cash is in the books, but the venue would not let it be spent.
  const spendable = freeCashCents - ledger.leakCents - config.cashReserveCents;
  const amount = Math.min(
    affordablePairs(spendable),
    config.initialMintQuantity - pairs(holdings),
    config.maxInventoryPerSide - Math.max(holdings.yes, holdings.no),
  );
  return Math.max(0, amount);
}

function affordablePairs(cashCents: number): number {
  return Math.floor(cashCents / PAIR_CENTS);
}
