import { TradePoller } from "../../../src/connector/trade_poller.ts";
import { sleep } from "../../../src/runtime/clock.ts";
import type {
  MarketStatusReport,
  Service,
  ServiceDependencies,
  ServiceStatus,
  StopReport,
} from "../../../src/service/service_api.ts";
import { MakerDesk } from "./maker_desk.ts";
import type { MakerFactory } from "./maker.ts";

/**
 * Runs a market maker in the place of the bot: with the same configuration, through the same
 * connector, as the same user, and with the same pace. It looks for fills as often as the bot and
 * quotes again after a fill or a quote interval.
 */
export function makerService(create: MakerFactory): (deps: ServiceDependencies) => Service {
  return (dependencies) => new MakerService(create, dependencies);
}

class MakerService implements Service {
  readonly #deps: ServiceDependencies;
  readonly #create: MakerFactory;
  readonly #desks = new Map<string, MakerDesk>();
  readonly #poller: TradePoller;
  readonly #stopSignal = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  /** It never finds out that it must not run. */
  readonly failed = new Promise<string>(() => {});

  constructor(create: MakerFactory, dependencies: ServiceDependencies) {
    const { connector, log, config } = dependencies;
    this.#create = create;
    this.#deps = dependencies;
    this.#poller = new TradePoller({
      connector,
      log,
      pageLimit: config.global.tradePageLimit,
      maxRemembered: config.global.dedupeMaxEntries,
    });
  }

  async start(): Promise<void> {
    const { connector, clock, config } = this.#deps;
    const ownUserId = await connector.identity();
    await this.#poller.poll();
    for (const [marketId, market] of config.markets) {
      const maker = this.#create({
        anchorCents: market.anchorPriceCents,
        budgetCents: market.maxPerMarketLossCents,
        orderShares: market.baseOrderQuantity,
      });
      const desk = new MakerDesk({ maker, config: market, connector, clock, ownUserId });
      desk.begin(await connector.market(marketId));
      this.#poller.subscribe(marketId, (trades) => desk.book(trades));
      this.#desks.set(marketId, desk);
    }
    this.#loop = this.#run();
  }

  async stop(): Promise<StopReport> {
    this.#stopSignal.abort();
    await this.#loop;
    const remaining = [];
    for (const desk of this.#desks.values()) remaining.push(...await desk.withdraw());
    return { remaining, unverified: [] };
  }

  status(): ServiceStatus {
    const { clock, config } = this.#deps;
    return {
      mode: config.mode,
      state: "running",
      startedAtMs: 0,
      nowMs: clock.nowMs(),
      uptimeMs: clock.monotonicMs(),
      ready: true,
      pnlDayCents: 0,
      globalLatch: null,
      store: { kind: "memory", problem: null, refused: 0 },
      leases: null,
      markets: [...this.#desks].map(([marketId, desk]) => statusOf(marketId, desk)),
    };
  }

  /** It has no operator. */
  admin(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  /** It would quote the same. */
  preview(): null {
    return null;
  }

  /** It keeps nothing that could be shown. */
  closeUp(): null {
    return null;
  }

  /** It does not explain itself. */
  explanations(): readonly [] {
    return [];
  }

  /** It does not explain itself. */
  onCycle(): () => void {
    return () => {};
  }

  async #run(): Promise<void> {
    const { clock, config } = this.#deps;
    const { signal } = this.#stopSignal;
    while (!signal.aborted) {
      await this.#poller.poll();
      for (const desk of this.#desks.values()) await desk.work();
      await sleep(clock, config.global.tradePollIntervalMs, signal);
    }
  }
}

function statusOf(marketId: string, { latch }: MakerDesk): MarketStatusReport {
  return {
    marketId,
    title: marketId,
    lifecycle: latch === null ? "RUNNING" : "EMERGENCY",
    problem: null,
    latch,
    orders: { BID: [], ASK: [] },
    cycles: 0,
    failedCycles: 0,
    ownTrades: 0,
    explanation: null,
    quoteFunding: "cash",
    asProfile: "custom",
    operatorOrder: null,
  };
}
