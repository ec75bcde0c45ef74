import { freezeCents, PAIR_CENTS, type PriceCents, shares } from "../../models/money.ts";
import type { MarketConfig } from "../registry.ts";
import { laddersByPhase, largestLadder, largestOrder, sum } from "./ladder.ts";
import type { MarketRule } from "./rule.ts";

/** Constant of the deployed venue: the least fee buffer it assumes in a freeze, in bps. */
const VENUE_FREEZE_BPS = 20;
/**
 * The largest order the platform takes, shares; its amount limit of 1,000,000 cents never binds
 * below 100 cents.
 */
const PLATFORM_MAX_ORDER = 10_000;
const MIDDLE_PRICE = 50 as PriceCents;

const LADDER_MEMBERS = [
  "base_order_quantity",
  "exploration_qty_ratio",
  "stabilization_qty_ratio",
  "exploration_levels",
  "stabilization_levels",
  "exploration_qty_decay",
  "stabilization_qty_decay",
  "exploration_gradient_type",
  "stabilization_gradient_type",
  "gradient_linear_levels",
  "gradient_geometric_levels",
  "gradient_linear_qty_increase",
  "gradient_qty_decay",
] as const;

/**
 * What one side's largest ladder freezes at 50 cents, fee buffer included (strategy spec §16.2).
 */
function ladderCostCents(market: MarketConfig): number {
  const bps = market.freezeFeeBps ??
    Math.max(VENUE_FREEZE_BPS, market.marketMakerFeeBps, market.marketTakerFeeBps);
  const costs = laddersByPhase(market).map((quantities) =>
    sum(quantities.map((quantity) => freezeCents(MIDDLE_PRICE, shares(quantity), bps)))
  );
  return Math.max(...costs);
}

function sideBudgetCents(market: MarketConfig): number {
  return market.initialFundingCents * market.maxInventoryFraction;
}

/** Rules about capital, stock, minting and merging. */
export const fundingRules: readonly MarketRule[] = [
  {
    id: "X13",
    severity: "error",
    statement: "max_per_market_loss_cents <= 50 % of initial_funding_cents",
    members: ["max_per_market_loss_cents", "initial_funding_cents"],
    holds: (m) => 2 * m.maxPerMarketLossCents <= m.initialFundingCents,
  },
  {
    id: "X14",
    severity: "warning",
    statement: "auto_reinvest_threshold_cents <= 80 % of initial_funding_cents",
    because: "there would hardly ever be cash for a mint",
    members: ["auto_reinvest_threshold_cents", "initial_funding_cents"],
    holds: (m) => 10 * m.autoReinvestThresholdCents <= 8 * m.initialFundingCents,
  },
  {
    id: "X15",
    severity: "warning",
    statement: "initial_mint_quantity x 100 <= initial_funding_cents, unless quote_funding is cash",
    because: "the mint is cut to what is affordable",
    members: ["initial_mint_quantity", "initial_funding_cents", "quote_funding"],
    holds: (m) =>
      m.quoteFunding === "cash" || m.initialMintQuantity * PAIR_CENTS <= m.initialFundingCents,
  },
  {
    id: "X16",
    severity: "error",
    statement:
      "auto_merge_reserve_ratio = 1 while auto_merge_enabled and auto_reinvest_enabled, unless quote_funding is cash",
    because: "mint and merge would chase each other",
    members: [
      "auto_merge_reserve_ratio",
      "auto_merge_enabled",
      "auto_reinvest_enabled",
      "quote_funding",
    ],
    holds: (m) =>
      m.autoMergeReserveRatio === 1 || !m.autoMergeEnabled || !m.autoReinvestEnabled ||
      m.quoteFunding === "cash",
  },
  {
    id: "X17",
    severity: "warning",
    statement: "auto_mint_max_imbalance <= inventory_skew_widen",
    because: "nothing should be minted while WIDEN",
    members: ["auto_mint_max_imbalance", "inventory_skew_widen"],
    holds: (m) => m.autoMintMaxImbalance <= m.inventorySkewWiden,
  },
  {
    id: "X31",
    severity: "error",
    statement: "initial_mint_quantity <= max_inventory_per_side",
    members: ["initial_mint_quantity", "max_inventory_per_side"],
    holds: (m) => m.initialMintQuantity <= m.maxInventoryPerSide,
  },
  {
    id: "X32",
    severity: "warning",
    statement: "the sum of one side's ladder <= initial_mint_quantity",
    because: "the far levels would be cut",
    members: [...LADDER_MEMBERS, "initial_mint_quantity"],
    holds: (m) => largestLadder(m) <= m.initialMintQuantity,
    figures: (m) => `a side sums to ${largestLadder(m)} shares`,
  },
  {
    id: "X32",
    severity: "warning",
    statement: `a single order <= ${PLATFORM_MAX_ORDER} shares`,
    because: "the platform takes no larger one, so it would be cut",
    members: LADDER_MEMBERS,
    holds: (m) => largestOrder(m) <= PLATFORM_MAX_ORDER,
    figures: (m) => `the largest order has ${largestOrder(m)} shares`,
  },
  {
    id: "X38",
    severity: "error",
    statement: "skew_floor_shares > 0 unless quote_funding is inventory",
    because: "without stock the first fill would be a skew of 1",
    members: ["skew_floor_shares", "quote_funding"],
    holds: (m) => m.skewFloorShares !== 0 || m.quoteFunding === "inventory",
  },
  {
    id: "X46",
    severity: "warning",
    statement: "max_net_shares <= max_inventory_per_side",
    because: "the larger limit would have no effect",
    members: ["max_net_shares", "max_inventory_per_side"],
    holds: (m) => m.maxNetShares === null || m.maxNetShares <= m.maxInventoryPerSide,
  },
  {
    id: "X49",
    severity: "warning",
    statement:
      "one side's ladder at 50 cents costs at most initial_funding_cents x max_inventory_fraction, unless quote_funding is inventory",
    because: "the far levels would be cut",
    members: [
      ...LADDER_MEMBERS,
      "initial_funding_cents",
      "max_inventory_fraction",
      "freeze_fee_bps",
      "market_maker_fee_bps",
      "market_taker_fee_bps",
      "quote_funding",
    ],
    holds: (m) => m.quoteFunding === "inventory" || ladderCostCents(m) <= sideBudgetCents(m),
    figures: (m) => `a side costs ${ladderCostCents(m)} of ${sideBudgetCents(m)} cents`,
  },
  {
    id: "X49",
    severity: "warning",
    statement: "max_inventory_fraction <= 0.5, unless quote_funding is inventory",
    because: "the first side would leave the second without cash",
    members: ["max_inventory_fraction", "quote_funding"],
    holds: (m) => m.quoteFunding === "inventory" || m.maxInventoryFraction <= 0.5,
  },
];
