import { bool, choice, float, group, int, intOrUnset, REQUIRED, text } from "../parameter.ts";

/** Group `top_level`, global scope. */
export const topLevelGlobal = group("top_level", {
  amm_user_id: text(
    "00000000-0000-4000-a000-000000000001",
    "locked",
    { unit: "uuid", format: "uuid" },
    "System account the bot trades as; readable alias AMM_SYSTEM_001",
  ),
});

/** Group `top_level`, market scope. */
export const topLevel = group("top_level", {
  market_id: text(
    REQUIRED,
    "locked",
    { format: "market_id" },
    "Identity of the market; fixed for the life of the process",
  ),
  initial_funding_cents: int(
    REQUIRED,
    "locked",
    { min: 10000, unit: "cents" },
    "Cash assigned to the market at start: opening balance of its ledger. Caps the mint size, the loss budget and what its BUY orders may freeze",
  ),
  auto_reinvest_enabled: bool(
    true,
    "CYCLE",
    {},
    "Allow automatic minting of new YES+NO pairs from surplus cash (never in quote_funding cash)",
  ),
  auto_reinvest_threshold_cents: int(
    50000,
    "CYCLE",
    { min: 10000, unit: "cents" },
    "Cash must be at or above this before a mint; below it a merge may run to recover cash",
  ),
  min_inventory_ratio: float(
    0.2,
    "CYCLE",
    { min: 0.1, max: 0.5, unit: "ratio" },
    "Low-water mark: mint only when BOTH sides are under this share of initial_mint_quantity",
  ),
  oracle_guard_enabled: bool(
    false,
    "RISK",
    {},
    "Master switch for the external reference price checks (no effect without oracle_slug)",
  ),
  oracle_deviation_warning_cents: int(
    5,
    "RISK",
    { min: 1, max: 20, unit: "cents" },
    "Internal-vs-external gap that raises an alert; it never changes quoting",
  ),
});

/** Group `inventory_funding`, market scope. */
export const inventoryFunding = group("inventory_funding", {
  quote_funding: choice(
    ["inventory", "cash", "inventory_then_cash"],
    "inventory",
    "CYCLE",
    {},
    "How a book quote becomes an order. inventory: ASK = SELL YES, BID = SELL NO at 100-p. cash: ASK = BUY NO at 100-p, BID = BUY YES at p. inventory_then_cash: stock first, the rest from cash",
  ),
  skew_floor_shares: intOrUnset(
    null,
    "RISK",
    { min: 0, unit: "shares" },
    "Floor of the denominator: q_eff = (Y-N) / max(Y+N, floor) (unset = 40 % of initial_mint_quantity (400 at the default), at least 1; 0 = seed formula, only with quote_funding inventory)",
  ),
  initial_mint_quantity: int(
    1000,
    "restart",
    { min: 1, max: 25000, unit: "pairs" },
    "Pairs minted when the market starts with no position (never in quote_funding cash); in every mode the inventory baseline",
  ),
  base_order_quantity: int(
    100,
    "REQUOTE",
    { min: 1, max: 10000, unit: "shares" },
    "Size of the first ladder level before ratios and skew",
  ),
  auto_merge_enabled: bool(true, "CYCLE", {}, "Allow burning of matched pairs to recover cash"),
  auto_merge_min_pairs: int(
    20,
    "CYCLE",
    { min: 1, unit: "pairs" },
    "Fewer matched pairs than this: no merge",
  ),
  auto_merge_reserve_ratio: float(
    1,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "Share of initial_mint_quantity kept back when merging: at 1 only pairs above it are merged (quote_funding cash keeps nothing back)",
  ),
  auto_mint_max_imbalance: float(
    0.3,
    "CYCLE",
    { min: 0, max: 0.6, unit: "abs skew" },
    "No mint while |inventory_skew| (the raw figure, floor 0) is above this",
  ),
  max_inventory_per_side: int(
    5000,
    "CYCLE",
    { min: 1, max: 25000, unit: "shares" },
    "Cap on shares held on one side: blocks further minting and BUY quantity beyond it",
  ),
  min_asset_floor_cents: intOrUnset(
    null,
    "RISK",
    { min: 0, unit: "cents" },
    "Cash + marked inventory below this -> KILL_SWITCH (unset = off)",
  ),
  max_inventory_fraction: float(
    0.5,
    "CYCLE",
    { min: 0.05, max: 1, unit: "ratio" },
    "Largest share of its capacity (stock, spendable cash) that one side's ladder may use",
  ),
  min_order_qty: int(
    1,
    "CYCLE",
    { min: 1, max: 10000, unit: "shares" },
    "Smaller orders are not sent",
  ),
  freeze_fee_bps: intOrUnset(
    null,
    "RISK",
    { min: 0, max: 1000, unit: "bps" },
    "Fee buffer rate assumed in the freeze of a BUY order (unset = max(20, market_maker_fee_bps, market_taker_fee_bps))",
  ),
  cash_reserve_cents: int(
    0,
    "CYCLE",
    { min: 0, unit: "cents" },
    "Ledger cash never used for minting or BUY orders",
  ),
  no_mint_before_end_hours: float(
    24,
    "CYCLE",
    { min: 0, max: 720, unit: "hours" },
    "No minting within this time of the end",
  ),
  privileged_retry_ms: int(
    300000,
    "TICK",
    { min: 10000, max: 86400000, unit: "ms" },
    "After a mint or burn answered with a server error: pause before the same operation (same key) is tried again",
  ),
});
