import { VenueCode, VenueError } from "../connector/connector.ts";
import type { CancelAllReport } from "../connector/cancel_all.ts";
import type { Decision } from "../cycle/decide.ts";
import { classifyFailure, REACTIONS } from "../cycle/failure.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { type MarketState, setAnchor, toPersisted } from "../cycle/market_state.ts";
import { keepPairs } from "../cycle/pair_keeper.ts";
import { runBlindCycle, runCycle } from "../cycle/quote_cycle.ts";
import type { AdminCommand } from "../models/admin_command.ts";
import type { KillLatch, QuoteExplanation } from "../models/explanation.ts";
import { latchKill, releaseKill } from "../risk/defense_stack.ts";
import { withTimeout } from "../runtime/clock.ts";
import { startMarket, type StartTools } from "./initializer.ts";
import { type DriftTolerances, reconcileMarket } from "./reconciler.ts";
import { settle, windDown } from "./winding_down.ts";

/** What a runner needs besides the tools of its steps. */
export interface RunnerTools extends StartTools {
  readonly tolerances: DriftTolerances;
  readonly reconciliationIntervalMs: number;
  /** The latch that kills every market, null if it is not set. */
  readonly globalLatch: () => KillLatch | null;
  /** Kills every market: the daily loss of the whole bot is used up. */
  readonly killAll: (latch: KillLatch) => void;
  /** Called after every cycle. */
  readonly onCycle: (explanation: QuoteExplanation) => void;
  /** How long a running turn may take to end at a stop, ms. */
  readonly cycleAbortMs: number;
}

/** A start that the venue did not let through is tried again after this time. */
const START_RETRY_MS = 5000;

/**
 * One market as an actor: its loop is the only code that changes its state. Commands, kills,
 * reconciliation and the stop are messages that it takes at its next boundary. What fails here
 * never reaches other markets.
 */
export class MarketRunner {
  readonly context: MarketContext;
  readonly #tools: RunnerTools;
  #stopping = false;
  #turn: Promise<void> = Promise.resolve();
  #release: AdminCommand | null = null;

  constructor(context: MarketContext, tools: RunnerTools) {
    this.context = context;
    this.#tools = tools;
  }

  /** True while the market may get new orders. */
  get mayPlace(): boolean {
    return !this.#stopping && this.context.lifecycle === "RUNNING" &&
      this.#tools.globalLatch() === null;
  }

  /** The first try to start the market; afterwards {@link run} goes on with whatever came of it. */
  async start(): Promise<void> {
    this.#turn = this.#guarded(() => this.#tryStart());
    await this.#turn;
  }

  /** Works the market until it has ended or is stopped. */
  async run(): Promise<void> {
    if (this.context.lifecycle === "STARTING") await this.context.inbox.wait(START_RETRY_MS);
    while (!this.#stopping && this.context.lifecycle !== "STOPPED") {
      this.#turn = this.#guarded(() => this.#takeTurn());
      await this.#turn;
      await this.context.inbox.wait(this.#waitMs());
    }
  }

  /**
   * Stops: the running turn gets `cycleAbortMs` to end, then every own order is cancelled and the
   * venue asked whether any is left, the last trades are booked and the state is written.
   */
  async stop(reason: string): Promise<CancelAllReport> {
    this.#stopping = true;
    this.context.inbox.wake();
    const { services, cycleAbortMs, store } = this.#tools;
    await withTimeout(services.clock, cycleAbortMs, this.#turn);
    const report = await this.context.orders.cancelAll();
    const { state, config, marketId } = this.context;
    if (state !== null) {
      await withTimeout(services.clock, cycleAbortMs, services.poller.poll().catch(() => {}));
      this.context.bookTrades();
      await store.saveMarket(marketId, toPersisted(this.context.state ?? state, config));
    }
    this.context.enter("STOPPED", reason);
    return report;
  }

  #waitMs(): number {
    const { lifecycle, config } = this.context;
    return lifecycle === "STARTING" ? START_RETRY_MS : config.quoteIntervalMs;
  }

  async #tryStart(): Promise<void> {
    const { context } = this;
    context.log.log("INFO", "market_starting");
    const problem = await startMarket(context, this.#tools);
    if (problem !== null) {
      context.problem = problem;
      context.log.log("ERROR", "market_start_failed", { problem });
      return context.enter("STOPPED", problem);
    }
    context.problem = null;
    context.reconciledAtMs = context.nowMs();
    const latch = context.state?.defense.latch ?? null;
    context.enter(latch === null ? "RUNNING" : "EMERGENCY", "the start procedure is complete");
    context.log.log("INFO", "market_started", { latch });
  }

  async #takeTurn(): Promise<void> {
    const { context } = this;
    if (context.lifecycle === "STARTING") return await this.#tryStart();
    this.#takeCommands();
    context.bookCashFinding();
    context.noteLeakFinding();
    const global = this.#tools.globalLatch();
    if (global !== null) this.#latch(global);
    await this.#actOnLatch();
    if (this.#release !== null) await this.#tryRelease(this.#release);
    await this.#reconcileIfDue();
    if (context.lifecycle === "WINDING_DOWN") return await windDown(context, this.#tools);
    await this.#cycle();
  }

  async #cycle(): Promise<void> {
    const { context } = this;
    const { state } = context;
    if (state === null) return;
    const tools = { ...this.#tools, mayPlace: () => this.mayPlace };
    const decision = await runCycle(context, state, tools);
    if (decision.deferred === null) context.failures = 0;
    await this.#follow(decision);
    if (context.lifecycle === "RUNNING") await keepPairs(context, decision.assessment, this.#tools);
  }

  /** What a decision means for the life of the market. */
  async #follow({ assessment, state }: Decision): Promise<void> {
    const { context } = this;
    const { status } = state.market;
    const { latch } = state.defense;
    if (latch?.reason === "GLOBAL_LOSS") this.#tools.killAll(latch);
    if (status === "SETTLED" || status === "VOIDED") {
      await settle(context, this.#tools);
    } else if (status === "RESOLVED" || assessment.maturity.stop) {
      context.enter("WINDING_DOWN", status === "RESOLVED" ? "RESOLVED" : "the end is near");
      await windDown(context, this.#tools);
    } else {
      await this.#actOnLatch();
    }
    if (context.explanation !== null) this.#tools.onCycle(context.explanation);
  }

  /**
   * A latch takes every order off the market and keeps it that way; without one the market is
   * worked.
   */
  async #actOnLatch(): Promise<void> {
    const { context } = this;
    const latch = context.state?.defense.latch ?? null;
    if (context.lifecycle === "WINDING_DOWN") return;
    if (latch === null) return context.enter("RUNNING", "no kill is latched");
    if (context.lifecycle === "RUNNING") {
      context.enter("EMERGENCY", latch.reason);
      context.log.log("ERROR", "kill_latched", { ...latch });
      await this.#save();
      await context.orders.cancelAll();
    } else if (context.orders.orders.length > 0) {
      await context.orders.cancelAll();
    }
  }

  #takeCommands(): void {
    const { context } = this;
    for (const command of context.inbox.commands.splice(0)) {
      context.log.log("WARN", "admin_command", { ...command });
      switch (command.kind) {
        case "kill":
          this.#latch({
            reason: "ADMIN",
            atMs: this.#tools.services.clock.nowMs(),
            source: `${command.operator}: ${command.reason}`,
          });
          break;
        case "release":
          this.#release = command;
          break;
        case "set_anchor":
          this.#setAnchor(command.anchorPriceCents);
      }
    }
  }

  #latch(latch: KillLatch): void {
    const { state } = this.context;
    if (state === null) return;
    this.context.state = { ...state, defense: latchKill(state.defense, latch) };
  }

  #setAnchor(anchorPriceCents: number): void {
    const { context } = this;
    context.config = { ...context.config, anchorPriceCents };
    if (context.state === null) return;
    context.state = setAnchor(context.state, context.nowMs(), context.config);
    context.log.log("INFO", "anchor_changed", { anchorPriceCents });
  }

  /**
   * Releases a latch after a clean look at the venue; if its cause still holds, the next cycle
   * latches again.
   */
  async #tryRelease(command: AdminCommand): Promise<void> {
    const { context } = this;
    this.#release = null;
    if (context.state === null || context.state.defense.latch === null) return;
    await reconcileMarket(context, this.#tools.services, this.#tools.tolerances);
    const { state } = context;
    if (state === null) return;
    const market = await this.#tools.services.connector.market(context.marketId);
    context.log.log("WARN", "kill_released", { ...command, latch: state.defense.latch });
    context.state = {
      ...state,
      market,
      driftBreachesMs: [],
      defense: releaseKill(state.defense),
    };
    await this.#save();
    context.enter("RUNNING", "released by an operator");
  }

  async #reconcileIfDue(): Promise<void> {
    const { context } = this;
    const { reconciliationIntervalMs, services, tolerances } = this.#tools;
    const isDue = context.nowMs() - context.reconciledAtMs >= reconciliationIntervalMs;
    const reasons = context.state?.pauses.active.map(({ reason }) => reason) ?? [];
    const isPaused = reasons.some((reason) => ENDED_BY_RECONCILIATION.has(reason));
    if (!isDue && !isPaused && context.inbox.reconcile === null) return;
    await reconcileMarket(context, services, tolerances);
  }

  async #save(): Promise<void> {
    const { state, config, marketId } = this.context;
    if (state !== null) await this.#tools.store.saveMarket(marketId, toPersisted(state, config));
  }

  /** Runs a turn; whatever goes wrong in it ends here, with the one reaction its class has. */
  async #guarded(turn: () => Promise<void>): Promise<void> {
    try {
      await turn();
    } catch (error) {
      try {
        await this.#onFailure(error);
      } catch (second) {
        await this.#failClosed(second);
      }
    }
  }

  async #onFailure(error: unknown): Promise<void> {
    const { context } = this;
    const failure = classifyFailure(error);
    if (REACTIONS[failure] === "fail_closed") return await this.#failClosed(error);
    context.failedCycles++;
    context.failures++;
    context.log.log("WARN", "cycle_deferred", { failure, cause: messageOf(error) });
    if (REACTIONS[failure] === "degraded") context.noteMalformedReply();
    if (error instanceof VenueError && error.code === VenueCode.MARKET_NOT_ACTIVE) {
      context.statusReadAtMs = -Infinity;
    }
    if (context.state === null) {
      context.problem = messageOf(error);
      return;
    }
    await this.#judgeBlindly(context.state);
  }

  async #judgeBlindly(state: MarketState): Promise<void> {
    const tools = { ...this.#tools, mayPlace: () => false };
    await this.#follow(await runBlindCycle(this.context, state, tools));
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
