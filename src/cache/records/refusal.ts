/** What is in the store and is not believed. */

/** A key or a field of it that was refused, and what is used in its place. */
export interface Refusal {
  readonly key: string;
  /** Null if the whole key is of no use. */
  readonly field: string | null;
  /** What was found, cut; `nothing` for a field that is missing from a record. */
  readonly found: string;
  readonly instead: string;
}

/** Fields that are read, by the record they belong to. */
export type FieldName = keyof typeof INSTEAD;

/**
 * What is used in place of a field that cannot be read: the one table. The rule behind it: a doubt
 * about a kill is a kill, a doubt about money is no figure at all but the procedure for its loss,
 * and a doubt about anything else is whatever quotes fewer and wider.
 */
export const INSTEAD = {
  // amm:ledger:{m}. Cash, what was paid in and the cursor belong together (§2.4).
  initial_funding_cents: "the ledger counts as lost and is built anew from the holdings",
  market_cash_cents: "the ledger counts as lost and is built anew from the holdings",
  net_deposits_cents: "the ledger counts as lost and is built anew from the holdings",
  trade_cursor: "the ledger counts as lost and is built anew from the holdings",
  fees_paid_cents: "counted from 0 again; no limit depends on it",
  minted_pairs: "counted from 0 again; no limit depends on it",
  burned_pairs: "counted from 0 again; no limit depends on it",
  bought_cents: "0; a leak is then shared out by what is bought from now on",
  leak_cents: "0 until the balance says more; the venue refuses what it withholds",

  // amm:risk:{m} and amm:risk:global (§2.5, §2.6)
  kill_latched: "counts as a kill with reason INVALID_INPUT, until a person releases it",
  kill_reason: "the kill stays, with reason INVALID_INPUT",
  kill_at_ms: "the kill stays, with time 0",
  kill_source: "the kill stays, without a source",
  day: "the profit of the day goes on from the last published figure, else from 0",
  day_start_equity_cents:
    "the profit of the day goes on from the last published figure, else from 0",
  deposits_today_cents: "the profit of the day goes on from the last published figure, else from 0",
  defense_level: "ONE_SIDE, which ends step by step if nothing asks for it",
  calm_cycles: "0: a level takes its full time to end",
  phase: "EXPLORATION from its beginning: wide and small",
  phase_started_ms: "EXPLORATION from its beginning: wide and small",
  phase_volume: "EXPLORATION from its beginning: wide and small",
  phase_cooldown_until_ms: "EXPLORATION from its beginning: wide and small",
  drift_breaches: "as if there had been two just now: the next one kills",
  anchor_price_cents: "the learner starts anew at the anchor",
  anchor_set_at_ms: "the learner starts anew at the anchor",
  posterior_mean: "the learner starts anew at the anchor",
  posterior_strength: "the learner starts anew at the anchor",
  posterior_at_ms: "the learner starts anew at the anchor",
  posterior_recent_trades: "the learner starts anew at the anchor",

  // amm:ops:{m} (§2.7)
  op: "the operation is forgotten and the ledger is built anew from the holdings",
  key: "the operation is forgotten and the ledger is built anew from the holdings",
  quantity: "the operation is forgotten and the ledger is built anew from the holdings",
  state: "SENT: it is repeated with its key, which does no harm",
  created_at_ms: "0; nothing depends on it",
  retry_after_ms: "0: it is repeated at once with its key, which does no harm",
  held_yes: "whether it has happened is not seen: it is repeated with its key, which does no harm",
  held_no: "whether it has happened is not seen: it is repeated with its key, which does no harm",

  // amm:state:{m} is for others to look at; only one field is read back.
  total_fills_today: "counted from 0 again; no limit depends on it",

  // amm:pnl:{date} (§2.6): a field per market
  day_pnl: "the last figure that could be read, else the largest loss that a market may make",
} as const;

const FOUND_CHARACTERS = 60;

/** A field that cannot be read. */
export function refusedField(
  key: string,
  field: string,
  { found, name }: { readonly found: string | undefined; readonly name: FieldName },
): Refusal {
  return { key, field, found: shown(found), instead: INSTEAD[name] };
}

/** A key of another type. */
export function refusedKey(key: string, type: string, instead: string): Refusal {
  return { key, field: null, found: `a ${type} instead of a hash`, instead };
}

function shown(found: string | undefined): string {
  if (found === undefined) return "nothing";
  return found.length <= FOUND_CHARACTERS ? found : `${found.slice(0, FOUND_CHARACTERS)}…`;
}
