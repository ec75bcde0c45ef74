import { AMM_USER_ID, FakeExchange } from "../../sim/exchange/mod.ts";
import type { ExchangeSettings, Fault, Intercept, MarketSetup } from "../../sim/exchange/mod.ts";
import { connectorOver, type Wire } from "../../sim/wire.ts";
import { MemoryStore } from "../../src/cache/memory_store.ts";
import type { StateStore } from "../../src/cache/state_store.ts";
import type { ConfigFeed } from "../../src/config/hot/config_feed.ts";
import { camelCase } from "../../src/config/parameter.ts";
import type { ProcessConfig } from "../../src/config/process_config.ts";
import { codeDefaults, type GlobalConfig, type MarketConfig } from "../../src/config/registry.ts";
import type { Fetch } from "../../src/connector/rest/http_transport.ts";
import { CallBoard, type CallObserver } from "../../src/connector/call_statistics.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { price, shares } from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import type { PriceSource } from "../../src/oracle/price_source.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { type LoggedEvent, type Logger, recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { createService } from "../../src/service/service.ts";
import type { MarketStatusReport, Service } from "../../src/service/service_api.ts";
import { marketConfig } from "./config.ts";
import { callNamed } from "../../sim/http/wire_faults.ts";
import type { RateLimits } from "../../sim/http/rate_limiter.ts";

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
  /** The configuration, in place of `markets` and `global`. */
  readonly config?: ProcessConfig;
  /** Where each process gets changes of the configuration from. */
  readonly configFeed?: (clock: VirtualClock, log: Logger) => ConfigFeed;
  /** Where the bot keeps its state; in memory if left out. */
  readonly store?: StateStore;
  /** From a call of the bot to its answer, ms; 0 if left out. */
  readonly latencyMs?: number;
  /** How the bot reaches the exchange; in the process if left out. */
  readonly wire?: Wire;
  /** Limits that the venue enforces over HTTP; none if left out, as deployed. */
  readonly limits?: Partial<RateLimits>;
  /** The venue does not name its limits in headers; only a 429 says how long to wait. */
  readonly silentLimits?: boolean;
}

/** A call that reached the venue over HTTP. */
export interface AnsweredCall {
  readonly call: string;
  readonly status: number;
  readonly atMs: number;
}

/** The bot on a fake venue under a virtual clock: hermetic, and as fast as the machine. */
export class TestVenue {
  readonly clock = new VirtualClock(START_MS);
  readonly exchange: FakeExchange;
  /** Hears what the bot logs. */
  readonly hub = new EventHub(this.clock);
  readonly events: LoggedEvent[] = [];
  readonly calls: string[] = [];
  /** Calls that reached the venue over HTTP, with its answers. */
  readonly answers: AnsweredCall[] = [];
  /** Told of each of them. */
  onAnswer: (call: AnsweredCall) => void = () => {};
  store: StateStore;
  service: Service;
  /** Faults for the calls of the bot; may be changed at any time. */
  intercept: Intercept;
  /** Hears of every call that has ended; may be changed at any time. */
  observe: CallObserver = () => {};
  readonly #config: ProcessConfig;
  readonly #options: VenueOptions;
  #orders = 0;
  #generation = 0;
  #processes = 0;

  constructor(options: VenueOptions = {}) {
    const { config } = options;
    const markets = config === undefined
      ? options.markets ?? [{ marketId: MARKET }]
      : [...config.markets.values()];
    this.intercept = options.intercept ?? (() => undefined);
    this.store = options.store ?? new MemoryStore();
    this.exchange = exchangeOf(this.clock, markets, options);
    this.#config = config ?? configOf(markets, options.global ?? {});
    this.#options = options;
    this.service = this.#newService();
  }

  /**
   * The bot's process dies at this moment, as with `kill -9`: only what it has sent before still
   * arrives.
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

  /** A request that the venue answers, as it is noted. */
  async #answered(arrive: Fetch, url: string, init: RequestInit): Promise<Response> {
    const answer = await arrive(url, init);
    const answered = {
      call: callNamed(url, init),
      status: answer.status,
      atMs: this.clock.monotonicMs(),
    };
    this.answers.push(answered);
    this.onAnswer(answered);
    if (!this.#options.silentLimits) return answer;
    const headers = [...answer.headers].filter(([name]) => !name.startsWith("x-ratelimit"));
    return new Response(answer.body, { status: answer.status, headers });
  }

  #newService(): Service {
    const { clock, exchange } = this;
    const { global } = this.#config;
    const generation = this.#generation;
    const isAlive = () => generation === this.#generation;
    const ownClock = mortal(clock, isAlive);
    const random = seededRandom(`process ${this.#processes++}`);
    const log = this.hub.feed(recordingLogger(this.events));
    const calls = new CallBoard(ownClock);
    const rateBudget = new RateBudget({ clock: ownClock, ...global });
    const { wire = "in-process", limits, configFeed: feedOf } = this.#options;
    const intercept = (call: string): Fault | undefined => {
      if (!isAlive()) return { kind: "hang", effect: false };
      this.calls.push(call);
      return this.intercept(call);
    };
    const connector = connectorOver(wire, {
      exchange,
      clock,
      latencyMs: this.#options.latencyMs ?? 0,
      global,
      rateBudget,
      random: random.fork("link"),
      log,
      observe: (record) => {
        this.observe(record);
        calls.record(record);
      },
      intercept,
      between: (arrive) => (url, init) => this.#answered(arrive, url, init),
      ...(limits && { limits }),
    });
    const store = whileAlive(this.store, isAlive);
    const config = this.#config;
    const configFeed = feedOf?.(clock, log);
    return createService({
      config,
      ...(configFeed && { configFeed }),
      connector,
      store,
      calls,
      rateBudget,
      clock: ownClock,
      random,
      log,
      ...(this.#options.prices && { prices: this.#options.prices }),
    });
  }
}

/** Time as a process sees it: it stands still for the dead. */
function mortal(clock: VirtualClock, isAlive: () => boolean): Clock {
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, callback) =>
      clock.after(delayMs, () => {
        if (isAlive()) callback();
      }),
  };
}

/** The store as a process sees it: what it writes after its death is lost. */
function whileAlive(store: StateStore, isAlive: () => boolean): StateStore {
  return {
    kind: store.kind,
    survivesRestart: store.survivesRestart,
    get problem() {
      return store.problem;
    },
    loadMarket: (marketId) => store.loadMarket(marketId),
    share: (request) => store.share(request),
    saveMarket: async (marketId, snapshot, token) =>
      isAlive()
        ? await store.saveMarket(marketId, snapshot, token)
        : { latch: null, rewritten: [] },
    latchMarket: async (marketId, latch) => {
      if (isAlive()) await store.latchMarket(marketId, latch);
    },
    claimCash: async (marketId, wantedCents, totalCents) =>
      isAlive() ? await store.claimCash(marketId, wantedCents, totalCents) : 0,
    latchAll: async (latch) => isAlive() ? await store.latchAll(latch) : latch,
    releaseAll: async (release) => isAlive() ? await store.releaseAll(release) : null,
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
