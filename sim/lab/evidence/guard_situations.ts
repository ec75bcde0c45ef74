import type { GuardName } from "../guards.ts";

/** Where each guard should matter by its purpose: kinds of market and scenarios by their names. */
export const GUARD_SITUATIONS: Readonly<Record<GuardName, readonly string[]>> = {
  widen: ["informed_30", "momentum_crowd"],
  levels: ["whale", "informed_30"],
  budget: ["news_jumps", "budget-exhausted"],
  loss_room: ["news_jumps", "whale"],
  concession: ["news-jump", "news_jumps"],
  inventory_guard: ["whale", "news_jumps"],
  skew_speed: ["news_jumps", "whale"],
  velocity: ["news_jumps", "whale"],
  event_shield: ["news_jumps"],
  post_fill: ["news_jumps", "informed_30"],
  vpin: ["informed_30", "whale"],
  price_jump: ["news_jumps", "news-jump"],
  extreme_price: ["long_shot", "one_day"],
  maturity: ["one_day"],
  phases: ["calm", "wrong-anchor"],
  anchor_band: ["spoofing", "momentum_crowd"],
  step_limit: ["spoofing", "news_jumps"],
  spoof_filter: ["spoofing"],
  fee_floor: ["calm", "informed_30"],
  api_errors: ["news_jumps"],
  latency: ["news_jumps"],
  oracle: ["oracle-leads"],
  uncertainty_spread: ["informed_30", "news_jumps"],
  flow_belief: ["informed_30", "news_jumps"],
};
