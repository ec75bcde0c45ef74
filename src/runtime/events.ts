/**
 * Every event the bot writes to its log, with its level and meaning. An operator searches the log
 * and sets alarms by these names, so a name that is once in use keeps its meaning. To log something
 * new, add it here first; a test compares the list with the code.
 */

/** Importance of an event. */
export type LogLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";

/** What the list says about one event. */
export interface EventDescription {
  /** WARN is worth a look in the morning, ERROR now. */
  readonly level: LogLevel;
  readonly meaning: string;
}

function event(level: LogLevel, meaning: string): EventDescription {
  return { level, meaning };
}

/** All events by name. */
export const EVENTS = {
  // The process
  process_started: event("INFO", "the process runs; version, mode, markets and status address"),
  process_stopping: event("INFO", "a stop was asked for, and by whom"),
  process_stopped: event("INFO", "the process ends and no own order is left"),
  stop_forced: event("ERROR", "a second interrupt ended the stop before it was verified"),
  orders_may_remain: event(
    "ERROR",
    "the process or a lease ends but own orders may still rest; each is listed",
  ),
  uncaught_error: event("ERROR", "a programming error reached the top; everything is cancelled"),
  start_failed: event("ERROR", "the bot could not be put together; nothing was placed"),
  log_repeated: event(
    "WARN",
    "lines that repeated themselves were left out of the log; of which event, and how many",
  ),
  journal_failed: event(
    "WARN",
    "the journal cannot be written; trading goes on, tried each second",
  ),
  journal_restored: event("INFO", "the journal is written again; how many records were lost"),
  http_listening: event("INFO", "the status pages can be read"),
  http_unavailable: event("WARN", "the status port cannot be opened; trading goes on, retried"),
  alert_failed: event(
    "WARN",
    "an alert did not reach the webhook; tried again unless is_final says otherwise",
  ),
  http_error: event("ERROR", "a status page failed"),

  // Configuration
  config_finding: event("WARN", "a setting is allowed but probably not meant"),
  config_changed: event("INFO", "settings changed while running; who, why, old and new of each"),
  config_written: event("INFO", "an operator wrote settings; who, why, old and new of each"),
  config_refused: event("WARN", "an operator's change was refused; nothing was written"),
  config_override_ended: event("INFO", "temporary overrides are over; old and new of each setting"),
  config_overrides_lost: event(
    "WARN",
    "the store was emptied: the files are in force again; old and new of each setting",
  ),
  config_rejected: event("WARN", "a stored setting was refused; its last good value stays"),
  config_unavailable: event("WARN", "overrides cannot be read; told once for each outage"),
  config_available: event("INFO", "overrides can be read again"),
  config_record_failed: event("WARN", "an audit record cannot be written; it is tried again"),
  config_reload_failed: event("ERROR", "a programming error in a reload; what is in force stays"),

  // The life of a market
  market_starting: event("INFO", "the start procedure of a market begins"),
  market_started: event("INFO", "a market is initialised and quoted from the next cycle"),
  market_start_failed: event("ERROR", "a market cannot be started; the others go on"),
  market_failed: event("ERROR", "a programming error stopped one market; its orders are cancelled"),
  lifecycle_changed: event("INFO", "a market went to another state: from, to and reason"),
  market_status_changed: event("WARN", "the venue changed the status of a market"),
  market_winding_down: event("INFO", "the end of a market is near; no new orders"),
  market_stopped: event("INFO", "a market is no longer quoted and none of its orders rest"),
  state_restored: event(
    "INFO",
    "persisted state was taken over: latch, day start, phase, counters",
  ),
  state_lost: event(
    "ERROR",
    "state of the last run is gone, such as losses of the day; what is listed",
  ),
  state_not_kept: event("WARN", "state_store is memory: a restart forgets what is listed"),
  state_refused: event(
    "ERROR",
    "something in the store is not believed; key, field, and what is used instead",
  ),
  state_rewritten: event(
    "WARN",
    "the store had lost what the bot knows; it was written again; the keys are listed",
  ),
  store_unavailable: event("ERROR", "working memory cannot be read or written"),
  store_restored: event("INFO", "working memory can be read and written again"),

  // Several processes
  instances_changed: event("INFO", "processes that share the markets came or went; own share"),
  instance_conflict: event("ERROR", "another process that lives excludes this one; which"),
  too_few_instances: event("ERROR", "the processes together may not work all markets"),
  lease_acquired: event("INFO", "this process has a market now, under this fencing token"),
  lease_given_up: event("INFO", "a market is cleared so that another process can have it"),
  lease_lost: event("ERROR", "a market is cleared: its lease is lost or cannot be proven in time"),
  lease_released: event("INFO", "a market is free for other processes"),
  leases_at_risk: event("ERROR", "leases cannot be renewed; quoting goes on while they are proven"),
  leases_safe: event("INFO", "leases are renewed again"),
  market_held_elsewhere: event("ERROR", "a market is not started: another process works it"),

  // Quoting
  cycle_completed: event("DEBUG", "one quote cycle with its whole explanation"),
  cycle_deferred: event("WARN", "a cycle was skipped, quotes stay; with the cause"),
  phase_changed: event("INFO", "a market went to another phase: from, to and reason"),
  anchor_changed: event("INFO", "the anchor price was set"),
  dates_unusable: event("WARN", "the market's dates do not tell its age; which gamma is used then"),
  side_dry: event("WARN", "one side of the book cannot be quoted: no stock, no cash or a limit"),
  side_restored: event("INFO", "a dry side is quoted again"),
  order_placed: event("INFO", "an order rests at the venue"),
  order_replaced: event("INFO", "an order was moved in one step"),
  order_cancelled: event("INFO", "an order was taken back"),
  order_refused: event("WARN", "the venue refused a command, with its code"),
  order_unknown: event("WARN", "a command may or may not have happened; the venue is read again"),
  ghost_order: event("WARN", "the venue does not know an order that was to be replaced"),
  orders_adopted: event("INFO", "own orders were found that were not known; they are managed now"),
  cancels_unverified: event("ERROR", "own orders may still rest after all were cancelled; listed"),
  sanitizer_alert: event(
    "ERROR",
    "an order that only a defect could make was stopped before it was sent",
  ),
  replace_forbidden: event(
    "WARN",
    "this account may not replace orders; they are cancelled and placed",
  ),
  order_call_wrong: event(
    "ERROR",
    "the venue refused what the bot should never have sent: a defect",
  ),
  fill: event("INFO", "an own order was filled"),
  pairs_minted: event("INFO", "pairs of shares were created"),
  pairs_burned: event("INFO", "pairs of shares were turned back into cash"),
  pairs_unmerged: event(
    "WARN",
    "a market ended with pairs that were not merged; each paid 100 cents",
  ),
  mint_reduced: event("WARN", "the opening mint is smaller than configured: the cash is short"),
  pairs_failed: event("WARN", "a mint or burn was refused or is unknown"),

  // Risk
  defense_level_changed: event("WARN", "the defence level rose or fell: from, to and triggers"),
  kill_latched: event("ERROR", "quoting is killed until a person releases it; reason and source"),
  kill_released: event("WARN", "a person released a kill; who and why"),
  kill_not_saved: event(
    "ERROR",
    "a kill is held in memory only, a restart would forget it; tried again every second",
  ),
  kill_saved: event("INFO", "a kill that was held in memory only is written down"),
  release_refused: event(
    "ERROR",
    "a kill is not released, because the release cannot be written down; ask again later",
  ),
  market_fenced: event(
    "ERROR",
    "another instance works the market; nothing more is placed in it by this one",
  ),
  pause_set: event(
    "WARN",
    "quotes are withdrawn for a reason that clears itself, or until an operator resumes",
  ),
  pause_cleared: event("INFO", "a pause is over"),
  loss_alert: event("WARN", "most of a loss budget is used"),
  oracle_failed: event(
    "WARN",
    "the outside price cannot be read; the spread widens once it is old",
  ),
  oracle_restored: event("INFO", "the outside price can be read again"),
  oracle_deviation: event("WARN", "fair price and outside price lie far apart; both in cents"),
  admin_command: event("WARN", "an operator acted; who, what and why"),
  admin_call: event("INFO", "an operator used the admin pages; who, what, why and what came of it"),
  admin_refused: event("WARN", "an admin call was refused: no valid token, a bad request, a limit"),
  flatten_advanced: event("WARN", "a market that is to be flattened went on to the next stage"),

  // The venue and the cache
  session_opened: event("INFO", "logged in at the venue"),
  session_failed: event("ERROR", "the venue refuses the login"),
  start_deferred: event("ERROR", "the venue does not let the bot start; it tries again"),
  call_failed: event("WARN", "a call to the venue failed"),
  poll_failed: event("WARN", "trades or cash could not be read between the cycles; repeated"),
  trades_overrun: event("ERROR", "more new trades than one poll reads; some are not booked yet"),
  rate_limited: event("WARN", "the venue asked for fewer calls"),
  circuit_opened: event("WARN", "the venue stopped answering; only cancels are still sent"),
  circuit_closed: event("INFO", "the venue answers again"),
  contract_degraded: event(
    "ERROR",
    "the venue fails on orders of one contract while the other works; the quotes widen",
  ),
  batch_cancel_stuck: event("ERROR", "a batch cancel got no answer; the market may hang (Q-16)"),
  book_lost: event("WARN", "the venue shows own orders that nobody can hit; they are placed again"),
  book_failed: event("WARN", "the order book could not be read; consecutive failures"),
  reconcile_completed: event("DEBUG", "cache and venue agree"),
  reconcile_drift: event("WARN", "cache and venue differed and were made equal; field, old, new"),
  inventory_drift_critical: event("ERROR", "drift above its tolerance; the market pauses"),
  inventory_netting_suspected: event(
    "ERROR",
    "equal pairs vanished: does the venue net this account?",
  ),
  cash_stuck: event(
    "WARN",
    "the venue keeps cash frozen that no order holds (Q-05); from now on it is not planned with",
  ),
  fee_unexpected: event(
    "WARN",
    "BUY orders may freeze more than the taker fee of this market suggests (Q-07)",
  ),
} as const satisfies Record<string, EventDescription>;

/** The name of an event; a new one goes into {@link EVENTS} first. */
export type EventName = keyof typeof EVENTS;
