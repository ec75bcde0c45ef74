/**
 * Steps 2 and 3 of the life of a quote: from what the venue showed to the orders that should rest.
 * Pure: the same state and observation always give the same decision.
 */

import type { MarketConfig } from "../config/registry.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
import { lookAtBook } from "../execution/lost_book.ts";
import { withoutOwn } from "../models/book.ts";
import type { PriceTerms, QuoteExplanation } from "../models/explanation.ts";
import type { OrderIntent } from "../models/order.ts";
import { pauseReasons } from "../risk/pauses.ts";
import { isOpening, type PhaseStep, type PhaseTransition, stepPhase } from "../strategy/phase.ts";
import { fairPrice } from "../strategy/pricing/fair_price.ts";
import type { FlowEvent } from "../strategy/pricing/flow_belief.ts";
import { microprice } from "../strategy/pricing/microprice.ts";
import { PricingError } from "../strategy/pricing_error.ts";
import { observePrice, type VolatilitySample } from "../strategy/volatility.ts";
import { assess, type Assessment, inventoryTerms } from "./assess.ts";
import { believe } from "./believe.ts";
import { learnPrint } from "./learn.ts";
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
  const { state: looked, print, bookMemory } = learnBook(before, seen, config);
  const learned = believe(looked, { nowMs, wallMs, print, isSynced: true }, config);
  try {
    const traded = before.pendingFills.length > 0 || print !== null;
    const { price, bookHistory, volatility } = priceMarket(learned, seen, traded, config);
    const priced: MarketState = { ...learned, bookMemory, bookHistory, volatility };
    const { rawCents, fairCents } = price;
    const assessed = assess(priced, seen, { rawCents, fairCents, fresh: true }, config);
    const sampleCents = traded ? rawCents : null;
    const { state, transition } = advancePhase(before, assessed, { seen, sampleCents }, config);
    // The phase that was in force is quoted; a new one counts from the next cycle (parameters
    // §1.2).
    const plan = planQuotes(assessed, price, seen, config);
    const assessment = inPhase(assessed, state);
    return {
      state: assessment.state,
      targets: plan.targets,
      plan,
      assessment,
      transition,
      fairMoveCents: rawCents - (before.previousRawCents ?? rawCents),
      deferred: null,
      explained: explain(assessed, price, plan, seen, config),
    };
  } catch (error) {
    if (!(error instanceof PricingError)) throw error;
    return withoutPrice({ ...learned, bookMemory }, seen, error, config);
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
  const assessment = inPhase(assessed, phase.state);
  return {
    state: assessment.state,
    targets: null,
    plan: null,
    assessment,
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

/** The assessment with the phase that counts from the next cycle; most of the time the same. */
function inPhase(assessed: Assessment, phase: MarketState["phase"]): Assessment {
  const { state } = assessed;
  return state.phase === phase ? assessed : { ...assessed, state: { ...state, phase } };
}

/** What one look at the market teaches. */
interface Look extends Pick<MarketState, "bookMemory"> {
  /** With what a trade of others has taught. */
  readonly state: MarketState;
  /** That trade, null if there was none. */
  readonly print: FlowEvent | null;
}

/** Notices trades of others, and whether the venue may have lost the own orders. */
function learnBook(
  before: MarketState,
  { book, orders, nowMs }: Observation,
  config: MarketConfig,
): Look {
  const { bookMemory } = before;
  if (book === null) return { state: before, print: null, bookMemory };
  const { state, print } = learnPrint(before, book, nowMs, config);
  const printed = print !== null;
  return { state, print, bookMemory: lookAtBook(bookMemory, { book, orders, printed, nowMs }) };
}

/** The fair price, and what its learners keep. */
interface Priced extends Pick<MarketState, "bookHistory" | "volatility"> {
  readonly price: PriceTerms;
}

function priceMarket(
  before: MarketState,
  seen: Observation,
  traded: boolean,
  config: MarketConfig,
): Priced {
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
  return { price, bookHistory: micro.history, volatility };
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
