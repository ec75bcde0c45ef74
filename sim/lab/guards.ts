import type { BotSettings } from "../bot_config.ts";

/** A guard of the bot, and the settings that switch it off as far as settings can. */
export interface Guard {
  readonly about: string;
  readonly off: BotSettings;
}

/** The guards by name. */
export const GUARDS = {
  widen: { about: "WIDEN (§10)", off: { market: { widen_factor: 1 } } },
  levels: {
    about: "the levels by inventory: WIDEN, ONE_SIDE and KILL_SWITCH (§10)",
    off: {
      market: {
        inventory_skew_widen: 0.8,
        inventory_skew_one_side: 0.95,
        inventory_skew_kill: 0.99,
        widen_factor: 1,
      },
    },
  },
  budget: {
    about: "the loss budgets of the market and of the day (§11)",
    off: {
      market: { max_per_market_loss_cents: 1_000_000, one_side_loss_ratio: 0.95 },
      global: { max_daily_loss_cents: 10_000_000 },
    },
  },
  loss_room: {
    about: "ladders as small as the loss budget that is left (§11)",
    off: { market: { ladder_loss_ratio: 1 } },
  },
  concession: {
    about: "the growing discount of an unwinding (§10.1)",
    off: { market: { distress_max_discount_cents: 0, max_concession_cents: 1 } },
  },
  inventory_guard: {
    about: "the bounds on what the resting ladder could do (§13)",
    off: { market: { guard_theta: 0.99, max_net_shares: 25_000, max_inventory_fraction: 1 } },
  },
  skew_speed: {
    about: "LVR rule A, skew speed (§14)",
    off: { market: { skew_jump_widen: 1, skew_jump_one_side: 2 } },
  },
  velocity: {
    about: "LVR rule B, velocity (§14)",
    off: { market: { lvr_velocity_one_side_ratio: 1, lvr_velocity_kill_ratio: 1 } },
  },
  event_shield: { about: "LVR rule C, event shield (§14)", off: { market: { event_times: null } } },
  post_fill: {
    about: "LVR rule D, cooldown after a fill (§14)",
    off: { market: { lvr_post_fill_delay_ms: 500 } },
  },
  vpin: { about: "VPIN (§10)", off: { market: { vpin_spread_multiplier: 1 } } },
  price_jump: {
    about: "the pause after a jump (§10.2)",
    off: { market: { price_jump_cents: 50 } },
  },
  extreme_price: {
    about: "the rules near 0 and 100 (§10)",
    off: { market: { extreme_price_pause_cents: 0, extreme_price_widen_cents: 5 } },
  },
  maturity: {
    about: "smaller and wider towards the end (§24)",
    off: {
      market: {
        maturity_qty_ratios: [1, 1, 1],
        maturity_spread_multipliers: [1, 1, 1],
        stop_before_end_ms: 0,
      },
    },
  },
  phases: {
    about: "EXPLORATION (§9)",
    off: { market: { exploration_min_volume: 0, rollback_range_cents: 30 } },
  },
  anchor_band: {
    about: "the band around the anchor (§1)",
    off: { market: { anchor_band_cents: 98 } },
  },
  step_limit: {
    about: "the largest step of the fair price (§4)",
    off: { market: { max_mid_step_cents: 50 } },
  },
  spoof_filter: {
    about: "the filters of the micro-price (§2)",
    off: {
      market: {
        microprice_levels: 10,
        microprice_level_cap_multiple: 0,
        microprice_persist_snapshots: 1,
        microprice_min_depth: 0,
      },
    },
  },
  fee_floor: { about: "the edge over fees (§12)", off: { market: { min_edge_cents: 0 } } },
  api_errors: {
    about: "the pause after failed calls (§10.2)",
    off: { market: { api_error_threshold: 0.5, api_error_min_calls: 1_000 } },
  },
  latency: {
    about: "the pause on a slow venue (§10.2)",
    off: { market: { max_latency_ms: 30_000 } },
  },
  uncertainty_spread: {
    about: "a wider spread while the belief is uncertain (§7)",
    off: { market: { spread_uncertainty_weight: 0 } },
  },
  flow_belief: {
    about: "the belief from order flow (§3), against the Beta posterior on prices",
    off: { market: { posterior_mode: "beta" } },
  },
  oracle: { about: "the oracle guard (§15)", off: { market: { oracle_guard_enabled: false } } },
} as const satisfies Readonly<Record<string, Guard>>;

/** The name of a guard. */
export type GuardName = keyof typeof GUARDS;

/** The names of all guards. */
// Object.keys() forgets the type of the keys of the record above.
export const GUARD_NAMES = Object.keys(GUARDS) as GuardName[];
