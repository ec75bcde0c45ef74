import { BalanceFeed } from "../connector/balance_feed.ts";
import { VenueError } from "../connector/connector.ts";
import { OwnOrderFeed } from "../connector/own_order_feed.ts";
import { ORDERS } from "../connector/rate_budget.ts";
import { TradePoller } from "../connector/trade_poller.ts";
import { type ConfigFeed, fixedConfig } from "../config/hot/config_feed.ts";
import type { GlobalConfig, MarketConfig } from "../config/registry.ts";
import type { CycleServices } from "../cycle/sync.ts";
import { AccountBook } from "../lifecycle/account_book.ts";
import { reconcileCash } from "../lifecycle/cash_reconciler.ts";
import type { MarketRunner } from "../lifecycle/market_runner.ts";
import { SharedState } from "../lifecycle/shared_state.ts";
import type { AdminCommand, CommandReceipt } from "../models/admin_command.ts";
import type { QuoteExplanation } from "../models/explanation.ts";
import { OracleFeeds } from "../oracle/oracle_feeds.ts";
import { sleep, withTimeout } from "../runtime/clock.ts";
import { noTracer } from "../runtime/tracer.ts";
import { assignmentOf, seatOf } from "./assignment.ts";
import { closeUpOf, type MarketCloseUp } from "./close_up.ts";
import { ordersLeftOver } from "./left_over.ts";
import { requireSystemAccount } from "./live_connector.ts";
import type { MarketAssignment } from "./market_assignment.ts";
import { MarketRoster, type SharedTools } from "./market_roster.ts";
import { quoteWith, tell } from "./operate.ts";
import { OperatorCommands } from "./operator_commands.ts";
import type { Seat } from "./seat.ts";
import type {
  QuotePreview,
  Service,
  ServiceDependencies,
  ServiceStatus,
  StopReport,
} from "./service_api.ts";
import { explanationsOf, isUnderWay, liveMarkets, statusReport } from "./status_report.ts";

/** A login or first read that fails is tried again after this time. */
const RETRY_MS = 5000;
/** What all instances share is looked at this often. */
const SHARED_STATE_MS = 1000;

/**
 * Puts the bot together. Nothing happens before `start`.
 * @param dependencies the outside world: configuration, venue, store, time, chance, log
 */
export function createService(dependencies: ServiceDependencies): Service {
  return new Bot(dependencies);
}

/** The supervisor: owns start and stop, the shared feeds, and what all markets have in common. */
class Bot implements Service {
  readonly #deps: ServiceDependencies;
  readonly #feed: ConfigFeed;
  readonly #poller: TradePoller;
  readonly #balance: BalanceFeed;
  readonly #accounts = new AccountBook();
  readonly #oracles: OracleFeeds;
  readonly #shared: SharedState;
  readonly #commands: OperatorCommands;
  readonly #seat: Seat | null;
  readonly #listeners = new Set<(explanation: QuoteExplanation) => void>();
  readonly #stopSignal = new AbortController();
  readonly #failure = Promise.withResolvers<string>();
  /** Wall time at the start of the process minus monotonic time: makes monotonic time readable. */
  readonly #steadyOffsetMs: number;
  readonly #startedAtMs: number;
  #state: ServiceStatus["state"] = "starting";
  #ready = false;
  /** Null until the venue has said who we are. */
  #roster: MarketRoster | null = null;
  #assignment: MarketAssignment | null = null;
  #loops: Promise<void>[] = [];
  #stopping: Promise<StopReport> | null = null;

  constructor(dependencies: ServiceDependencies) {
    const { clock, connector, config, log, prices } = dependencies;
    this.#deps = dependencies;
    this.#oracles = new OracleFeeds(clock, prices);
    this.#feed = dependencies.configFeed ?? fixedConfig(config);
    this.#startedAtMs = clock.nowMs();
    this.#steadyOffsetMs = clock.nowMs() - clock.monotonicMs();
    this.#balance = new BalanceFeed(connector, clock);
    this.#poller = new TradePoller({
      connector,
      log,
      pageLimit: config.global.tradePageLimit,
      maxRemembered: config.global.dedupeMaxEntries,
    });
    this.#shared = this.#sharedState();
    this.#commands = new OperatorCommands({
      clock,
      shared: this.#shared,
      runners: () => this.#runners,
      leases: () => this.#assignment?.report() ?? null,
    });
    this.#seat = seatOf(dependencies, this.#stopSignal.signal);
  }

  get failed(): Promise<string> {
    return this.#failure.promise;
  }

  /** The settings of the process as they are now. */
  get #global(): GlobalConfig {
    return this.#feed.config.global;
  }

  async start(): Promise<void> {
    const { store, connector, log } = this.#deps;
    if (!store.survivesRestart) {
      log.log("WARN", "state_not_kept", {
        lost: "latches, losses of the day, the ledger, level, phase and learner",
      });
    }
    const ownUserId = await this.#untilAnswered(async () => {
      const userId = await connector.identity();
      requireSystemAccount(userId, this.#deps.config);
      await this.#poller.poll();
      return userId;
    });
    if (ownUserId === null || !await this.#takeSeat()) return;
    await this.#feed.start();
    const roster = this.#newRoster(ownUserId);
    this.#roster = roster;
    this.#assignment = this.#newAssignment(roster);
    if (!await this.#assignment.start()) return;
    this.#state = "running";
    this.#loops = [
      this.#every(() => this.#global.tradePollIntervalMs, () => this.#poller.poll()),
      this.#every(() => this.#global.balancePollIntervalMs, () => this.#reconcileCash()),
      this.#feed.run(this.#stopSignal.signal),
      // What is kept in this process is shared with nobody.
      ...(store.survivesRestart
        ? [this.#every(() => SHARED_STATE_MS, () => this.#shared.tick())]
        : []),
    ];
  }

  stop(reason: string): Promise<StopReport> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  status(): ServiceStatus {
    const { clock, config, store } = this.#deps;
    const nowMs = clock.nowMs();
    return {
      mode: config.mode,
      state: this.#state,
      startedAtMs: this.#startedAtMs,
      nowMs,
      uptimeMs: clock.monotonicMs() + this.#steadyOffsetMs - this.#startedAtMs,
      ready: this.#ready,
      pnlDayCents: this.#dayPnlCents(),
      globalLatch: this.#shared.globalLatch,
      store: { kind: store.kind, problem: store.problem, refused: this.#refusals() },
      leases: this.#assignment?.report() ?? null,
      markets: this.#runners.map(({ context }) => statusReport(context)),
    };
  }

  admin(target: string, command: AdminCommand): Promise<readonly CommandReceipt[]> {
    return this.#commands.send(target, command);
  }

  preview(marketId: string, config: MarketConfig): QuotePreview | null {
    return quoteWith(this.#roster?.contexts.find((known) => known.marketId === marketId), config);
  }

  closeUp(marketId: string): MarketCloseUp | null {
    return closeUpOf(this.#runners.find(({ context }) => context.marketId === marketId)?.context);
  }

  explanations(marketId: string): readonly QuoteExplanation[] {
    return explanationsOf(marketId, this.#runners.map(({ context }) => context));
  }

  onCycle(listener: (explanation: QuoteExplanation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get #runners(): readonly MarketRunner[] {
    return this.#roster?.runners ?? [];
  }

  async #stop(reason: string): Promise<StopReport> {
    this.#state = "stopping";
    this.#stopSignal.abort();
    await this.#assignment?.stop(reason);
    // A call that hangs must not hold up the end: its loop does nothing more once it comes back.
    const loops = [...this.#loops, ...this.#roster?.loops ?? []];
    await withTimeout(this.#deps.clock, this.#global.cycleAbortMs, Promise.all(loops));
    const report = this.#roster?.stopReport() ?? await ordersLeftOver(this.#deps, this.#seat);
    this.#state = "stopped";
    return report;
  }

  /** Repeats until the venue answers; null if the stop came first. */
  async #untilAnswered<T>(work: () => Promise<T>): Promise<T | null> {
    while (!this.#stopSignal.signal.aborted) {
      try {
        const answer = await work();
        if (!this.#stopSignal.signal.aborted) return answer;
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        this.#deps.log.log("ERROR", "start_deferred", { cause: error.message });
        await sleep(this.#deps.clock, RETRY_MS, this.#stopSignal.signal);
      }
    }
    return null;
  }

  /**
   * A process that shares markets can do nothing without the store; one that works all of them can
   * at least see to it that no order of an earlier run is left.
   * @returns false if this process must not work, or stops
   */
  async #takeSeat(): Promise<boolean> {
    const isShared = this.#deps.config.global.marketAssignment === "leased";
    const patience = isShared ? "waits for the store" : "does not wait";
    const why = await this.#seat?.take(patience) ?? null;
    if (why !== null) this.#failure.resolve(why);
    return why === null && !this.#stopSignal.signal.aborted;
  }

  #newAssignment(roster: MarketRoster): MarketAssignment {
    return assignmentOf({
      dependencies: this.#deps,
      roster,
      seat: this.#seat,
      stopSignal: this.#stopSignal.signal,
      settleAccount: async () => await this.#untilAnswered(() => this.#reconcileCash()) !== null,
      fail: (reason) => this.#failure.resolve(reason),
      onProgress: () => this.#noteReady(),
    });
  }

  #sharedState(): SharedState {
    const { store, clock, log, config } = this.#deps;
    const losses = [...config.markets.values()].map((market) => market.maxPerMarketLossCents);
    return new SharedState({
      store,
      clock,
      log,
      account: () => this.#balance.last,
      assumedLossCents: Math.max(0, ...losses),
      onKill: () => {
        for (const { context } of this.#runners) context.inbox.wake();
      },
      onReleasedElsewhere: (latch, by) => {
        const killed = this.#runners.filter(({ context }) =>
          context.state?.defense.latch?.atMs === latch.atMs
        );
        void tell(killed, {
          kind: "release",
          operator: by,
          reason: "released at another instance",
        }, clock);
      },
    });
  }

  #newRoster(ownUserId: string): MarketRoster {
    const { clock, config, store, rateBudget } = this.#deps;
    const shared: SharedTools = {
      services: this.#services(),
      store,
      mayCall: () => rateBudget.tryTake(ORDERS, "place"),
      accounts: this.#accounts,
      shared: this.#shared,
      ownUserId,
      global: () => this.#global,
      onCycle: (explanation) => this.#publish(explanation),
      openOracle: this.#oracles.open,
      cycleAbortMs: config.global.cycleAbortMs,
    };
    return new MarketRoster({
      ...this.#deps,
      poller: this.#poller,
      ...this.#ownOrders(),
      shared,
      settings: (marketId) => this.#feed.market(marketId),
      orderForAll: () => this.#commands.orderForAll,
      nowMs: () => clock.monotonicMs() + this.#steadyOffsetMs,
      stopSignal: this.#stopSignal.signal,
    });
  }

  /** A process that shares the account would mostly read the orders of the others. */
  #ownOrders(): { readonly ownOrders?: OwnOrderFeed } {
    if (this.#deps.config.global.marketAssignment === "leased") return {};
    return { ownOrders: new OwnOrderFeed({ ...this.#deps, markets: () => this.#runners.length }) };
  }

  #services(): CycleServices {
    const { connector, clock, config, store } = this.#deps;
    const isAlone = config.global.marketAssignment === "all";
    const global = () => this.#global;
    return {
      connector,
      poller: this.#poller,
      balance: this.#balance,
      clock,
      get limits() {
        return global();
      },
      get marketStatusPollIntervalMs() {
        return global().marketStatusPollIntervalMs;
      },
      mustConfirm: () => isAlone && store.problem !== null,
      otherDayPnlCents: (marketId) => this.#dayPnlCents(marketId),
      oracle: this.#oracles.view,
      tracer: this.#deps.tracer ?? noTracer,
    };
  }

  #refusals(): number {
    const { refusals } = this.#shared;
    return this.#runners.reduce((sum, { context }) => sum + context.refusals, refusals);
  }

  /**
   * Profit of the day of all markets of all instances but the given one: live figures of those that
   * are worked here, published ones of the others.
   */
  #dayPnlCents(except?: string): number {
    const contexts = this.#roster?.contexts ?? [];
    let live: ReadonlySet<string> | null = null;
    let sum = this.#shared.publishedPnlCents((marketId) => {
      live ??= liveMarkets(contexts);
      return marketId !== except && !live.has(marketId);
    });
    for (const { marketId, pnlDayCents } of contexts) {
      if (marketId !== except) sum += pnlDayCents;
    }
    return sum;
  }

  /**
   * Repeats a task for as long as the process runs; a failure is logged and does not end it (L-54).
   */
  async #every(intervalMs: () => number, task: () => Promise<void>): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stopSignal;
    while (!signal.aborted) {
      await sleep(clock, intervalMs(), signal);
      if (signal.aborted) return;
      await task().catch((error: unknown) => this.#onPollFailure(error));
    }
  }

  /** What every market depends on and nobody can read as agreed is a reason to pause (L-10). */
  #onPollFailure(error: unknown): void {
    this.#deps.log.log("WARN", "poll_failed", { cause: String(error) });
    if (!(error instanceof VenueError) || error.kind !== "malformed") return;
    for (const { context } of this.#runners) context.noteMalformedReply();
  }

  /**
   * Where several processes move the cash of one account, none of them can tell from its own books
   * what is missing.
   */
  async #reconcileCash(): Promise<void> {
    if (this.#deps.config.global.marketAssignment === "leased") return;
    await reconcileCash({
      accounts: this.#accounts,
      balance: this.#balance,
      poller: this.#poller,
      contexts: () => this.#runners.map(({ context }) => context),
      toleranceCents: this.#global.cashToleranceCents,
      log: this.#deps.log,
    });
  }

  #publish(explanation: QuoteExplanation): void {
    if (explanation.price !== null) this.#noteReady();
    for (const listener of this.#listeners) listener(explanation);
  }

  #noteReady(): void {
    const isSettled = this.#assignment?.isSettled ?? false;
    this.#ready ||= isSettled && this.#runners.every(({ context }) => isUnderWay(context));
  }
}
