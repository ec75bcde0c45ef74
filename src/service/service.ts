import { MarketContext } from "../cycle/market_context.ts";
import type { CycleServices } from "../cycle/sync.ts";
import { BalanceFeed } from "../connector/balance_feed.ts";
import { VenueError } from "../connector/connector.ts";
import { OrderManager } from "../connector/order_manager.ts";
import { TradePoller } from "../connector/trade_poller.ts";
import type { MarketConfig } from "../config/registry.ts";
import { clientOrderIds } from "../execution/client_order_id.ts";
import { AccountBook } from "../lifecycle/account_book.ts";
import { reconcileCash } from "../lifecycle/cash_reconciler.ts";
import { MarketRunner, type RunnerTools } from "../lifecycle/market_runner.ts";
import type { AdminCommand } from "../models/admin_command.ts";
import type { KillLatch, QuoteExplanation } from "../models/explanation.ts";
import { price } from "../models/money.ts";
import { NO_PRICES, OracleFeeds } from "../oracle/oracle_feeds.ts";
import { sleep, withTimeout } from "../runtime/clock.ts";
import type { Service, ServiceDependencies, ServiceStatus, StopReport } from "./service_api.ts";
import { statusReport } from "./status_report.ts";

/** A login or first read that fails is tried again after this time. */
const RETRY_MS = 5000;

/**
 * Puts the bot together. Nothing happens before `start`.
 * @param dependencies the outside world: configuration, venue, store, time, chance, log
 */
export function createService(dependencies: ServiceDependencies): Service {
  return new Bot(dependencies);
}

/** The supervisor: owns start and stop, the shared feeds, and one runner per market. */
class Bot implements Service {
  readonly #deps: ServiceDependencies;
  readonly #poller: TradePoller;
  readonly #balance: BalanceFeed;
  readonly #accounts = new AccountBook();
  readonly #oracles = new OracleFeeds();
  readonly #listeners = new Set<(explanation: QuoteExplanation) => void>();
  readonly #runners: MarketRunner[] = [];
  readonly #stopSignal = new AbortController();
  /** Wall time at the start of the process minus monotonic time: makes monotonic time readable. */
  readonly #steadyOffsetMs: number;
  readonly #startedAtMs: number;
  #state: ServiceStatus["state"] = "starting";
  #ready = false;
  #globalLatch: KillLatch | null = null;
  #loops: Promise<void>[] = [];
  #stopping: Promise<StopReport> | null = null;

  constructor(dependencies: ServiceDependencies) {
    const { clock, connector, config, log } = dependencies;
    this.#deps = dependencies;
    this.#startedAtMs = clock.nowMs();
    this.#steadyOffsetMs = clock.nowMs() - clock.monotonicMs();
    this.#balance = new BalanceFeed(connector, clock);
    this.#poller = new TradePoller({
      connector,
      log,
      pageLimit: config.global.tradePageLimit,
      maxRemembered: config.global.dedupeMaxEntries,
    });
  }

  async start(): Promise<void> {
    const { store, connector, config, log } = this.#deps;
    if (!store.survivesRestart) {
      log.log("WARN", "state_lost", {
        lost: "what an earlier process knew: state_store is memory",
      });
    }
    const opened = await this.#untilAnswered(async () => {
      const ownUserId = await connector.identity();
      await this.#poller.poll();
      this.#globalLatch = await store.loadGlobalLatch();
      return ownUserId;
    });
    if (opened === null) return;
    for (const market of config.markets.values()) {
      await this.#reserveCash(market);
      if (this.#stopSignal.signal.aborted) return;
      this.#runners.push(this.#runnerOf(market, opened));
    }
    await Promise.all([
      ...this.#runners.map((runner) => this.#openOracle(runner.context)),
      ...this.#runners.map((runner) => runner.start()),
    ]);
    if (await this.#untilAnswered(() => this.#settleAccount()) === null) return;
    this.#state = "running";
    this.#loops = [
      ...this.#runners.map((runner, index) => this.#work(runner, index)),
      this.#every(() => config.global.tradePollIntervalMs, () => this.#poller.poll()),
      this.#every(() => config.global.balancePollIntervalMs, () => this.#reconcileCash()),
    ];
  }

  stop(reason: string): Promise<StopReport> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  status(): ServiceStatus {
    const { clock, config } = this.#deps;
    const nowMs = clock.nowMs();
    return {
      mode: config.mode,
      state: this.#state,
      startedAtMs: this.#startedAtMs,
      nowMs,
      uptimeMs: clock.monotonicMs() + this.#steadyOffsetMs - this.#startedAtMs,
      ready: this.#ready,
      pnlDayCents: this.#dayPnlCents(),
      globalLatch: this.#globalLatch,
      markets: this.#runners.map(({ context }) => statusReport(context)),
    };
  }

  admin(target: string, command: AdminCommand): void {
    if (command.kind === "set_anchor") price(command.anchorPriceCents);
    const chosen = this.#runners.filter(({ context }) =>
      target === "*" || context.marketId === target
    );
    if (chosen.length === 0) {
      const known = this.#runners.map(({ context }) => context.marketId).join(", ");
      throw new RangeError(`Cannot find market ${target}: it must be * or one of ${known}`);
    }
    if (target === "*" && command.kind === "kill") this.#killAll(this.#adminLatch(command));
    if (target === "*" && command.kind === "release") this.#setGlobalLatch(null);
    for (const { context } of chosen) {
      context.inbox.commands.push(command);
      context.inbox.wake();
    }
  }

  explanations(marketId: string): readonly QuoteExplanation[] {
    const runner = this.#runners.find(({ context }) => context.marketId === marketId);
    if (runner === undefined) throw new RangeError(`Cannot find market ${marketId}`);
    return [...runner.context.explanations];
  }

  onCycle(listener: (explanation: QuoteExplanation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #stop(reason: string): Promise<StopReport> {
    this.#state = "stopping";
    this.#stopSignal.abort();
    const reports = await Promise.all(this.#runners.map((runner) => runner.stop(reason)));
    // A call that hangs must not hold up the end: its loop does nothing more once it comes back.
    const { clock, config } = this.#deps;
    await withTimeout(clock, config.global.cycleAbortMs, Promise.all(this.#loops));
    this.#state = "stopped";
    return {
      remaining: reports.flatMap((report) => report.remaining),
      unverified: this.#runners
        .filter((_, index) => reports[index]?.verified === false)
        .map(({ context }) => context.marketId),
    };
  }

  /** Repeats until the venue answers; null if the stop came first. */
  async #untilAnswered<T>(work: () => Promise<T>): Promise<T | null> {
    while (!this.#stopSignal.signal.aborted) {
      try {
        const answer = await work();
        if (!this.#stopSignal.signal.aborted) return answer;
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        this.#deps.log.log("ERROR", "session_failed", { cause: error.message });
        await sleep(this.#deps.clock, RETRY_MS, this.#stopSignal.signal);
      }
    }
    return null;
  }

  /**
   * What no market owns when quoting begins is unallocated; from here on every cent has to be
   * explained.
   */
  async #settleAccount(): Promise<true> {
    const { availableCents, frozenCents } = await this.#balance.read(0);
    this.#accounts.settle(availableCents + frozenCents);
    return true;
  }

  /**
   * Cash of a market that was worked before is not free for those that start for the first time.
   */
  async #reserveCash({ marketId }: MarketConfig): Promise<void> {
    const saved = await this.#deps.store.loadMarket(marketId);
    if (saved !== null) this.#accounts.open(marketId, () => saved.ledger.marketCashCents);
  }

  #runnerOf(market: MarketConfig, ownUserId: string): MarketRunner {
    const { connector, clock, config, calls, rateBudget, log, random, store } = this.#deps;
    const { marketId } = market;
    const marketLog = log.child({ marketId });
    const context: MarketContext = new MarketContext({
      config: market,
      ownUserId,
      calls: calls.of(marketId),
      clock,
      nowMs: () => clock.monotonicMs() + this.#steadyOffsetMs,
      log: marketLog,
      orders: new OrderManager({
        marketId,
        connector,
        clock,
        log: marketLog,
        rateBudget,
        nextClientOrderId: clientOrderIds(marketId, clock),
        batchCancelEnabled: config.global.batchCancelEnabled,
        cancelTimeoutMs: config.global.shutdownTimeoutMs,
      }),
    });
    this.#poller.subscribe(marketId, (trades) => {
      context.inbox.trades.push(...trades);
      if (context.config.stabilizationCancelOnTrade) context.inbox.wake();
    });
    const keys = random.fork(`keys ${marketId}`);
    const tools: RunnerTools = {
      services: this.#services(),
      store,
      newKey: () => `amm-${marketId.slice(0, 24)}-${hex(keys.next())}${hex(keys.next())}`,
      accounts: this.#accounts,
      ownUserId,
      tolerances: config.global,
      reconciliationIntervalMs: config.global.reconciliationIntervalMs,
      globalLatch: () => this.#globalLatch,
      killAll: (latch) => this.#killAll(latch),
      onCycle: (explanation) => this.#publish(explanation),
      cycleAbortMs: config.global.cycleAbortMs,
    };
    return new MarketRunner(context, tools);
  }

  /** A market without a slug has no outside price, and gets none while the process runs. */
  async #openOracle(context: MarketContext): Promise<void> {
    const { marketId, log, nowMs } = context;
    if (context.config.oracleSlug === null) return;
    const { clock, prices: source = NO_PRICES } = this.#deps;
    const options = { source, clock, nowMs, log, config: () => context.config };
    await this.#oracles.open(marketId, options, this.#stopSignal.signal);
  }

  #services(): CycleServices {
    const { connector, clock, config } = this.#deps;
    return {
      connector,
      poller: this.#poller,
      balance: this.#balance,
      clock,
      limits: config.global,
      marketStatusPollIntervalMs: config.global.marketStatusPollIntervalMs,
      otherDayPnlCents: (marketId) => this.#dayPnlCents(marketId),
      oracle: this.#oracles.view,
    };
  }

  /** Profit of the day of all markets but the given one. */
  #dayPnlCents(except?: string): number {
    return this.#runners
      .filter(({ context }) => context.marketId !== except)
      .reduce((sum, { context }) => sum + (context.explanation?.inventory.pnlDayCents ?? 0), 0);
  }

  /** Markets begin spread over one interval, so that they do not all ask the venue at once. */
  async #work(runner: MarketRunner, index: number): Promise<void> {
    const { quoteIntervalMs } = runner.context.config;
    const delayMs = (index * quoteIntervalMs) / this.#runners.length;
    await sleep(this.#deps.clock, delayMs, this.#stopSignal.signal);
    await runner.run();
  }

  /**
   * Repeats a task for as long as the process runs; a failure is logged and does not end it (L-54).
   */
  async #every(intervalMs: () => number, task: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#stopSignal;
    while (!signal.aborted) {
      await sleep(clock, intervalMs(), signal);
      if (signal.aborted) return;
      await task().catch((error: unknown) => {
        log.log("WARN", "call_failed", { cause: String(error) });
      });
    }
  }

  #reconcileCash(): Promise<void> {
    return reconcileCash({
      accounts: this.#accounts,
      balance: this.#balance,
      poller: this.#poller,
      contexts: () => this.#runners.map(({ context }) => context),
      toleranceCents: this.#deps.config.global.cashToleranceCents,
      log: this.#deps.log,
    });
  }

  #adminLatch({ operator, reason }: { operator: string; reason: string }): KillLatch {
    const atMs = this.#deps.clock.nowMs();
    return { reason: "ADMIN", atMs, source: `${operator}: ${reason}` };
  }

  #killAll(latch: KillLatch): void {
    if (this.#globalLatch !== null) return;
    this.#setGlobalLatch(latch);
    for (const { context } of this.#runners) context.inbox.wake();
  }

  #setGlobalLatch(latch: KillLatch | null): void {
    this.#globalLatch = latch;
    this.#deps.store.saveGlobalLatch(latch).catch((error: unknown) => {
      this.#deps.log.log("ERROR", "store_unavailable", { cause: String(error) });
    });
  }

  #publish(explanation: QuoteExplanation): void {
    this.#ready ||= explanation.price !== null && this.#runners.every(isUnderWay);
    for (const listener of this.#listeners) listener(explanation);
  }
}

/** True if a market has had its first priced cycle, or says why it has none. */
function isUnderWay({ context }: MarketRunner): boolean {
  const { explanation, lifecycle, problem } = context;
  return (explanation !== null && explanation.price !== null) || problem !== null ||
    lifecycle === "STOPPED" || lifecycle === "EMERGENCY";
}

/** A number from 0 to 1 as eight hexadecimal digits. */
function hex(value: number): string {
  return Math.floor(value * 2 ** 32).toString(16).padStart(8, "0");
}
