/** Which events of the bot a person is told of at once, and what to do about each. */

import type { EventName } from "../runtime/log.ts";

/** How loud an alert is: CRITICAL wakes somebody up. */
export type Severity = "WARNING" | "ERROR" | "CRITICAL";

/** What the list says about one event. */
export interface AlertRule {
  readonly severity: Severity;
  /** What the person on duty does now, in a sentence. */
  readonly action: string;
}

function warning(action: string): AlertRule {
  return { severity: "WARNING", action };
}

function error(action: string): AlertRule {
  return { severity: "ERROR", action };
}

function critical(action: string): AlertRule {
  return { severity: "CRITICAL", action };
}

const LOOK = "look at the log and the market page; it clears itself when the cause is gone";

/** The events that alert (`parameters.md` 4.1), with those that mean the same trouble. */
export const ALERTS: Readonly<Partial<Record<EventName, AlertRule>>> = {
  // Risk
  kill_latched: critical("find the cause; nothing is quoted until somebody releases the kill"),
  kill_released: warning("check that you know who released it, and why"),
  kill_not_saved: critical("restore the store: a restart now would forget the kill"),
  release_refused: error("restore the store, then release again"),
  loss_alert: warning("decide: tighten, stop, or accept; never raise a budget alone"),
  defense_level_changed: warning("see on the market page which rule asks for it"),
  pause_set: warning("nothing while it is short; if it lasts or returns, check venue and feed"),
  inventory_drift_critical: error("look for lost trades or netting outside the bot"),
  inventory_netting_suspected: critical("check that netting is switched off for this account"),
  oracle_deviation: warning("compare the outside price; fix the anchor if ours is wrong"),
  oracle_failed: warning("check the source of the outside price"),
  side_dry: warning("check stock and cash of the market; burn or mint may be failing"),
  // Orders
  sanitizer_alert: critical("pause the market and report the defect"),
  order_call_wrong: error("pause the market and report the defect"),
  ghost_order: warning(LOOK),
  book_lost: warning(LOOK),
  cancels_unverified: critical("check at the venue which orders of ours still rest"),
  orders_may_remain: critical("cancel the listed orders at the venue by hand"),
  pairs_failed: error("check mint and burn at the venue; set quote_funding to cash if it lasts"),
  // The venue
  session_failed: error("check name, password and account at the venue"),
  circuit_opened: error("check the venue; quoting resumes by itself"),
  contract_degraded: error("tell the venue: one contract fails while the other works"),
  batch_cancel_stuck: error("switch batch_cancel_enabled off; the market may hang at the venue"),
  trades_overrun: error("raise trade_page_limit or poll more often"),
  market_status_changed: warning("check why the venue changed the market"),
  // Configuration and store
  config_rejected: warning("fix the value and write it again; its last good value stays"),
  config_unavailable: warning("restore Redis; the bot reads again on its own"),
  config_overrides_lost: warning("write the overrides again: the files are in force"),
  store_unavailable: error("restore Redis; quoting goes on while the venue confirms the books"),
  state_lost: error("check losses of the day and kills by hand before you trust the limits"),
  state_refused: error("correct the value in the store, or restart to have it written anew"),
  // Processes
  start_failed: critical("read the message; nothing is quoted"),
  start_deferred: error("check the venue; the bot tries again"),
  market_start_failed: error("read the message; the other markets go on"),
  market_failed: critical("report the defect; the market is stopped and its orders cancelled"),
  uncaught_error: critical("report the defect; the process stops"),
  config_reload_failed: error("report the defect; what is in force stays"),
  stop_forced: critical("check at the venue that no order of ours rests"),
  instance_conflict: error("stop one of the two processes"),
  market_fenced: error("check which process works the market"),
  lease_lost: error("check the process and its Redis; another takes the market"),
  leases_at_risk: error("check Redis; markets are cleared before a lease can run out"),
  too_few_instances: error("start one more process, or raise max_concurrent_markets"),
};
