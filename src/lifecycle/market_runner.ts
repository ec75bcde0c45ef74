import { StoreError } from "../cache/store_error.ts";
import { VenueCode, VenueError } from "../connector/connector.ts";
import type { CancelAllReport } from "../connector/cancel_all.ts";
import type { Decision } from "../cycle/decide.ts";
import { classifyFailure, REACTIONS } from "../cycle/failure.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { MarketState } from "../cycle/market_state.ts";
import { keepPairs } from "../cycle/pair_keeper.ts";
import { persist } from "../cycle/persist.ts";
import { type CycleTools, runBlindCycle, runCycle } from "../cycle/quote_cycle.ts";
import type { AdminCommand, CommandResult } from "../models/admin_command.ts";
import type { KillLatch } from "../models/explanation.ts";
import { withTimeout } from "../runtime/clock.ts";
import { pauseMs } from "./cycle_slots.ts";
import {
  isKilled,
  mintAtStart,
  startMarket,
  type StartProblem,
  type StartTools,
} from "./initializer.ts";
import { mayStart } from "./obstacle.ts";
import { OperatorDesk } from "./operator_desk.ts";
import type { RunnerTools } from "./runner_tools.ts";
import { settle, windDown } from "./winding_down.ts";

/** A start that the venue did not let through is tried again after this time. */
const START_RETRY_MS = 5000;

/**
 * One market as an actor: its loop is the only code that changes its state. Commands, kills,
 * reconciliation and the stop are messages that it takes at its next boundary. What fails here
 * never reaches other markets.
 */
export class MarketRunner {
  readonly context: MarketContext;
  readonly #tools: RunnerTools & StartTools;
  /** The same, for cycles that may place and for those that may not. */
  readonly #cycleTools: RunnerTools & CycleTools;
  readonly #blindTools: RunnerTools & CycleTools;
  readonly #ended = new AbortController();
  #stopping = false;
  #turn: Promise<void> = Promise.resolve();
  #isInTurn = false;
  #notedKill: KillLatch | null = null;
  readonly #desk: OperatorDesk;
  /** True while the opening mint waits for the end of a kill. */
  #owesMint = false;

  constructor(context: MarketContext, tools: RunnerTools) {
    this.context = context;
    const mayChangePairs = () =>
      !this.#stopping && !isKilled(context, tools) && tools.permit.mayChangePairs();
    this.#tools = { ...tools, mayChangePairs };
    this.#cycleTools = { ...tools, mayPlace: () => this.mayPlace };
    this.#blindTools = { ...tools, mayPlace: () => false };
    this.#desk = new OperatorDesk(context, tools);
  }

  /** True while the market may get new orders. */
  get mayPlace(): boolean {
    return !this.#stopping && this.context.lifecycle === "RUNNING" &&
      this.#tools.shared.globalLatch === null && !this.context.inbox.isKillWaiting &&
      this.#tools.permit.mayPlace();
  }

  /**
   * Leaves a command with the market, which takes it at its next boundary; that is now, unless a
   * turn is running. A kill does not wait for the turn with its cancels.
   * @returns what has become of it; pending for as long as the market does not get to it
   */
  send(command: AdminCommand): Promise<CommandResult> {
    const { inbox, lifecycle, problem } = this.context;
    if (this.#stopping || lifecycle === "STOPPED") {
      const cause = `the market is stopped: ${problem ?? "it has ended"}`;
      return Promise.resolve({ kind: "refused", cause });
    }
    return new Promise((settle) => {
      inbox.commands.push({ command, settle });
      inbox.wake();
      if (command.kind === "kill" && this.#isInTurn) this.#desk.overtake();
    });
  }

  /** The first try to start the market; afterwards {@link run} goes on with whatever came of it. */
  async start(): Promise<void> {
    this.#turn = this.#guarded(() => this.#tryStart());
    await Promise.all([this.#tools.openOracle(this.context, this.#ended.signal), this.#turn]);
  }

  /** Works the market until it has ended or is stopped. */
  async run(): Promise<void> {
    if (this.context.lifecycle === "STARTING") await this.context.inbox.wait(START_RETRY_MS);
    while (!this.#stopping && this.context.lifecycle !== "STOPPED") {
      this.#turn = this.#guarded(() => this.#takeTurn());
      await this.#turn;
      await this.context.inbox.wait(this.#waitMs());
    }
    this.#desk.close("the market is stopped");
  }

  /**
   * Stops: the running turn gets `cycleAbortMs` to end, then every own order is cancelled and the
   * venue asked whether any is left, the last trades are booked and the state is written.
   */
  async stop(reason: string): Promise<CancelAllReport> {
    this.#stopping = true;
    this.#ended.abort();
    this.context.inbox.wake();
    const { services, cycleAbortMs } = this.#tools;
    await withTimeout(services.clock, cycleAbortMs, this.#turn);
    const report = await this.context.orders.cancelAll();
    if (this.context.state !== null && report.verified) {
      await withTimeout(services.clock, cycleAbortMs, services.poller.poll().catch(() => {}));
      this.context.bookTrades();
    }
    this.context.enter("STOPPED", reason);
    this.#desk.close("the market is stopped");
    await this.#saveFinally();
    return report;
  }

  /**
   * Stops because the right to work the market ends: there is no time to wait for a turn, which can
   * place nothing any more, and what is not written is for the next holder to find out.
   */
  async withdraw(reason: string): Promise<CancelAllReport> {
    this.#stopping = true;
    this.context.inbox.wake();
    const report = await this.context.orders.cancelAll();
    this.context.enter("STOPPED", reason);
    return report;
  }

  async #saveFinally(): Promise<void> {
    const { context } = this;
    if (context.state === null) return;
    try {
      if (await persist(context, this.#tools)) return;
      const cause = `the last state is not written: ${this.#tools.store.problem}`;
      context.log.log("ERROR", "store_unavailable", { cause });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      context.log.log("ERROR", "market_fenced", { cause: error.message });
    }
  }

  #waitMs(): number {
    const { lifecycle, config } = this.context;
    if (lifecycle === "STARTING") return START_RETRY_MS;
    const { quoteIntervalMs: intervalMs } = config;
    const slot = this.#tools.slot();
    const nowMs = this.#tools.services.clock.monotonicMs();
    return slot === null ? intervalMs : pauseMs({ nowMs, intervalMs, slot });
  }

  async #tryStart(): Promise<void> {
    const { context } = this;
    this.#takeSettings();
    if (!await mayStart(context, this.#tools.obstacle)) return;
    if (context.problem === null) context.log.log("INFO", "market_starting");
    const problem = await startMarket(context, this.#tools);
    if (problem !== null) return this.#onStartProblem(problem);
    context.problem = null;
    // Everything was read just now: earlier failures are no reason to doubt it.
    context.failures = 0;
    this.#owesMint = isKilled(context, this.#tools);
    context.reconciledAtMs = context.nowMs();
    const latch = context.state?.defense.latch ?? null;
    context.enter(latch === null ? "RUNNING" : "EMERGENCY", "the start procedure is complete");
    context.log.log("INFO", "market_started", { latch });
  }

  #onStartProblem({ why, mayPass }: StartProblem): void {
    const { context } = this;
    if (context.problem !== why) {
      context.log.log("ERROR", "market_start_failed", { problem: why, isTriedAgain: mayPass });
    }
    context.problem = why;
    if (!mayPass) context.enter("STOPPED", why);
  }

  async #takeTurn(): Promise<void> {
    const { context } = this;
    if (context.lifecycle === "STARTING") return await this.#tryStart();
    this.#takeSettings();
    this.#desk.take();
    context.bookCashFinding();
    context.noteLeakFinding();
    const global = this.#tools.shared.globalLatch;
    if (global !== null) this.#desk.latch(global);
    await this.#actOnLatch();
    await this.#desk.tryRelease();
    await this.#reconcileIfDue();
    if (context.lifecycle === "WINDING_DOWN") return await this.#end(windDown);
    await this.#cycle();
  }

  async #cycle(): Promise<void> {
    const { context } = this;
    if (this.#owesMint && !isKilled(context, this.#tools)) await this.#mintAfterKill();
    const { state } = context;
    if (state === null || context.lifecycle === "STOPPED") return;
    const decision = await runCycle(context, state, this.#cycleTools);
    if (decision.deferred === null) context.failures = 0;
    await this.#follow(decision);
    if (context.lifecycle === "RUNNING") await keepPairs(context, decision.assessment, this.#tools);
  }

  async #mintAfterKill(): Promise<void> {
    const problem = await mintAtStart(this.context, this.#tools);
    this.#owesMint = isKilled(this.context, this.#tools);
    if (problem !== null) this.#onStartProblem(problem);
  }

  /** What a decision means for the life of the market. */
  async #follow({ assessment, state }: Decision): Promise<void> {
    const { context } = this;
    const { status } = state.market;
    const { latch } = state.defense;
    const { shared } = this.#tools;
    if (latch?.reason === "GLOBAL_LOSS" && shared.globalLatch === null) void shared.killAll(latch);
    this.#noteKill();
    if (status === "SETTLED" || status === "VOIDED") {
      await this.#end(settle);
    } else if (status === "RESOLVED" || assessment.maturity.stop) {
      context.enter("WINDING_DOWN", status === "RESOLVED" ? "RESOLVED" : "the end is near");
      await this.#end(windDown);
    } else {
      await this.#actOnLatch();
    }
    if (context.explanation !== null) this.#tools.onCycle(context.explanation);
  }

  /** A step of the end of the market, and its state as it is then. */
  async #end(step: typeof settle): Promise<void> {
    await step(this.context, this.#tools);
    await persist(this.context, this.#tools);
  }

  /** Has the kill in force, if there is one, written down; nothing waits for that. */
  #noteKill(): void {
    const { context } = this;
    const latch = context.state?.defense.latch ?? null;
    if (latch === null || latch === this.#notedKill) return;
    this.#notedKill = latch;
    const isCurrent = () => context.state?.defense.latch === latch;
    void this.#tools.shared.noteKill(context.marketId, latch, isCurrent);
  }

  /**
   * A latch takes every order off the market and keeps it that way; without one the market is
   * worked.
   */
  async #actOnLatch(): Promise<void> {
    const { context } = this;
    const latch = context.state?.defense.latch ?? null;
    this.#noteKill();
    if (context.lifecycle === "WINDING_DOWN") {
      if (this.#desk.hasKill) await this.#cancelAll();
      return;
    }
    if (latch === null) return context.enter("RUNNING", "no kill is latched");
    if (context.lifecycle === "RUNNING") {
      context.enter("EMERGENCY", latch.reason);
      context.log.log("ERROR", "kill_latched", { ...latch });
      await this.#cancelAll();
      await persist(context, this.#tools);
    } else if (context.orders.orders.length > 0 || this.#desk.hasKill) {
      await this.#cancelAll();
    }
  }

  async #cancelAll(): Promise<void> {
    await this.#desk.answerKills(await this.context.orders.cancelAll());
  }

  /** The settings for the turn that begins; whatever comes meanwhile waits for the next. */
  #takeSettings(): void {
    const { settings, config } = this.context;
    const isNewAnchor = settings.take(this.#tools.settings(), this.context.nowMs());
    if (isNewAnchor && config.anchorPriceCents !== settings.config.anchorPriceCents) {
      this.#desk.centreOnAnchor();
    }
  }

  async #reconcileIfDue(): Promise<void> {
    const { context } = this;
    const { reconciliationIntervalMs } = this.#tools.global();
    const isDue = context.nowMs() - context.reconciledAtMs >= reconciliationIntervalMs;
    const reasons = context.state?.pauses.active.map(({ reason }) => reason) ?? [];
    const isPaused = reasons.some((reason) => ENDED_BY_RECONCILIATION.has(reason));
    if (!isDue && !isPaused && context.inbox.reconcile === null) return;
    await this.#desk.reconcile();
  }

  /** Runs a turn; whatever goes wrong in it ends here, with the one reaction its class has. */
  async #guarded(turn: () => Promise<void>): Promise<void> {
    this.#isInTurn = true;
    let cause = "the market had no turn for it";
    try {
      await turn();
    } catch (error) {
      cause = messageOf(error);
      try {
        await this.#onFailure(error);
      } catch (second) {
        await this.#failClosed(second);
      }
    } finally {
      this.#isInTurn = false;
      this.#desk.refuseRest(cause);
    }
  }

  async #onFailure(error: unknown): Promise<void> {
    const { context } = this;
    const failure = classifyFailure(error);
    if (REACTIONS[failure] === "fail_closed") return await this.#failClosed(error);
    if (REACTIONS[failure] === "hand_over") return this.#handOver(error);
    context.failedCycles++;
    context.failures++;
    context.log.log("WARN", "cycle_deferred", { failure, cause: messageOf(error) });
    if (REACTIONS[failure] === "degraded") context.noteMalformedReply();
    if (error instanceof VenueError && error.code === VenueCode.MARKET_NOT_ACTIVE) {
      context.statusReadAtMs = -Infinity;
    }
    // A start that failed half-way is begun again from what the store and the venue know.
    if (context.state === null || context.lifecycle === "STARTING") {
      context.problem = messageOf(error);
      return;
    }
    await this.#judgeBlindly(context.state);
  }

  async #judgeBlindly(state: MarketState): Promise<void> {
    await this.#follow(await runBlindCycle(this.context, state, this.#blindTools));
  }

  /** Another instance works the market: whoever keeps the leases has our own orders cancelled. */
  #handOver(error: unknown): void {
    const { context } = this;
    context.problem = messageOf(error);
    context.log.log("ERROR", "market_fenced", { cause: messageOf(error) });
    context.enter("STOPPED", context.problem);
    this.#tools.permit.reportFenced();
  }

  /**
   * A defect of this program: nothing of ours stays on the book, and a person has to look (L-30,
   * L-31).
   */
  async #failClosed(error: unknown): Promise<void> {
    const { context } = this;
    context.problem = `programming error: ${messageOf(error)}`;
    const stack = error instanceof Error ? error.stack : undefined;
    context.log.log("ERROR", "market_failed", { cause: messageOf(error), stack });
    context.enter("STOPPED", context.problem);
    await context.orders.cancelAll();
  }
}

const ENDED_BY_RECONCILIATION: ReadonlySet<string> = new Set([
  "FAILURES",
  "DRIFT",
  "STOCK_INVARIANT",
]);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
