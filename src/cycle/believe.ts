/** What a cycle learns from the flow since the last one: the posterior in mode `flow`. */

import type { MarketConfig } from "../config/registry.ts";
import { hoursToEnd } from "../models/market.ts";
import { clamp, MAX_PRICE, MIN_PRICE, PAIR_CENTS } from "../models/money.ts";
import { type Fill, NOTHING_QUOTED, type QuotedTouch } from "../models/order.ts";
import {
  afterFlow,
  afterSilence,
  type FlowBelief,
  type FlowEvent,
} from "../strategy/pricing/flow_belief.ts";
import { betaSdCents, betaStrength, flowBeliefAround } from "../strategy/pricing/flow_prior.ts";
import type { MarketState } from "./market_state.ts";
import type { Observation } from "./observation.ts";

/** Fills of one side so close together were one taker. */
const SAME_TAKER_MS = 250;

/** Silence is looked at this often, ms; a fill and a new quote at once. */
const SILENCE_STEP_MS = 10_000;

/** What a cycle has seen of the flow. */
export interface FlowSeen extends Pick<Observation, "nowMs" | "wallMs"> {
  /** The trade of others that the book has shown, null if there was none. */
  readonly print: FlowEvent | null;
  /** False if the venue could not be read: then nobody knows that nobody took. */
  readonly isSynced: boolean;
}

/**
 * The state after the flow since the last cycle: own fills that no cycle has judged yet, trades of
 * others, or silence. Other modes learn trade by trade; in them there is no belief, so that a
 * market that comes back to this mode begins with what they have learnt.
 */
export function believe(state: MarketState, seen: FlowSeen, config: MarketConfig): MarketState {
  if (config.posteriorMode !== "flow") {
    return state.belief === null ? state : { ...state, belief: null };
  }
  const before = state.belief ?? restored(state, seen.nowMs);
  const events = takers(state.pendingFills, state.quotedTouch);
  if (seen.print !== null) events.push(seen.print);
  if (state.belief !== null && events.length === 0 && !isDue(before, state, seen)) return state;
  const waited = seen.isSynced ? waitedFor(before, state, seen, config) : before;
  return withBelief(state, events.reduce(afterFlow, waited));
}

function isDue(belief: FlowBelief, { quotedTouch }: MarketState, seen: FlowSeen): boolean {
  return seen.isSynced && (seen.nowMs - belief.updatedAtMs >= SILENCE_STEP_MS ||
    belief.touch.bid !== quotedTouch.bid || belief.touch.ask !== quotedTouch.ask);
}

/** Orders in a market that is not active wait for nobody. */
function waitedFor(
  belief: FlowBelief,
  { market, quotedTouch }: MarketState,
  { nowMs, wallMs }: FlowSeen,
  config: MarketConfig,
): FlowBelief {
  const { bid, ask } = market.status === "ACTIVE" ? quotedTouch : NOTHING_QUOTED;
  return afterSilence({ ...belief, touch: { bid, ask } }, nowMs, {
    tauHours: hoursToEnd(market, wallMs, config),
    jumpsPerHour: config.beliefJumpsPerHour,
    jumpCents: config.beliefJumpCents,
  });
}

/** The posterior of the other modes says the same in two numbers, which survive a restart. */
function withBelief(state: MarketState, belief: FlowBelief): MarketState {
  const { moments } = belief;
  return {
    ...state,
    belief,
    posterior: {
      ...state.posterior,
      mean: clamp(moments.meanCents, MIN_PRICE, MAX_PRICE) / PAIR_CENTS,
      strength: betaStrength(moments),
      updatedAtMs: belief.updatedAtMs,
    },
  };
}

/**
 * After a start: the mean and the strength are known, the kind of flow is not. A time to come is
 * that of a clock that was wrong.
 */
function restored({ posterior }: MarketState, nowMs: number): FlowBelief {
  const { mean, strength, updatedAtMs } = posterior;
  const moments = { meanCents: mean * PAIR_CENTS, sdCents: betaSdCents(mean, strength) };
  return flowBeliefAround(moments, Math.min(nowMs, updatedAtMs));
}

/** A taker while his fills are put together. */
interface Taker {
  readonly aggressor: 1 | -1;
  priceCents: number;
  shares: number;
}

/** The takers behind own fills, each with the worst price that he took. */
function takers(fills: readonly Fill[], quoted: QuotedTouch): FlowEvent[] {
  if (fills.length === 0) return [];
  return (["ASK", "BID"] as const).flatMap((side) => {
    const found: Taker[] = [];
    let lastMs = -Infinity;
    for (const fill of fills.filter((fill) => fill.side === side)) {
      const taker = found.at(-1);
      if (taker === undefined || fill.executedAtMs - lastMs > SAME_TAKER_MS) {
        found.push(takerOf(fill));
      } else {
        taker.shares += fill.quantity;
        taker.priceCents = worse(taker, fill.yesPrice);
      }
      lastMs = fill.executedAtMs;
    }
    const wholeShares = Math.max(1, quoted.shares[side]);
    return found.map(({ aggressor, priceCents, shares }) => ({
      aggressor,
      priceCents,
      weight: Math.min(1, shares / wholeShares),
    }));
  });
}

function takerOf({ side, yesPrice, quantity }: Fill): Taker {
  return { aggressor: side === "ASK" ? 1 : -1, priceCents: yesPrice, shares: quantity };
}

function worse({ aggressor, priceCents }: Taker, other: number): number {
  return aggressor * (other - priceCents) > 0 ? other : priceCents;
}
