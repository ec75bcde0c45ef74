/**
 * One quote cycle of one market: sync, decide, execute (§0.5). The life of a quote in one place.
 */

import type { StateStore } from "../cache/state_store.ts";
import type { MarketConfig } from "../config/registry.ts";
import type { ExecutionFlag, ExecutionReport } from "../connector/plan_execution.ts";
import type { OrderView } from "../connector/order_manager.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
import { planOrders } from "../execution/order_diff.ts";
import type { PlannedAction } from "../execution/planned_action.ts";
import { type ActionCounts, NO_ACTIONS } from "../models/explanation.ts";
import { quotedTouchOf } from "../models/order.ts";
import { fullPauses } from "../risk/pauses.ts";
import type { SpanFacts } from "../runtime/tracer.ts";
import { decide, decideWithoutPrice, type Decision } from "./decide.ts";
import type { MarketContext } from "./market_context.ts";
import type { MarketState } from "./market_state.ts";
import { persist, type SaveTools } from "./persist.ts";
import { type CycleServices, observeBlindly, type Synced, syncMarket } from "./sync.ts";

/** What a cycle works with. */
export interface CycleTools extends SaveTools {
  readonly services: CycleServices;
  /** False as soon as nothing more may be placed: a stop, a kill, a lease that runs out. */
  readonly mayPlace: () => boolean;
}

/**
 * One complete cycle. Whoever calls it looks at the state afterwards: a latch in it is to be acted
 * on.
 * @throws VenueError if the venue cannot be read; the state is as before then, but for what was
 * booked
 */
export function runCycle(
  context: MarketContext,
  before: MarketState,
  tools: CycleTools,
): Promise<Decision> {
  context.cycle = context.cycles + 1;
  const facts = { market_id: context.marketId, cycle: context.cycle };
  return tools.services.tracer.span("cycle", facts, async (span) => {
    const decision = await takeSteps(context, before, tools);
    span.note({ level: decision.state.defense.level });
    return decision;
  });
}

async function takeSteps(
  context: MarketContext,
  before: MarketState,
  tools: CycleTools,
): Promise<Decision> {
  const { tracer } = tools.services;
  const synced = await tracer.span(
    "sync",
    {},
    () => syncMarket(context, before, tools.services),
  );
  context.seen = synced.seen;
  const decision = tracer.span("decide", {}, (span) => {
    const decided = decide(synced.state, synced.seen, inForce(context.config, tools.store));
    span.note(factsOf(decided));
    return decided;
  });
  noteDecision(context, decision);
  const report = decision.state.defense.latch === null
    ? await tracer.span("execute", {}, () => execute(context, synced, decision, tools))
    : null;
  conclude(context, decision, report?.counts ?? NO_ACTIONS);
  await tracer.span("save", {}, () => persistUnlessKilled(context, before, tools));
  return decision;
}

/** What a trace tells of a decision; the explanation has the rest. */
function factsOf({ explained: { price }, targets, state }: Decision): SpanFacts {
  return {
    ...(price === null ? {} : { fair_cents: price.fairCents }),
    targets: targets?.length ?? 0,
    level: state.defense.level,
  };
}

/** Takes the state of a decision over, and logs what an operator wants to know of it. */
function noteDecision(context: MarketContext, decision: Decision): void {
  context.advance(decision.state, decision.plan);
  if (decision.transition !== null) {
    context.log.log("INFO", "phase_changed", { ...decision.transition });
  }
  for (const alert of decision.plan?.alerts ?? []) {
    context.log.log("ERROR", "sanitizer_alert", { ...alert });
  }
  if (decision.deferred !== null) noteDeferral(context, decision.deferred);
}

/**
 * Writes the state. A kill that was decided just now is written on its own and at once, so that
 * nothing comes before the cancels; one that lifted itself stays if that cannot be written.
 */
async function persistUnlessKilled(
  context: MarketContext,
  { defense: before }: MarketState,
  tools: SaveTools,
): Promise<void> {
  const isLatched = context.state?.defense.latch !== null;
  if (before.latch === null && isLatched) return;
  if (await persist(context, tools) || isLatched || before.latch === null) return;
  if (context.state !== null) context.state = { ...context.state, defense: before };
  context.release = null;
}

/** A kill that cannot be written as released is not released, not even by itself. */
function inForce(config: MarketConfig, { problem }: StateStore): MarketConfig {
  return problem === null ? config : { ...config, killAutoResumeOnActive: false };
}

/**
 * Judges risk although the sync failed: levels, kills and pauses never wait for the venue (L-69).
 * Quotes that a pause withdraws are taken off the book as far as the venue lets us.
 */
export async function runBlindCycle(
  context: MarketContext,
  before: MarketState,
  tools: CycleTools,
): Promise<Decision> {
  const seen = observeBlindly(context, before, tools.services);
  const decision = decideWithoutPrice(before, seen, inForce(context.config, tools.store));
  context.advance(decision.state, null);
  conclude(context, decision, NO_ACTIONS);
  await persistUnlessKilled(context, before, tools);
  await withdrawIfPaused(context, decision);
  return decision;
}

/** A venue that does not answer will hardly answer cancels; the next cycle tries again. */
const BLIND_CANCEL_MS = 5000;

/** Takes the quotes off the book if the market is paused and no plan does it. */
async function withdrawIfPaused(context: MarketContext, { state }: Decision): Promise<void> {
  if (fullPauses(state.pauses).length > 0) await context.orders.cancelAll(BLIND_CANCEL_MS);
}

/**
 * A formula without a result: the cycle counts as failed, so that it pauses the market if it lasts.
 */
function noteDeferral(context: MarketContext, { message }: Error): void {
  context.failedCycles++;
  context.failures++;
  context.log.log("WARN", "cycle_deferred", { failure: "pricing", cause: message });
}

/** Step 4: moves the resting orders to the targets. A deferred cycle leaves them as they are. */
async function execute(
  context: MarketContext,
  { view }: Synced,
  decision: Decision,
  { mayPlace }: CycleTools,
): Promise<ExecutionReport | null> {
  const { targets, plan } = decision;
  if (targets === null || plan === null) {
    await withdrawIfPaused(context, decision);
    return null;
  }
  const terms = { targets, plan, decision };
  let actions = actionsOf(context, view, terms);
  if (!view.isFresh && actions.some(({ kind }) => kind !== "KEEP")) {
    const fresh = await lookAgain(context);
    if (fresh === null) return null;
    actions = actionsOf(context, fresh, terms);
  }
  const report = await context.orders.execute(actions, mayPlace);
  context.expectTakerTrades(report.takerTrades);
  for (const flag of report.flags) react(context, flag);
  return report;
}

/**
 * Look before you act: the own list, read now. Null if it shows what the decision did not know; the
 * next cycle, which follows at once, decides with it.
 */
async function lookAgain(context: MarketContext): Promise<OrderView | null> {
  const view = await context.orders.refresh();
  if (view.filledShares.length === 0 && view.vanished.length === 0) return view;
  context.tradesWanted = true;
  context.inbox.wake();
  return null;
}

/** A decision that has quotes. */
interface PlannedQuotes {
  readonly targets: NonNullable<Decision["targets"]>;
  readonly plan: NonNullable<Decision["plan"]>;
  readonly decision: Decision;
}

/** The steps from the resting orders to the targets. */
function actionsOf(
  context: MarketContext,
  view: OrderView,
  { targets, plan, decision: { state, assessment, fairMoveCents } }: PlannedQuotes,
): readonly PlannedAction[] {
  const { config } = context;
  // Not the list of the view: fills that were booked since have made these orders smaller.
  return planOrders(targets, context.orders.orders, {
    phase: state.phase.phase,
    suspectAgeMs: Math.min(view.suspectAgeMs, context.nowMs() - state.bookMemory.lostBeforeMs),
    cooldownSides: plan.cooldownSides,
    fairMoveCents,
    privileged: context.orders.mayReplace,
    foreign: view.foreign,
    pending: view.pending,
    holdings: state.position,
    spendableCents: plan.spendableCents,
    freezeBps: freezeRateBps(config, assessment.state.market),
  }, config);
}

/**
 * What a plan that did not go as planned asks for in the next cycle, which is not hurried: a venue
 * that refuses the same thing again and again must not be asked in a circle.
 */
function react(context: MarketContext, flag: ExecutionFlag): void {
  switch (flag) {
    case "needsReconcile":
      context.inbox.reconcile ??= "an order is not where it should be";
      return;
    case "drift":
      return context.raise("DRIFT");
    case "marketNotActive":
      context.statusReadAtMs = -Infinity;
      return;
    case "bug":
      return context.log.log("ERROR", "order_call_wrong");
    case "needsLook":
    case "rateLimited":
    case "placementFailed":
      // Every cycle begins by reading the own orders; the rest the order manager knows.
      return;
  }
}

function conclude(context: MarketContext, decision: Decision, actions: ActionCounts): void {
  const { state, explained, deferred, assessment } = decision;
  context.noteLosses(assessment.lossAlerts);
  context.noteOracle(assessment.oracle);
  context.state = {
    ...state,
    restingShares: restingShares(context),
    quotedTouch: quotedTouchOf(context.orders.orders),
  };
  context.explain({
    ...explained,
    cycle: ++context.cycles,
    configVersion: context.settings.version,
    lifecycle: context.lifecycle,
    actions,
    note: deferred === null ? explained.note : `deferred: ${deferred.message}`,
  });
  if (context.log.enabled("DEBUG")) {
    context.log.log("DEBUG", "cycle_completed", { explanation: context.explanation });
  }
}

function restingShares({ orders }: MarketContext): MarketState["restingShares"] {
  const total = { BID: 0, ASK: 0 };
  for (const order of orders.orders) total[order.side] += order.remaining;
  return total;
}
