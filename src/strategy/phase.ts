/**
 * The two phases of the strategy (§9): wide, small and linear while information is scarce; narrow,
 * larger and geometric later; back at once in an emergency.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { DefenseLevel, Phase, PhaseTransitionReason } from "../models/vocabulary.ts";
import { type PriceSample, rangeSince } from "./price_history.ts";

/** The phase and what decides about its end; plain data, so that it survives a restart (L-34). */
export interface PhaseState {
  readonly phase: Phase;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  /** Shares traded since the phase began. */
  readonly volumeShares: number;
  /**
   * STABILIZATION is not entered before this time, epoch milliseconds; 0 until the first rollback.
   */
  readonly cooldownUntilMs: number;
  /** Consecutive cycles in which a condition to leave EXPLORATION held. */
  readonly readyCycles: number;
  /** Fair prices of cycles with a trade, oldest first. */
  readonly samples: readonly PriceSample[];
}

/** What one cycle brings. */
export interface PhaseInput {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Shares of the trades this cycle absorbed, each trade once. */
  readonly tradedShares: number;
  /** `rawCents` of this cycle if it absorbed a trade or a third-party print, else null (C-57). */
  readonly sampleCents: number | null;
  /** The smaller of the day's and the total profit, cents. */
  readonly pnlCents: number;
  readonly level: DefenseLevel;
}

/** A change of phase. */
export interface PhaseTransition {
  readonly from: Phase;
  readonly to: Phase;
  readonly reason: PhaseTransitionReason;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** The state after a cycle, and the change if there was one. */
export interface PhaseStep {
  readonly state: PhaseState;
  readonly transition: PhaseTransition | null;
}

/** Most samples kept: an hour of cycles at the default pace. */
const MAX_SAMPLES = 1800;

/** EXPLORATION from its beginning. */
export function initialPhase(nowMs: number): PhaseState {
  return {
    phase: "EXPLORATION",
    startedAtMs: nowMs,
    volumeShares: 0,
    cooldownUntilMs: 0,
    readyCycles: 0,
    samples: [],
  };
}

/**
 * True in the first EXPLORATION of a market: its quotes are opening quotes, which the anchor band
 * bounds (§1, §4).
 */
export function isOpening(state: PhaseState): boolean {
  return state.phase === "EXPLORATION" && state.cooldownUntilMs === 0;
}

/**
 * One cycle of the phase manager. The way to STABILIZATION is debounced and needs level NORMAL; the
 * way back is immediate. A market that would have to come back in the next cycle does not leave
 * EXPLORATION.
 */
export function stepPhase(state: PhaseState, input: PhaseInput, config: MarketConfig): PhaseStep {
  const observed = observe(state, input, config);
  switch (observed.phase) {
    case "EXPLORATION":
      return explore(observed, input, config);
    case "STABILIZATION":
      return mustRollBack(observed, input, config)
        ? rollBack(input.nowMs, config)
        : { state: observed, transition: null };
  }
}

function observe(state: PhaseState, input: PhaseInput, config: MarketConfig): PhaseState {
  const { tradedShares, sampleCents, nowMs } = input;
  if (tradedShares === 0 && sampleCents === null) return state;
  const volumeShares = state.volumeShares + tradedShares;
  if (sampleCents === null) return { ...state, volumeShares };
  const keptMs = Math.max(config.explorationPriceStabilityWindowMs, config.rollbackWindowMs);
  const samples = [...state.samples, { priceCents: sampleCents, atMs: nowMs }]
    .filter(({ atMs }) => atMs >= nowMs - keptMs)
    .slice(-MAX_SAMPLES);
  return { ...state, volumeShares, samples };
}

function explore(state: PhaseState, input: PhaseInput, config: MarketConfig): PhaseStep {
  const { nowMs, level } = input;
  const reason = reasonToLeave(state, nowMs, config);
  const readyCycles = reason === null
    ? 0
    : Math.min(state.readyCycles + 1, config.phaseDebounceCycles);
  const allowed = level === "NORMAL" && nowMs >= state.cooldownUntilMs &&
    !mustRollBack(state, input, config);
  if (reason === null || readyCycles < config.phaseDebounceCycles || !allowed) {
    const unchanged = readyCycles === state.readyCycles;
    return { state: unchanged ? state : { ...state, readyCycles }, transition: null };
  }
  return {
    state: {
      ...state,
      phase: "STABILIZATION",
      startedAtMs: nowMs,
      volumeShares: 0,
      readyCycles: 0,
    },
    transition: { from: "EXPLORATION", to: "STABILIZATION", reason, atMs: nowMs },
  };
}

/** The first condition to leave EXPLORATION that holds, null if none does. */
function reasonToLeave(
  state: PhaseState,
  nowMs: number,
  config: MarketConfig,
): PhaseTransitionReason | null {
  if (nowMs - state.startedAtMs >= config.explorationMaxDurationMs) return "TIME_EXPIRED";
  if (state.volumeShares >= config.explorationMinVolume) return "VOLUME_REACHED";
  const recent = rangeSince(state.samples, nowMs - config.explorationPriceStabilityWindowMs);
  const stable = recent.count >= config.priceStabilityMinSamples &&
    recent.rangeCents <= config.explorationPriceStabilityCents;
  return stable ? "PRICE_STABLE" : null;
}

function mustRollBack(
  { samples }: PhaseState,
  { nowMs, pnlCents }: PhaseInput,
  config: MarketConfig,
): boolean {
  const lossCents = config.rollbackLossCents ?? config.maxPerMarketLossCents / 2;
  const { rangeCents } = rangeSince(samples, nowMs - config.rollbackWindowMs);
  // Written so that an unknown profit (NaN) counts as a loss.
  return rangeCents >= config.rollbackRangeCents || !(pnlCents >= -lossCents);
}

/** Back to EXPLORATION with an empty memory, and not out of it before the cooldown has passed. */
function rollBack(nowMs: number, config: MarketConfig): PhaseStep {
  return {
    state: { ...initialPhase(nowMs), cooldownUntilMs: nowMs + config.rollbackCooldownMs },
    transition: {
      from: "STABILIZATION",
      to: "EXPLORATION",
      reason: "EMERGENCY_ROLLBACK",
      atMs: nowMs,
    },
  };
}
