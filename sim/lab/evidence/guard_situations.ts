import type { GuardName } from "../guards.ts";

/** Where each guard should matter by its purpose: kinds of market and scenarios by their names. */
export const GUARD_SITUATIONS: Readonly<Record<GuardName, readonly string[]>> = {
  widen: ["heavy-stock", "large-budget", "creeping-truth"],
  levels: ["creeping-truth", "small-stock"],
  budget: ["budget-exhausted", "far-anchor"],
  loss_room: ["far-anchor", "news-burst", "whale"],
  concession: ["creeping-truth", "small-stock"],
  inventory_guard: ["large-budget", "small-stock"],
  skew_speed: ["run-on-the-stock", "many-small-takers", "news-burst"],
  velocity: ["swept-ladder", "news-burst", "many-small-takers"],
  event_shield: ["scheduled-news"],
  post_fill: ["hit-again", "news-burst", "many-small-takers"],
  vpin: ["small-orders", "toxic-burst", "large-budget"],
  price_jump: ["news-in-pieces", "second-jump", "news-jump"],
  extreme_price: ["nearly-decided", "long_shot"],
  maturity: ["one_day"],
  phases: ["first-hour", "far-anchor", "wrong-anchor"],
  anchor_band: ["painted-book", "whale", "far-anchor"],
  step_limit: ["one-cycle-book", "spoofing", "news-burst"],
  spoof_filter: ["bold-spoofer", "spoofing"],
  fee_floor: ["dear-fees", "maker-fees"],
  api_errors: ["failing-venue", "deployed-venue"],
  latency: ["slow-venue"],
  oracle: ["oracle-alone", "oracle-leads"],
  uncertainty_spread: ["unsure-opening", "narrow-spread", "toxic-burst"],
  flow_belief: ["far-anchor", "toxic-burst"],
};
