import { AMM_USER_ID, FakeExchange, InProcessConnector } from "../../sim/exchange/mod.ts";
import type { ExchangeSettings, Fault, Intercept, MarketSetup } from "../../sim/exchange/mod.ts";
import { MemoryStore } from "../../src/cache/memory_store.ts";
import type { StateStore } from "../../src/cache/state_store.ts";
import { camelCase } from "../../src/config/parameter.ts";
import type { ProcessConfig } from "../../src/config/process_config.ts";
import { codeDefaults, type GlobalConfig, type MarketConfig } from "../../src/config/registry.ts";
import { CallBoard } from "../../src/connector/call_statistics.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { price, shares } from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import type { PriceSource } from "../../src/oracle/price_source.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { createService } from "../../src/service/service.ts";
import type { MarketStatusReport, Service } from "../../src/service/service_api.ts";
import { marketConfig } from "./config.ts";
import { httpConnector } from "./http_wire.ts";

/** A Monday, noon UTC. */
export const START_MS = Date.UTC(2026, 0, 5, 12);
/** The market that tests trade in unless they say otherwise. */
export const MARKET = "MKT-1";
const TAKER = "taker";

/** What a test may change about the world. */
export interface VenueOptions {
  readonly markets?: readonly (Partial<MarketConfig> & { readonly marketId: string })[];
  readonly global?: Partial<GlobalConfig>;
  readonly setup?: Partial<MarketSetup>;
  readonly settings?: Partial<ExchangeSettings>;
  readonly ammCashCents?: number;
  readonly intercept?: Intercept;
  /** Where the bot reads outside prices; nowhere if left out. */
  readonly prices?: PriceSource;
  /** How the bot reaches the exchange; in the process if left out. */
  readonly wire?: Wire;
}

/**
 * The two ways to the fake exchange: by calls, or through the live connector and the venue's
 * routes.
 */
export type Wire = "in-process" | "http";

/** The bot on a fake venue under a virtual clock: hermetic, and as fast as the machine. */
export class TestVenue {
  readonly clock = new VirtualClock(START_MS);
  readonly exchange: FakeExchange;
  readonly events: LoggedEvent[] = [];
  readonly calls: string[] = [];
  store: StateStore = new MemoryStore();
  service: Service;
  /** Faults for the calls of the bot; may be changed at any time. */
  intercept: Intercept;
  readonly #config: ProcessConfig;
  readonly #prices: PriceSource | undefined;
  readonly #wire: Wire;
  #orders = 0;
  #generation = 0;
  #processes = 0;

  constructor(options: VenueOptions = {}) {
    const markets = options.markets ?? [{ marketId: MARKET }];
    this.intercept = options.intercept ?? (() => undefined);
    this.exchange = exchangeOf(this.clock, markets, options);
    this.#config = configOf(markets, options.global ?? {});
    this.#prices = options.prices;
    this.#wire = options.wire ?? "in-process";
    this.service = this.#newService();
  }

  /**
   * The bot's process dies at this moment, as with `kill -9`: nothing it does has an effect any
   * more.
   */
  kill(): void {
    this.#generation++;
  }

  /** A new process on the same store and venue. */
  restart(): Service {
    this.service = this.#newService();
    return this.service;
  }

  /** Starts the bot and lets it quote for some seconds. */
  async start(seconds = 5): Promise<void> {
    await this.clock.resolve(this.service.start());
    await this.run(seconds);
  }

  /** Lets time pass. */
  async run(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
  }

  /** Stops the bot and lets everything come to rest. */
  async stop() {
    return await this.clock.resolve(this.service.stop("test"));
  }

  /** A taker buys a contract at up to a price; what is not filled at once is gone. */
  take(contract: Contract, atCents: number, quantity: number, marketId = MARKET) {
    return this.exchange.placeOrder(TAKER, {
      clientOrderId: `taker-${this.#orders++}`,
      marketId,
      contract,
      direction: "BUY",
      contractPrice: price(atCents),
      quantity: shares(quantity),
      timeInForce: "IOC",
    });
  }

  /** Another participant's order that stays in the book. */
  rest(contract: Contract, atCents: number, quantity: number, marketId = MARKET) {
    return this.exchange.placeOrder("maker", {
      clientOrderId: `maker-${this.#orders++}`,
      marketId,
      contract,
      direction: "BUY",
      contractPrice: price(atCents),
      quantity: shares(quantity),
      timeInForce: "GTC",
    });
  }

  /** The bot's own orders as the venue has them. */
  ownOrders(marketId = MARKET) {
    return this.exchange.openOrders(AMM_USER_ID, marketId);
  }

  /** Own YES prices of a side, best first. */
  ladder(side: "BID" | "ASK", marketId = MARKET): number[] {
    const sign = side === "BID" ? -1 : 1;
    return this.ownOrders(marketId).filter((order) => order.side === side)
      .map((order) => Number(order.yesPrice)).sort((a, b) => sign * (a - b));
  }

  /** A market as the bot reports it. */
  report(marketId = MARKET): MarketStatusReport {
    const found = this.service.status().markets.find((market) => market.marketId === marketId);
    if (found === undefined) throw new Error(`no market ${marketId}`);
    return found;
  }

  /** Logged events of a name. */
  logged(event: string): readonly LoggedEvent[] {
    return this.events.filter((logged) => logged.event === event);
  }

  #newService(): Service {
    const random = seededRandom(`process ${this.#processes++}`);
    const calls = new CallBoard(this.clock);
    const generation = this.#generation;
    const isAlive = () => generation === this.#generation;
    const link = {
      exchange: this.exchange,
      clock: this.clock,
      random: random.fork("link"),
      observe: calls.record,
      intercept: (call: string): Fault | undefined => {
        if (!isAlive()) return { kind: "hang", effect: false };
        this.calls.push(call);
        return this.intercept(call);
      },
    };
    return createService({
      config: this.#config,
      connector: this.#wire === "http" ? httpConnector(link) : new InProcessConnector(link),
      store: whileAlive(this.store, isAlive),
      calls,
      rateBudget: new RateBudget({ clock: this.clock, ...this.#config.global }),
      clock: this.clock,
      random,
      log: recordingLogger(this.events),
      ...(this.#prices === undefined ? {} : { prices: this.#prices }),
    });
  }
}

/** The store as a process sees it: what it writes after its death is lost. */
function whileAlive(store: StateStore, isAlive: () => boolean): StateStore {
  return {
    survivesRestart: store.survivesRestart,
    loadMarket: (marketId) => store.loadMarket(marketId),
    loadGlobalLatch: () => store.loadGlobalLatch(),
    saveMarket: async (marketId, record) => {
      if (isAlive()) await store.saveMarket(marketId, record);
    },
    saveGlobalLatch: async (latch) => {
      if (isAlive()) await store.saveGlobalLatch(latch);
    },
  };
}

function exchangeOf(
  clock: VirtualClock,
  markets: readonly { readonly marketId: string }[],
  { setup, settings, ammCashCents }: VenueOptions,
): FakeExchange {
  const exchange = new FakeExchange({ clock, ...(settings === undefined ? {} : { settings }) });
  const { control } = exchange;
  control.createUser({ userId: AMM_USER_ID, cashCents: ammCashCents ?? markets.length * 100_000 });
  control.createUser({ userId: TAKER, cashCents: 100_000_000 });
  control.createUser({ userId: "maker", cashCents: 100_000_000 });
  for (const { marketId } of markets) {
    control.createMarket({
      tradingStartAtMs: START_MS,
      tradingEndAtMs: START_MS + 720 * HOUR_MS,
      ...setup,
      marketId,
    });
  }
  return exchange;
}

function configOf(
  markets: readonly (Partial<MarketConfig> & { readonly marketId: string })[],
  global: Partial<GlobalConfig>,
): ProcessConfig {
  const defaults = Object.fromEntries(
    Object.entries(codeDefaults.global).map(([name, value]) => [camelCase(name), value]),
  );
  return {
    mode: "paper",
    global: {
      ...defaults,
      marketIds: markets.map(({ marketId }) => marketId),
      ...global,
    } as GlobalConfig,
    markets: new Map(markets.map((market) => [market.marketId, marketConfig(market)])),
  };
}
