/**
 * Steps 2 and 3 of the life of a quote: from what the venue showed to the orders that should rest.
 * Pure: the same state and observation always give the same decision.
 */

import type { MarketConfig } from "../config/registry.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
import { withoutOwn } from "../models/book.ts";
import type { PriceTerms, QuoteExplanation } from "../models/explanation.ts";
import type { OrderIntent } from "../models/order.ts";
import { pauseReasons } from "../risk/pauses.ts";
import { isOpening, type PhaseStep, type PhaseTransition, stepPhase } from "../strategy/phase.ts";
import { fairPrice } from "../strategy/pricing/fair_price.ts";
import { microprice } from "../strategy/pricing/microprice.ts";
import { PricingError } from "../strategy/pricing_error.ts";
import { observePrice, type VolatilitySample } from "../strategy/volatility.ts";
import { assess, type Assessment, inventoryTerms } from "./assess.ts";
import { believe } from "./believe.ts";
import { learnBook } from "./learn.ts";
import { lastKnownPrice, type MarketState } from "./market_state.ts";
import type { Observation } from "./observation.ts";
import { planQuotes, type QuotePlan } from "./plan_quotes.ts";

/** What a cycle decided. */
export interface Decision {
  readonly state: MarketState;
  /** Orders that should rest; null if the cycle is deferred and what rests shall stay. */
  readonly targets: readonly OrderIntent[] | null;
  readonly plan: QuotePlan | null;
  readonly assessment: Assessment;
  readonly transition: PhaseTransition | null;
  /** Fair price now less that of the cycle before, cents. */
  readonly fairMoveCents: number;
  /** Why the cycle is deferred, null if it is not. */
  readonly deferred: PricingError | null;
  /** The explanation, but for what only the market's loop knows. */
  readonly explained: Explained;
}

/** The part of the explanation that the decision knows. */
export type Explained = Omit<
  QuoteExplanation,
  "cycle" | "configVersion" | "lifecycle" | "actions"
>;

/**
 * One complete decision. Never throws for a price that cannot be computed: risk is judged all the
 * same.
 */
export function decide(
  before: MarketState,
  seen: Observation,
  config: MarketConfig,
): Decision {
  const { nowMs, wallMs } = seen;
  const { state: looked, print } = seen.book === null
    ? { state: before, print: null }
    : learnBook(before, { book: seen.book, orders: seen.orders, nowMs }, config);
  const learned = believe(looked, { nowMs, wallMs, print, isSynced: true }, config);
  try {
    const traded = before.pendingFills.length > 0 || print !== null;
    const { state: priced, price } = priceMarket(learned, seen, traded, config);
    const { rawCents, fairCents } = price;
    const assessed = assess(priced, seen, { rawCents, fairCents, fresh: true }, config);
    const sampleCents = traded ? rawCents : null;
    const { state, transition } = advancePhase(before, assessed, { seen, sampleCents }, config);
    // The phase that was in force is quoted; a new one counts from the next cycle (parameters
    // §1.2).
    const plan = planQuotes(assessed, price, seen, config);
    const next: MarketState = {
      ...assessed.state,
      phase: state,
      previousRawCents: rawCents,
    };
    return {
      state: next,
      targets: plan.targets,
      plan,
      assessment: { ...assessed, state: next },
      transition,
      fairMoveCents: rawCents - (before.previousRawCents ?? rawCents),
      deferred: null,
      explained: explain(assessed, price, plan, seen, config),
    };
  } catch (error) {
    if (!(error instanceof PricingError)) throw error;
    return withoutPrice(learned, seen, error, config);
  }
}

/**
 * Risk without a price of this cycle (L-69): levels, kills and pauses act, what rests stays
 * otherwise.
 */
export function decideWithoutPrice(
  before: MarketState,
  seen: Observation,
  config: MarketConfig,
): Decision {
  const { nowMs, wallMs } = seen;
  const learned = believe(before, { nowMs, wallMs, print: null, isSynced: false }, config);
  return withoutPrice(learned, seen, null, config);
}

function withoutPrice(
  before: MarketState,
  seen: Observation,
  deferred: PricingError | null,
  config: MarketConfig,
): Decision {
  const rawCents = lastKnownPrice(before, config);
  const assessed = assess(before, seen, { rawCents, fairCents: rawCents, fresh: false }, config);
  const phase = advancePhase(before, assessed, { seen, sampleCents: null }, config);
  const state: MarketState = { ...assessed.state, phase: phase.state };
  return {
    state,
    targets: null,
    plan: null,
    assessment: { ...assessed, state },
    transition: phase.transition,
    fairMoveCents: 0,
    deferred,
    explained: explain(assessed, null, null, seen, config),
  };
}

/** One step of the phase manager, with the volume of the fills that this cycle judged. */
function advancePhase(
  before: MarketState,
  assessed: Assessment,
  { seen, sampleCents }: { readonly seen: Observation; readonly sampleCents: number | null },
  config: MarketConfig,
): PhaseStep {
  return stepPhase(assessed.state.phase, {
    nowMs: seen.nowMs,
    tradedShares: before.pendingFills.reduce((sum, fill) => sum + fill.quantity, 0),
    sampleCents,
    pnlCents: assessed.riskPnlCents,
    level: assessed.state.defense.level,
  }, config);
}

function priceMarket(
  before: MarketState,
  seen: Observation,
  traded: boolean,
  config: MarketConfig,
): { readonly state: MarketState; readonly price: PriceTerms } {
  const others = seen.book === null ? null : withoutOwn(seen.book, seen.orders);
  const micro = microprice({ book: others, history: before.bookHistory }, config);
  const price = fairPrice({
    nowMs: seen.nowMs,
    anchorSetAtMs: before.anchorSetAtMs,
    microprice: micro,
    posterior: before.posterior,
    phase: before.phase.phase,
    opening: isOpening(before.phase),
    previousRawCents: before.previousRawCents,
  }, config);
  const sample = volatilitySample(price, traded);
  const volatility = sample === null
    ? before.volatility
    : observePrice(before.volatility, { ...sample, atMs: seen.nowMs }, config);
  return { state: { ...before, bookHistory: micro.history, volatility }, price };
}

/**
 * A price for the volatility (§5): that of the others' book, else our own after a trade. Never the
 * prints: where only the bot quotes they jump from its bid to its ask and back (C-57).
 */
function volatilitySample(
  { microCents, rawCents }: PriceTerms,
  traded: boolean,
): Pick<VolatilitySample, "priceCents" | "source"> | null {
  if (microCents !== null) return { priceCents: microCents, source: "micro" };
  return traded ? { priceCents: rawCents, source: "fair" } : null;
}

function explain(
  assessed: Assessment,
  price: PriceTerms | null,
  plan: QuotePlan | null,
  seen: Observation,
  config: MarketConfig,
): Explained {
  const { state } = assessed;
  return {
    marketId: config.marketId,
    atMs: seen.wallMs,
    phase: state.phase.phase,
    quoteFunding: config.quoteFunding,
    price,
    inventory: inventoryTerms(assessed, seen.orders, freezeRateBps(config, state.market), config),
    defense: {
      level: state.defense.level,
      calmCycles: state.defense.calmCycles,
      triggers: assessed.triggers,
      pauses: pauseReasons(state.pauses),
      latch: state.defense.latch,
    },
    oracle: assessed.oracle,
    volatility: plan?.volatility ?? null,
    spread: plan?.spread ?? null,
    quantityMultipliers: plan?.quantityMultipliers ?? [],
    ladder: plan?.ladder ?? null,
    unwinding: plan?.unwinding ?? null,
    limits: plan?.limits ?? null,
    quotes: plan?.quotes ?? [],
    targets: plan?.targets ?? [],
    removals: plan?.removals ?? [],
    note: null,
  };
}
