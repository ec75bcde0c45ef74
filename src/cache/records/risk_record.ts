/** `amm:risk:{m}` but for the latch (state and events spec §2.5). */

import { z } from "zod";
import { MAX_PRICE, MIN_PRICE } from "../../models/money.ts";
import type { DefenseLevel, Phase } from "../../models/vocabulary.ts";
import type { DayState } from "../../risk/budget.ts";
import type { PersistedDefense } from "../../risk/defense_stack.ts";
import { initialPhase, type PhaseState } from "../../strategy/phase.ts";
import {
  type Learner,
  onlyKilled,
  type PersistedMarket,
  type RememberedRisk,
} from "../persisted_market.ts";
import { field, type HashFields, HashReader, msText } from "./hash.ts";
import { latchOf } from "./latch_record.ts";

const LEVELS: readonly DefenseLevel[] = ["NORMAL", "WIDEN", "ONE_SIDE", "KILL_SWITCH"];
const PHASES: readonly Phase[] = ["EXPLORATION", "STABILIZATION"];
/** Three breaches kill, so that a longer list is none of ours. */
const MAX_BREACHES = 1000;

const utcDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const probability = field.float.refine((value) =>
  value >= MIN_PRICE / 100 && value <= MAX_PRICE / 100
);
const positive = field.float.refine((value) => value > 0);
const notNegative = field.float.refine((value) => value >= 0);
const price = field.float.refine((value) => value >= MIN_PRICE && value <= MAX_PRICE);
/** Times separated by commas; none is an empty text. */
const times = z.string().transform((text) => text === "" ? [] : text.split(","))
  .pipe(z.array(field.ms).max(MAX_BREACHES));

/** Everything of the risk record that the holder alone writes. */
export function riskFields(market: PersistedMarket): HashFields {
  const { day, defense, phase, posterior } = market;
  return {
    ...(day === null ? {} : {
      day: day.day,
      day_start_equity_cents: String(day.startEquityCents),
      deposits_today_cents: String(day.depositsTodayCents),
    }),
    defense_level: defense.level,
    calm_cycles: String(defense.calmCycles),
    phase: phase.phase,
    phase_started_ms: msText(phase.startedAtMs),
    phase_volume: String(phase.volumeShares),
    phase_cooldown_until_ms: msText(phase.cooldownUntilMs),
    drift_breaches: market.driftBreachesMs.map(msText).join(","),
    anchor_price_cents: String(market.anchorPriceCents),
    anchor_set_at_ms: msText(market.anchorSetAtMs),
    posterior_mean: String(posterior.mean),
    posterior_strength: String(posterior.strength),
    posterior_at_ms: msText(posterior.updatedAtMs),
    posterior_recent_trades: String(posterior.recentTrades),
  };
}

/**
 * Reads the risk record part by part; null if it says nothing.
 * @param fillsToday own fills of the day that the record speaks of
 */
export function readRisk(reader: HashReader, fillsToday: number): RememberedRisk | null {
  if (!reader.has("defense_level") && !reader.has("phase")) return readKill(reader);
  return {
    day: readDay(reader, fillsToday),
    driftBreachesMs: reader.read("drift_breaches", times),
    learner: readLearner(reader),
    phase: readPhase(reader),
    defense: readDefense(reader),
  };
}

/** A market that was killed before it was ever worked: nothing else was written, not even OFF. */
function readKill(reader: HashReader): RememberedRisk | null {
  const stored = latchOf(reader);
  return stored.kind === "on" ? onlyKilled(stored.latch) : null;
}

/** The base of the day; a record that was written before the first cycle has none. */
function readDay(reader: HashReader, fills: number): DayState | null {
  const names = ["day", "day_start_equity_cents", "deposits_today_cents"];
  if (!names.some((name) => reader.has(name))) return null;
  const day = reader.read("day", utcDay);
  const startEquityCents = reader.read("day_start_equity_cents", field.cents);
  const depositsTodayCents = reader.read("deposits_today_cents", field.cents);
  if (day === null || startEquityCents === null || depositsTodayCents === null) return null;
  return { day, startEquityCents, depositsTodayCents, fills };
}

function readDefense(reader: HashReader): PersistedDefense {
  const stored = latchOf(reader);
  const latch = stored.kind === "on" ? stored.latch : null;
  const level = reader.read("defense_level", field.oneOf(LEVELS)) ?? "ONE_SIDE";
  const calmCycles = reader.read("calm_cycles", field.count) ?? 0;
  return { level: latch === null ? level : "KILL_SWITCH", calmCycles, latch };
}

/** Samples and debouncing begin anew after a restart. */
function readPhase(reader: HashReader): PhaseState | null {
  const phase = reader.read("phase", field.oneOf(PHASES));
  const startedAtMs = reader.read("phase_started_ms", field.ms);
  const volumeShares = reader.read("phase_volume", field.count);
  const cooldownUntilMs = reader.read("phase_cooldown_until_ms", field.ms);
  const missing = phase === null || startedAtMs === null || volumeShares === null;
  if (missing || cooldownUntilMs === null) return null;
  return { ...initialPhase(startedAtMs), phase, volumeShares, cooldownUntilMs };
}

function readLearner(reader: HashReader): Learner | null {
  const anchorPriceCents = reader.read("anchor_price_cents", price);
  const anchorSetAtMs = reader.read("anchor_set_at_ms", field.ms);
  const mean = reader.read("posterior_mean", probability);
  const strength = reader.read("posterior_strength", positive);
  const updatedAtMs = reader.read("posterior_at_ms", field.ms);
  const recentTrades = reader.read("posterior_recent_trades", notNegative);
  const noAnchor = anchorPriceCents === null || anchorSetAtMs === null;
  const noBelief = mean === null || strength === null;
  if (noAnchor || noBelief || updatedAtMs === null || recentTrades === null) return null;
  return {
    anchorPriceCents,
    anchorSetAtMs,
    posterior: { mean, strength, recentTrades, updatedAtMs },
  };
}
