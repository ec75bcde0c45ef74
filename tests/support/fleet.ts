import {
  AMM_USER_ID,
  FakeExchange,
  type Fault,
  InProcessConnector,
  type InProcessConnectorOptions,
} from "../../sim/exchange/mod.ts";
import { type LeaseLine, LeaseWorld } from "../../sim/lease_world.ts";
import { MemoryStore } from "../../src/cache/memory_store.ts";
import type { StateStore } from "../../src/cache/state_store.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import type { GlobalConfig } from "../../src/config/registry.ts";
import { CallBoard } from "../../src/connector/call_statistics.ts";
import type { Connector, PlaceRequest } from "../../src/connector/connector.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { createService } from "../../src/service/service.ts";
import type { Service } from "../../src/service/service_api.ts";
import { marketConfig } from "./config.ts";
import { ProcessClock } from "../../sim/process_clock.ts";
import { processConfig } from "./process_config.ts";

/** The lease settings of the tests, with the smallest margins that the rules allow. */
export const FLEET_SETTINGS = {
  leaseTtlMs: 12_000,
  leaseRenewMs: 1_000,
  leaseCancelMarginMs: 6_000,
  httpTimeoutMs: 3_000,
} as const satisfies Partial<GlobalConfig>;

/** What a test may change about the world. */
export interface FleetOptions {
  /** How many markets there are, MKT-1 and so on. */
  readonly markets: number;
  readonly global?: Partial<GlobalConfig>;
  /** From request to answer of the venue, ms; default 40. */
  readonly latencyMs?: number;
}

/** What somebody wants to buy. */
interface Lot {
  readonly atCents: number;
  readonly quantity: number;
}

/** One process of the fleet. */
export interface Member {
  readonly name: string;
  readonly service: Service;
  readonly rateBudget: RateBudget;
  readonly clock: ProcessClock;
  /** Its connection to the leases. */
  readonly line: LeaseLine;
  readonly events: readonly LoggedEvent[];
  /** Its calls to the venue. */
  readonly calls: readonly string[];
  /** Faults of its calls to the venue; may be changed at any time. */
  intercept: (call: string) => Fault | undefined;
}

const START_MS = Date.UTC(2026, 0, 5, 12);
const TAKER = "taker";

/**
 * Several bots on one fake venue and one store of leases, under one virtual clock. After every
 * single event the venue itself is asked whether two of them have orders in one market. Orders are
 * only sent by the holder of the market, and only the holder cancels what others have sent.
 */
export class Fleet {
  readonly clock = new VirtualClock(START_MS);
  readonly exchange: FakeExchange;
  readonly world: LeaseWorld;
  readonly marketIds: readonly string[];
  readonly members: Member[] = [];
  /** What went wrong, as a sentence each. */
  readonly violations: string[] = [];
  readonly #options: FleetOptions;
  readonly #store: StateStore;
  /** Who sent which order. */
  readonly #senders = new Map<string, string>();
  #storeForgets = false;
  #taken = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.marketIds = Array.from({ length: options.markets }, (_, index) => `MKT-${index + 1}`);
    this.exchange = new FakeExchange({ clock: this.clock });
    this.world = new LeaseWorld(this.clock);
    this.#store = new MemoryStore((id, token) => this.world.holder(id)?.token === token);
    const { control } = this.exchange;
    control.createUser({ userId: AMM_USER_ID, cashCents: options.markets * 100_000 });
    control.createUser({ userId: TAKER, cashCents: 1_000_000_000 });
    for (const marketId of this.marketIds) {
      control.createMarket({
        marketId,
        tradingStartAtMs: START_MS,
        tradingEndAtMs: START_MS + 720 * HOUR_MS,
      });
    }
  }

  /** Starts a process; one with the name of another is a restart of it. */
  launch(name: string, global: Partial<GlobalConfig> = {}): Member {
    const clock = new ProcessClock(this.clock);
    const random = seededRandom(`${name} ${this.members.length}`);
    const board = new CallBoard(clock);
    const events: LoggedEvent[] = [];
    const calls: string[] = [];
    const config = processConfig(
      {
        markets: new Map(this.marketIds.map((marketId) => [marketId, marketConfig({ marketId })])),
      },
      {
        ...FLEET_SETTINGS,
        marketIds: [...this.marketIds],
        marketAssignment: "leased",
        ...this.#options.global,
        ...global,
      },
    );
    const leases = this.world.storeOf({
      self: {
        instanceId: name,
        nonce: `${name}-${this.members.length}`,
        assignment: config.global.marketAssignment,
      },
      marketIds: config.global.marketAssignment === "leased" ? this.marketIds : [],
      ttlMs: config.global.leaseTtlMs,
    });
    const rateBudget = new RateBudget({ clock, ...config.global });
    const intercept = (call: string) => {
      calls.push(call);
      return member.intercept(call);
    };
    const member: Member = {
      name,
      clock,
      line: leases.line,
      events,
      calls,
      rateBudget,
      intercept: () => undefined,
      service: createService({
        config,
        connector: clock.outside(this.#connectorOf(name, {
          observe: board.record,
          intercept,
          isSharing: config.global.marketAssignment === "leased",
        })),
        store: clock.outside(overLine(this.#store, leases.line)),
        leases: clock.outside(leases),
        calls: board,
        rateBudget,
        clock,
        random,
        log: recordingLogger(events),
      }),
    };
    this.members.push(member);
    member.service.start().catch((error: unknown) => {
      this.violations.push(`${name} did not start: ${error}`);
    });
    return member;
  }

  /** Lets time pass, and looks at the venue after everything that happens. */
  async run(seconds: number): Promise<void> {
    await this.until(() => false, seconds);
  }

  /** Lets time pass until something holds. @returns seconds that it took */
  async until(isDone: () => boolean, limitSeconds: number): Promise<number> {
    const fromMs = this.clock.monotonicMs();
    await this.clock.runUntil(() => {
      this.#audit();
      return isDone();
    }, fromMs + limitSeconds * 1000);
    return (this.clock.monotonicMs() - fromMs) / 1000;
  }

  /** Stops a process and lets everything come to rest. */
  async stop(member: Member) {
    const stopping = member.service.stop("test");
    let isOver = false;
    void stopping.finally(() => {
      isOver = true;
    });
    await this.until(() => isOver, 600);
    return await stopping;
  }

  /** Somebody buys a contract at up to a price; what is not filled at once is gone. */
  take(marketId: string, order: Pick<PlaceRequest, "contract"> & Lot): void {
    const { contract, atCents, quantity } = order;
    this.exchange.placeOrder(TAKER, {
      clientOrderId: `taker-${this.#taken++}`,
      marketId,
      contract,
      direction: "BUY",
      contractPrice: atCents,
      quantity,
      timeInForce: "IOC",
    });
  }

  /** Markets in which a process has orders at the venue. */
  quotedBy({ name }: Member): readonly string[] {
    return this.marketIds.filter((marketId) => this.ownersIn(marketId).has(name));
  }

  /** True if every market has quotes on both sides. */
  get isQuoted(): boolean {
    return this.marketIds.every((marketId) => {
      const sides = new Set(this.#ordersIn(marketId).map(({ side }) => side));
      return sides.size === 2;
    });
  }

  /** Whose orders rest in a market. */
  ownersIn(marketId: string): ReadonlySet<string> {
    return new Set(
      this.#ordersIn(marketId).map(({ clientOrderId }) =>
        this.#senders.get(clientOrderId) ?? `somebody (${clientOrderId})`
      ),
    );
  }

  #ordersIn(marketId: string) {
    return this.exchange.openOrders(AMM_USER_ID, marketId);
  }

  #audit(): void {
    for (const marketId of this.marketIds) {
      const owners = this.ownersIn(marketId);
      if (owners.size < 2) continue;
      this.#blame(`${marketId} has orders of ${[...owners].sort().join(" and ")}`);
    }
  }

  /** The store of the leases starts again, empty. */
  forget(): void {
    this.#storeForgets = true;
    this.world.clear();
  }

  #blame(violation: string): void {
    const isKnown = this.violations.some((known) => known.startsWith(violation));
    if (!isKnown) this.violations.push(`${violation} at ${this.clock.monotonicMs()} ms`);
  }

  /** An order is sent by who has the market; a store that has forgotten everything cannot say. */
  #noteOrder(name: string, { clientOrderId, marketId }: PlaceRequest): void {
    this.#senders.set(clientOrderId, name);
    const holder = this.world.holder(marketId)?.instanceId ?? null;
    if (holder === name || (holder === null && this.#storeForgets)) return;
    this.#blame(`${name} sends an order to ${marketId}, which ${holder ?? "nobody"} has`);
  }

  #noteCancel(name: string, orderId: string): void {
    const { clientOrderId, marketId } = this.exchange.order(AMM_USER_ID, orderId);
    const sender = this.#senders.get(clientOrderId);
    const holder = this.world.holder(marketId)?.instanceId;
    if (sender === name || holder === name || holder === undefined) return;
    this.#blame(`${name} cancels an order of ${sender} in ${marketId}, which ${holder} has`);
  }

  #connectorOf(
    name: string,
    { isSharing, ...options }: Pick<InProcessConnectorOptions, "observe" | "intercept"> & {
      readonly isSharing: boolean;
    },
  ): Connector {
    const inner = new InProcessConnector({
      exchange: this.exchange,
      clock: this.clock,
      latencyMs: this.#options.latencyMs ?? 40,
      timeoutMs: FLEET_SETTINGS.httpTimeoutMs,
      ...options,
    });
    return {
      identity: () => inner.identity(),
      market: (marketId) => inner.market(marketId),
      orderBook: (marketId) => inner.orderBook(marketId),
      balance: () => inner.balance(),
      position: (marketId) => inner.position(marketId),
      openOrders: (marketId) => inner.openOrders(marketId),
      accountOrders: () => {
        if (isSharing) this.#blame(`${name} reads the orders of all processes`);
        return inner.accountOrders();
      },
      order: (orderId) => inner.order(orderId),
      trades: (query) => inner.trades(query),
      cancel: (orderId) => {
        this.#noteCancel(name, orderId);
        return inner.cancel(orderId);
      },
      batchCancel: (marketId, scope) => inner.batchCancel(marketId, scope),
      mint: (request) => inner.mint(request),
      burn: (request) => inner.burn(request),
      place: (request) => {
        this.#noteOrder(name, request);
        return inner.place(request);
      },
      replace: (orderId, request) => {
        this.#noteOrder(name, request);
        return inner.replace(orderId, request);
      },
    };
  }
}

/** The state as a process sees it over the same line as the leases; it outlives the process. */
function overLine(store: StateStore, line: LeaseLine): StateStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "kind") return "redis";
      if (name === "survivesRestart") return true;
      if (name === "problem") return line.isUp ? null : "the store cannot be reached";
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown =>
        line.isUp
          ? member.apply(target, args)
          : Promise.reject(new StoreError("unavailable", String(name), "cut off"));
    },
  });
}
