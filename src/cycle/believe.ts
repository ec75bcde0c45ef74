/** What a cycle learns from the flow since the last one: the posterior in mode `flow`. */

import type { MarketConfig } from "../config/registry.ts";
import { hoursToEnd } from "../models/market.ts";
import { clamp, MAX_PRICE, MIN_PRICE, PAIR_CENTS } from "../models/money.ts";
import type { Fill } from "../models/order.ts";
import {
  afterFlow,
  afterSilence,
  betaSdCents,
  betaStrength,
  type Drift,
  type FlowBelief,
  flowBeliefAround,
  type FlowEvent,
  momentsOf,
} from "../strategy/pricing/flow_belief.ts";
import type { MarketState } from "./market_state.ts";
import type { Observation } from "./observation.ts";

/** Fills of one side so close together were one taker. */
const SAME_TAKER_MS = 250;

/** Silence is looked at this often, ms; a fill and a new quote at once. */
const SILENCE_STEP_MS = 5_000;

/**
 * The state after the flow since the last cycle: own fills that no cycle has judged yet, the trade
 * of others that the book has shown, or silence. Other modes learn trade by trade and are left as
 * they are.
 * @param print the trade of others, null if there was none
 */
export function believe(
  state: MarketState,
  { nowMs, wallMs }: Pick<Observation, "nowMs" | "wallMs">,
  print: FlowEvent | null,
  config: MarketConfig,
): MarketState {
  if (config.posteriorMode !== "flow") return state;
  const before = state.belief ?? restored(state);
  const events = [...takers(state.pendingFills), ...(print === null ? [] : [print])];
  const isDue = nowMs - before.updatedAtMs >= SILENCE_STEP_MS || events.length > 0 ||
    before.touch.bid !== state.quotedTouch.bid || before.touch.ask !== state.quotedTouch.ask;
  if (!isDue) return state.belief === null ? { ...state, belief: before } : state;
  const drift: Drift = {
    tauHours: hoursToEnd(state.market, wallMs, config),
    jumpsPerHour: config.beliefJumpsPerHour,
    jumpCents: config.beliefJumpCents,
  };
  const waited = afterSilence({ ...before, touch: state.quotedTouch }, nowMs, drift);
  const belief = events.reduce(afterFlow, waited);
  const moments = momentsOf(belief);
  return {
    ...state,
    belief,
    posterior: {
      ...state.posterior,
      mean: clamp(moments.meanCents, MIN_PRICE, MAX_PRICE) / PAIR_CENTS,
      strength: betaStrength(moments),
      updatedAtMs: nowMs,
    },
  };
}

/** After a start: the mean and the strength are known, the kind of flow is not. */
function restored({ posterior: { mean, strength, updatedAtMs } }: MarketState): FlowBelief {
  const meanCents = mean * PAIR_CENTS;
  return flowBeliefAround({ meanCents, sdCents: betaSdCents(mean, strength) }, updatedAtMs);
}

/** The takers behind own fills, each with the worst price that he took. */
function takers(fills: readonly Fill[]): FlowEvent[] {
  return (["ASK", "BID"] as const).flatMap((side) => {
    const aggressor = side === "ASK" ? 1 : -1;
    const events: { aggressor: 1 | -1; priceCents: number }[] = [];
    let lastMs = -Infinity;
    for (const { yesPrice, executedAtMs } of fills.filter((fill) => fill.side === side)) {
      const last = events.at(-1);
      if (last === undefined || executedAtMs - lastMs > SAME_TAKER_MS) {
        events.push({ aggressor, priceCents: yesPrice });
      } else {
        const isWorse = aggressor * (yesPrice - last.priceCents) > 0;
        if (isWorse) last.priceCents = yesPrice;
      }
      lastMs = executedAtMs;
    }
    return events;
  });
}
