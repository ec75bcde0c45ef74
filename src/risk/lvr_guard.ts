/**
 * Defence against informed traders without an oracle (§14), from own fills only: skew speed (A),
 * velocity (B), post-fill cooldown (D) and order-flow toxicity. The event shield (C) needs no
 * memory and stands beside it.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { DefenseTrigger } from "../models/explanation.ts";
import type { BookSide } from "../models/vocabulary.ts";
import { observeSkew, type SkewHistory, skewSpeedTriggers } from "./skew_speed.ts";
import { type FillBatch, type FillWindow, observeFills } from "./velocity.ts";
import { type Flow, flowOf, observeFlow } from "./vpin.ts";

/** What the guard remembers; every list is bounded. */
export interface LvrState {
  readonly skews: SkewHistory;
  readonly recentFills: FillWindow;
  readonly flow: Flow;
  /** When the last own fill of a side was seen, null before the first. */
  readonly lastFillMs: Readonly<Record<BookSide, number | null>>;
}

/** Nothing seen yet. */
export const NO_FLOW_SEEN: LvrState = {
  skews: [],
  recentFills: [],
  flow: [],
  lastFillMs: { ASK: null, BID: null },
};

/** What happened since the last cycle. */
export interface LvrInput extends FillBatch {
  /** q after the fills. */
  readonly skew: number;
  /** True if pairs were minted or merged since the last cycle. */
  readonly pairsChanged: boolean;
  /** True in ONE_SIDE with a heavy side: there a complete fill is what the level wants. */
  readonly unwinding: boolean;
  /** Epoch milliseconds of a clock that never goes backwards. */
  readonly nowMs: number;
}

/** The settings the guard reads. */
export type LvrConfig = Pick<
  MarketConfig,
  | "skewJumpCycles"
  | "skewJumpWiden"
  | "skewJumpOneSide"
  | "lvrVelocityWindowMs"
  | "lvrVelocityOneSideRatio"
  | "lvrVelocityKillRatio"
  | "vpinWindow"
>;

/**
 * One observation, once per cycle; the triggers go to the defence stack, whose slow way down gives
 * a level its least duration of `defense_cooldown_cycles`.
 */
export function observeLvr(
  state: LvrState,
  input: LvrInput,
  config: LvrConfig,
): { readonly state: LvrState; readonly triggers: readonly DefenseTrigger[] } {
  const { skew, pairsChanged, fills, nowMs } = input;
  const skews = observeSkew(state.skews, { skew, restart: pairsChanged }, config);
  const tooFast = skewSpeedTriggers(skews, config);
  if (fills.length === 0) {
    const isStill = skews === state.skews;
    return { state: isStill ? state : { ...state, skews }, triggers: tooFast };
  }
  const velocity = observeFills(state.recentFills, input, config);
  const lastSeen = (side: BookSide) =>
    fills.some((fill) => fill.side === side) ? nowMs : state.lastFillMs[side];
  return {
    state: {
      skews,
      recentFills: velocity.window,
      flow: observeFlow(state.flow, fills.map(flowOf), config),
      lastFillMs: { ASK: lastSeen("ASK"), BID: lastSeen("BID") },
    },
    triggers: input.unwinding ? tooFast : [...tooFast, ...velocity.triggers],
  };
}

/**
 * LVR rule D: how much longer a side may get no new quantity, ms; 0 when it may. The bot may cancel
 * and move away meanwhile, and the other side is free (C-23).
 */
export function cooldownMs(
  state: Pick<LvrState, "lastFillMs">,
  side: BookSide,
  nowMs: number,
  { lvrPostFillDelayMs }: Pick<MarketConfig, "lvrPostFillDelayMs">,
): number {
  const filledMs = state.lastFillMs[side];
  return filledMs === null ? 0 : Math.max(0, filledMs + lvrPostFillDelayMs - nowMs);
}
