import {
  afterFlow,
  afterSilence,
  type FlowBelief,
  type FlowEvent,
  type Touch,
} from "../../src/strategy/pricing/flow_belief.ts";
import { flowBeliefAround } from "../../src/strategy/pricing/flow_prior.ts";
import type { Drift } from "../../src/strategy/pricing/price_walk.ts";

/** A long market without news. */
export const QUIET: Drift = { tauHours: 1_000, jumpsPerHour: 0, jumpCents: 8 };

/** A belief that starts at time 0. */
export function around(meanCents: number, sdCents = 5): FlowBelief {
  return flowBeliefAround({ meanCents, sdCents }, 0);
}

/** Somebody who takes everything up to a price. */
export function taker(aggressor: 1 | -1, priceCents: number, weight = 1): FlowEvent {
  return { aggressor, priceCents, weight };
}

/** The touch that lies so many cents around the belief, in whole cents inside 1 to 99. */
export function touchAround(belief: FlowBelief, halfCents: number): Touch {
  const { meanCents } = belief.moments;
  return {
    bid: Math.max(1, Math.floor(meanCents - halfCents)),
    ask: Math.min(99, Math.ceil(meanCents + halfCents)),
  };
}

/** The belief after minutes of silence under a touch, looked at every 5 seconds or more. */
export function silent(belief: FlowBelief, touch: Touch, minutes: number): FlowBelief {
  const stepMs = Math.max(5_000, minutes * 60_000 / 200);
  let now = belief;
  for (let ms = stepMs; ms <= minutes * 60_000; ms += stepMs) {
    now = afterSilence({ ...now, touch }, belief.updatedAtMs + ms, QUIET);
  }
  return now;
}

/** Takers one after the other, so many minutes apart, each at the best price of a new quote. */
export function takersInTurn(
  start: FlowBelief,
  aggressors: readonly (1 | -1)[],
  { minutes, halfCents = 2, weight = 1 }: {
    readonly minutes: number;
    readonly halfCents?: number;
    readonly weight?: number;
  },
): FlowBelief {
  return aggressors.reduce((belief, aggressor) => {
    const touch = touchAround(belief, halfCents);
    const waited = silent(belief, touch, minutes);
    return afterFlow(waited, taker(aggressor, priceOf(touch, aggressor), weight));
  }, start);
}

function priceOf({ bid, ask }: Touch, aggressor: 1 | -1): number {
  return (aggressor === 1 ? ask : bid) ?? 50;
}
