/**
 * The oracle guard (§15): an outside price that moves first is a warning. It only ever takes quotes
 * away or widens them; without a usable price it widens, and it never prices.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { OracleTerms } from "../models/explanation.ts";
import { PAIR_CENTS } from "../models/money.ts";
import type { BookSide } from "../models/vocabulary.ts";

/** An outside price as it was read. */
export interface OracleReading {
  /** YES price, cents; 0 and 100 are possible outside. */
  readonly priceCents: number;
  /** When it was true, steady epoch milliseconds. */
  readonly observedAtMs: number;
}

/** What is known of the outside price. */
export interface OracleView {
  /** The newest usable reading, null before the first. */
  readonly reading: OracleReading | null;
  /** Why the last try gave none, null if it did. */
  readonly problem: string | null;
}

/** What the guard remembers from one cycle to the next. */
export interface OracleState {
  /** The outside price of the last cycle that had one. */
  readonly lastCents: number | null;
  /** Until when a side is observed and not quoted, steady epoch milliseconds; 0 = it is quoted. */
  readonly exposedUntilMs: Readonly<Record<BookSide, number>>;
}

/** No outside price seen yet. */
export const NO_ORACLE_SEEN: OracleState = {
  lastCents: null,
  exposedUntilMs: { ASK: 0, BID: 0 },
};

/** Nothing was read yet, or there is nothing to read. */
export const NO_READING: OracleView = { reading: null, problem: "nothing was read yet" };

/** What one evaluation looks at. */
export interface OracleInput {
  readonly view: OracleView;
  /** s: fair YES price, cents. */
  readonly fairCents: number;
  /** Standard deviation of the price over a day, cents. */
  readonly sigmaDayCents: number;
  /** True while the pause ORACLE_DEVIATION is in force. */
  readonly paused: boolean;
  /** Steady epoch milliseconds. */
  readonly nowMs: number;
}

/** The settings the guard reads. */
export type OracleConfig = Pick<
  MarketConfig,
  | "oracleMaxLagMs"
  | "oracleMinDeviationCents"
  | "oracleDeviationMultiplier"
  | "oracleDeviationWarningCents"
  | "oracleGapThresholdCents"
  | "oracleObservationPeriodMs"
>;

/** Below this share of its threshold a deviation no longer holds the pause up. */
const CALM_SHARE = 0.8;
const SIDES: readonly BookSide[] = ["ASK", "BID"];

/** True if the market has an outside price and it is to be looked at. */
export function hasOracle(
  config: Pick<MarketConfig, "oracleGuardEnabled" | "oracleSlug">,
): boolean {
  return config.oracleGuardEnabled && config.oracleSlug !== null;
}

/**
 * One evaluation, once per cycle. The checks are independent of each other (L-01): a price that is
 * too old widens, one far from ours pauses, one that jumped withdraws the side it leaves behind. A
 * price that is too old says nothing about distance: a feed that died would pause for ever.
 */
export function observeOracle(
  state: OracleState,
  input: OracleInput,
  config: OracleConfig,
): { readonly state: OracleState; readonly terms: OracleTerms } {
  const { view, fairCents, sigmaDayCents, paused, nowMs } = input;
  const reading = usable(view.reading);
  const ageMs = reading === null ? null : Math.max(0, nowMs - reading.observedAtMs);
  const stale = ageMs === null || ageMs > config.oracleMaxLagMs;
  const next = observeGap(state, reading, nowMs, config);
  const thresholdCents = Math.max(
    config.oracleMinDeviationCents,
    config.oracleDeviationMultiplier * sigmaDayCents,
  );
  const deviationCents = reading === null || stale ? null : fairCents - reading.priceCents;
  const distance = deviationCents === null ? null : Math.abs(deviationCents);
  return {
    state: next,
    terms: {
      priceCents: reading?.priceCents ?? null,
      ageMs,
      stale,
      deviationCents,
      thresholdCents,
      warns: distance !== null && distance > config.oracleDeviationWarningCents,
      pauses: distance !== null && isTooFar(distance, thresholdCents, paused),
      exposedSides: SIDES.filter((side) => next.exposedUntilMs[side] > nowMs),
      problem: view.problem,
    },
  };
}

/** Hysteresis: what has paused goes on doing so until the prices are well within the threshold. */
function isTooFar(distance: number, threshold: number, paused: boolean): boolean {
  // Written so that a threshold that is no number pauses.
  return paused ? !(distance < CALM_SHARE * threshold) : !(distance <= threshold);
}

/** A reading that cannot be true counts as none; the last one that could goes on ageing. */
function usable(reading: OracleReading | null): OracleReading | null {
  if (reading === null || !Number.isFinite(reading.observedAtMs)) return null;
  return reading.priceCents >= 0 && reading.priceCents <= PAIR_CENTS ? reading : null;
}

/**
 * After a jump the side that would be picked off is observed: offers after a jump up, bids after a
 * jump down (C-24).
 */
function observeGap(
  state: OracleState,
  reading: OracleReading | null,
  nowMs: number,
  config: OracleConfig,
): OracleState {
  if (reading === null) return state;
  const gapCents = reading.priceCents - (state.lastCents ?? reading.priceCents);
  const lastCents = reading.priceCents;
  if (!(Math.abs(gapCents) > config.oracleGapThresholdCents)) return { ...state, lastCents };
  const exposed: BookSide = gapCents > 0 ? "ASK" : "BID";
  const untilMs = nowMs + config.oracleObservationPeriodMs;
  return { lastCents, exposedUntilMs: { ...state.exposedUntilMs, [exposed]: untilMs } };
}
