import type { CancelAllReport } from "../connector/cancel_all.ts";
import { OrderManager } from "../connector/order_manager.ts";
import type { OwnOrderFeed } from "../connector/own_order_feed.ts";
import type { TradePoller } from "../connector/trade_poller.ts";
import type { WorkPermit } from "../connector/work_permit.ts";
import type { MarketSettings } from "../config/hot/config_feed.ts";
import type { MarketConfig } from "../config/registry.ts";
import { MarketContext } from "../cycle/market_context.ts";
import type { OperatorOrder } from "../cycle/operator_order.ts";
import { clientOrderIds, SEQUENCE_LENGTH } from "../execution/client_order_id.ts";
import { slotOf, timeToSlotMs } from "../lifecycle/cycle_slots.ts";
import type { DrainCause } from "../lifecycle/lease.ts";
import type { WorkedMarket } from "../lifecycle/lease_keeper.ts";
import { MarketRunner } from "../lifecycle/market_runner.ts";
import type { Obstacle } from "../lifecycle/obstacle.ts";
import type { RunnerTools } from "../lifecycle/runner_tools.ts";
import { sleep } from "../runtime/clock.ts";
import { withFields } from "../runtime/log.ts";
import type { ServiceDependencies, StopReport } from "./service_api.ts";

/** Explanations that all markets of a process keep together, about 4 kB each. */
const MAX_EXPLANATIONS = 15_000;

/** A market that was taken over must not wait long for its first quotes. */
const MAX_SPREAD_MS = 1000;

/** What all runners share. */
export type SharedTools = Omit<
  RunnerTools,
  "permit" | "fence" | "obstacle" | "newKey" | "settings" | "slot"
>;

/** What the roster works with. */
export interface MarketRosterOptions extends ServiceDependencies {
  readonly poller: TradePoller;
  /** Left out where processes share the account. */
  readonly ownOrders?: OwnOrderFeed;
  readonly shared: SharedTools;
  /** The newest settings of a market. */
  readonly settings: (marketId: string) => MarketSettings;
  /** What an operator wants of every market. */
  readonly orderForAll: () => OperatorOrder | null;
  /** Steady epoch milliseconds. */
  readonly nowMs: () => number;
  /** Aborted when the process stops. */
  readonly stopSignal: AbortSignal;
}

/** A market to work, and by which right. */
export interface Assignment {
  readonly market: MarketConfig;
  readonly permit: WorkPermit;
  readonly obstacle: Obstacle;
}

/**
 * The markets that this process works, one runner each; they come and go while it runs. A market
 * that is left with orders in it stays here until they are gone.
 */
export class MarketRoster {
  readonly #options: MarketRosterOptions;
  #runners: readonly MarketRunner[] = [];
  #contexts: readonly MarketContext[] = [];
  readonly #loops = new Set<Promise<void>>();
  /** What the last stop of a runner left behind; no entry if that is nothing. */
  readonly #unclear = new Map<MarketRunner, CancelAllReport>();

  constructor(options: MarketRosterOptions) {
    this.#options = options;
  }

  /** The runners, in the order in which they came. */
  get runners(): readonly MarketRunner[] {
    return this.#runners;
  }

  /** The markets, as their runners see them. */
  get contexts(): readonly MarketContext[] {
    return this.#contexts;
  }

  /** The loops of all runners that were set going; a runner's loop ends when it stops. */
  get loops(): readonly Promise<void>[] {
    return [...this.#loops];
  }

  /** Puts a market on the roster; its runner does nothing yet. */
  add({ market, permit, obstacle }: Assignment): MarketRunner {
    const { random, shared, settings } = this.#options;
    const { marketId } = market;
    // A key must never come twice, not even if the market comes back to the same process.
    const keys = random.fork(permit.token === 0 ? `keys ${marketId}` : keyLabel(marketId, permit));
    const runner: MarketRunner = new MarketRunner(this.#contextOf(market, permit), {
      ...shared,
      permit,
      fence: () => permit.token,
      settings: () => settings(marketId),
      slot: () => this.#slotOf(runner),
      obstacle,
      newKey: () => `amm-${marketId.slice(0, 24)}-${hex(keys.next())}${hex(keys.next())}`,
    });
    this.#list([...this.#runners, runner]);
    return runner;
  }

  /** Every cycle of every market asks for the lists, so they are kept. */
  #list(runners: readonly MarketRunner[]): void {
    this.#runners = runners;
    this.#contexts = runners.map(({ context }) => context);
  }

  #slotOf(runner: MarketRunner): number | null {
    return slotOf(this.#runners.indexOf(runner), this.#runners.length);
  }

  /** Sets all runners going, spread over one interval: not all ask the venue at once. */
  runAll(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const markets = this.#runners.length;
    for (const [index, runner] of this.#runners.entries()) {
      const intervalMs = runner.context.config.quoteIntervalMs;
      const slot = slotOf(index, markets);
      const evenlyMs = (index * intervalMs) / markets;
      this.run(runner, slot === null ? evenlyMs : timeToSlotMs({ nowMs, intervalMs, slot }));
    }
  }

  /** Sets a runner going. @param delayMs after this time */
  run(runner: MarketRunner, delayMs: number): void {
    const { clock, stopSignal } = this.#options;
    const loop = sleep(clock, delayMs, stopSignal).then(() => runner.run());
    const tracked = loop.finally(() => this.#loops.delete(tracked));
    this.#loops.add(tracked);
  }

  /** Works a market under a lease, until it is drained. */
  work(assignment: Assignment): WorkedMarket {
    const runner = this.add(assignment);
    const spreadMs = Math.min(MAX_SPREAD_MS, assignment.market.quoteIntervalMs);
    const begun = runner.start();
    return {
      // Markets that start together do not all ask the venue at once afterwards.
      started: begun.then(() => this.run(runner, spreadMs * this.#options.random.next())),
      drain: (cause) => this.#drain(runner, cause),
      orderIds: () => runner.context.orders.orders.map(({ orderId }) => orderId),
    };
  }

  /** Stops a runner. @returns true if the venue lists none of its orders */
  async stop(runner: MarketRunner, reason: string): Promise<boolean> {
    return this.#note(runner, await runner.stop(reason));
  }

  /** What all stops so far have left behind. */
  stopReport(): StopReport {
    const unclear = [...this.#unclear];
    return {
      remaining: unclear.flatMap(([, { remaining }]) => remaining),
      unverified: unclear.filter(([, { verified }]) => !verified)
        .map(([{ context }]) => context.marketId),
    };
  }

  /** Goes on until the venue lists none of the orders, or the process stops. */
  async #drain(runner: MarketRunner, cause: DrainCause): Promise<boolean> {
    const { stopSignal, poller } = this.#options;
    const { marketId, orders } = runner.context;
    const reason = `its lease is ${cause}`;
    const hasTime = cause === "given_up";
    let isClear = this.#note(
      runner,
      hasTime ? await runner.stop(reason) : await runner.withdraw(reason),
    );
    while (!isClear && !stopSignal.aborted) {
      isClear = this.#note(runner, await orders.cancelAll());
    }
    if (!isClear) return false;
    this.#list(this.#runners.filter((other) => other !== runner));
    const isBack = this.contexts.some((context) => context.marketId === marketId);
    if (!isBack) poller.unsubscribe(marketId);
    return true;
  }

  #note(runner: MarketRunner, report: CancelAllReport): boolean {
    const isClear = report.verified && report.remaining.length === 0;
    if (isClear) this.#unclear.delete(runner);
    else this.#unclear.set(runner, report);
    return isClear;
  }

  #contextOf(market: MarketConfig, permit: WorkPermit): MarketContext {
    const { connector, clock, config, calls, rateBudget, log, poller, nowMs, shared, ownOrders } =
      this.#options;
    const { marketId } = market;
    const marketLog = withFields(log.child({ marketId }), () => ({ cycle: context.cycle }));
    const context: MarketContext = new MarketContext({
      config: market,
      ownUserId: shared.ownUserId,
      calls: calls.of(marketId),
      clock,
      nowMs,
      log: marketLog,
      explanationLimit: Math.floor(MAX_EXPLANATIONS / config.markets.size),
      orders: new OrderManager({
        marketId,
        connector,
        clock,
        log: marketLog,
        rateBudget,
        nextClientOrderId: clientOrderIds(marketId, clock, this.#firstNumber(permit)),
        batchCancelEnabled: config.global.batchCancelEnabled,
        cancelTimeoutMs: config.global.shutdownTimeoutMs,
        permit,
        ...(ownOrders === undefined ? {} : { feed: ownOrders }),
      }),
    });
    context.operatorOrder = this.#options.orderForAll();
    poller.subscribe(marketId, (trades) => {
      context.inbox.trades.push(...trades);
      if (context.config.stabilizationCancelOnTrade) context.inbox.wake();
    });
    return context;
  }

  /** Where processes share a market one after the other, their order ids must differ. */
  #firstNumber({ token }: WorkPermit): number {
    return token === 0 ? 0 : this.#options.random.integer(0, SEQUENCE_LENGTH - 1);
  }
}

function keyLabel(marketId: string, { token }: WorkPermit): string {
  return `keys ${marketId} ${token}`;
}

/** A number from 0 to 1 as eight hexadecimal digits. */
function hex(value: number): string {
  return Math.floor(value * 2 ** 32).toString(16).padStart(8, "0");
}
