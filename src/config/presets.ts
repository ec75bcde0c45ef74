/**
 * Named sets of values (`parameters.md` 1.4 and 3.1). Applying one writes its fields and leaves all
 * others alone.
 */

import type { Override } from "./overrides.ts";
import { camelCase } from "./parameter.ts";
import { codeDefaults, type MarketConfig } from "./registry.ts";

/** A preset. */
export interface Preset {
  readonly name: string;
  /** When to apply it. */
  readonly useWhen: string;
  /** For how long. */
  readonly life: string;
  /** Market settings by snake_case name; null unsets. */
  readonly values: Readonly<Record<string, number | boolean | string | null>>;
}

/** The quote as the seed design writes it; it knows neither a belief nor a loss at settlement. */
const SEED = {
  sigma_scale_cents: 0.01,
  tau_horizon_hours: null,
  spread_risk_weight: 1,
  as_model: "linear",
  posterior_mode: "beta",
  spread_uncertainty_weight: 0,
  ladder_loss_ratio: 1,
};

/** The defaults of everything that the seed has otherwise. */
const STANDARD = Object.fromEntries(
  Object.keys(SEED).map((name) => [name, codeDefaults.market[name]]),
) as Preset["values"];

/** The three Avellaneda-Stoikov profiles: they can be combined with one of the scenarios. */
const PROFILES = [
  {
    name: "seed_literal",
    useWhen:
      "conformance tests: the formulas as the seed writes them, with a shift far below a cent",
    life: "a test",
    values: SEED,
  },
  {
    name: "standard",
    useWhen: "any market: the defaults",
    life: "permanent",
    values: STANDARD,
  },
  {
    name: "tight",
    useWhen: "fills matter more than the earnings of each: a quarter of the inventory-risk spread",
    life: "permanent",
    values: { ...STANDARD, spread_risk_weight: 0.25 },
  },
] as const satisfies readonly Preset[];

/** The scenarios of the handbook, with the corrections of `parameters.md` 3.1. */
const SCENARIOS = [
  {
    name: "new_market",
    useWhen: "first hours of a market",
    life: "until settled, then step back",
    values: {
      exploration_min_spread_cents: 8,
      exploration_qty_ratio: 0.15,
      exploration_levels: 3,
      exploration_max_duration_ms: 7_200_000,
      stabilization_min_spread_cents: 3,
      stabilization_qty_ratio: 0.5,
      gamma_tier_early: 0.13,
      gamma_tier_mid: 0.4,
      max_per_market_loss_cents: 1500,
    },
  },
  {
    name: "high_volatility",
    useWhen: "the price moved more than 10 cents in 5 minutes, or VPIN is above 0.70",
    life: "temporary, 30 minutes",
    values: {
      stabilization_min_spread_cents: 5,
      stabilization_qty_ratio: 0.3,
      inventory_skew_widen: 0.25,
      auto_mint_max_imbalance: 0.25,
      price_jump_cents: 10,
      lvr_post_fill_delay_ms: 5000,
      lvr_event_spread_multiplier: 8,
    },
  },
  {
    name: "inventory_repair",
    // Minting is left on: it waits anyway while the skew is above auto_mint_max_imbalance.
    useWhen: "|q_eff| above 0.5; also set auto_reinvest_enabled to false if minting feeds the skew",
    life: "until |q_eff| is below 0.40, then back in two steps, 15 minutes apart",
    values: {
      qty_skew_factor: 0.5,
      distress_max_discount_cents: 8,
      inventory_skew_widen: 0.275,
      auto_mint_max_imbalance: 0.275,
    },
  },
  {
    name: "near_expiry",
    useWhen: "24 to 48 hours before settlement",
    life: "until settlement",
    values: {
      stabilization_qty_ratio: 0.3,
      gamma_tier_early: 0.16,
      gamma_tier_mid: 0.48,
      gamma_tier_late: 1.28,
      gamma_tier_mature: 2.4,
      max_per_market_loss_cents: 1000,
      auto_reinvest_enabled: false,
    },
  },
  {
    name: "low_liquidity",
    useWhen: "others offer fewer than 20 shares",
    life: "while the book is thin",
    values: {
      exploration_min_spread_cents: 4,
      exploration_levels: 7,
      stabilization_min_spread_cents: 2,
      stabilization_qty_ratio: 1.5,
      stabilization_levels: 7,
      microprice_weight: 0.05,
      microprice_min_depth: 5,
      posterior_prior_strength: 11,
      base_learning_rate: 0.08,
      quote_interval_ms: 3000,
    },
  },
] as const satisfies readonly Preset[];

/**
 * Starting points by what a market is about (`parameters.md` 3.3): reasoned, not measured. Events
 * and an outside price are the market's own and are set beside them.
 */
const SUBJECTS = [
  {
    name: "politics",
    useWhen: "long questions with scheduled news, once a simulation of your market agrees; " +
      "name debates, counts and rulings in event_times",
    life: "permanent",
    values: {
      exploration_min_spread_cents: 6,
      exploration_max_duration_ms: 14_400_000,
      anchor_decay_ms: 14_400_000,
      stabilization_min_spread_cents: 2,
      stabilization_qty_ratio: 1,
      posterior_prior_strength: 8,
      price_jump_cents: 12,
      lvr_event_shield_window_ms: 3_600_000,
    },
  },
  {
    name: "sports",
    useWhen: "short questions with sudden jumps, once a simulation of your market agrees; " +
      "name kick-off and known breaks in event_times",
    life: "permanent; auto_reinvest_enabled stays off during play",
    values: {
      exploration_min_spread_cents: 6,
      exploration_max_duration_ms: 1_800_000,
      anchor_decay_ms: 3_600_000,
      stabilization_min_spread_cents: 3,
      stabilization_qty_ratio: 0.5,
      posterior_prior_strength: 6,
      price_jump_cents: 10,
      vpin_threshold: 0.6,
      lvr_velocity_one_side_ratio: 0.3,
      lvr_post_fill_delay_ms: 4000,
      max_order_age_ms: 60_000,
      sigma_mode: "realised",
      auto_reinvest_enabled: false,
    },
  },
  {
    name: "crypto",
    useWhen: "questions with a continuous outside price, once a simulation of your market " +
      "agrees; switch the oracle guard on and name its source",
    life: "permanent",
    values: {
      exploration_min_spread_cents: 5,
      exploration_max_duration_ms: 3_600_000,
      anchor_decay_ms: 7_200_000,
      stabilization_min_spread_cents: 3,
      stabilization_qty_ratio: 0.8,
      posterior_prior_strength: 6,
      price_jump_cents: 15,
      vpin_threshold: 0.65,
      sigma_mode: "realised",
      oracle_max_lag_ms: 10_000,
      oracle_poll_interval_ms: 2000,
      oracle_deviation_multiplier: 1.5,
      oracle_gap_threshold_cents: 4,
    },
  },
] as const satisfies readonly Preset[];

/** Every preset. */
export const PRESETS: readonly Preset[] = [...PROFILES, ...SCENARIOS, ...SUBJECTS];

/** The name of an A-S profile. */
export type AsProfile = (typeof PROFILES)[number]["name"];

/** The preset of a name, null if there is none. */
export function presetNamed(name: string): Preset | null {
  return PRESETS.find((preset) => preset.name === name) ?? null;
}

/** The layer of changes that applies a preset to a market. */
export function presetOverride({ name, values }: Preset, marketId: string): Override {
  return { target: marketId, label: `preset ${name}`, values };
}

/** The A-S profile whose values are in force, or `custom`. */
export function asProfileOf(market: MarketConfig): AsProfile | "custom" {
  const inForce: Readonly<Record<string, unknown>> = { ...market };
  const profile = PROFILES.find(({ values }) =>
    Object.entries(values).every(([name, value]) => inForce[camelCase(name)] === value)
  );
  return profile?.name ?? "custom";
}
