import type { PlaceRequest } from "../../src/connector/connector.ts";
import { price, shares } from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import type {
  AdminCommand,
  Service,
  ServiceDependencies,
  ServiceStatus,
} from "../../src/service/service_api.ts";

/** What a {@link stubBot} does besides nothing. */
export interface StubOptions {
  /** Orders of the first market, placed at the start and never taken back: contract and price. */
  readonly orders?: readonly (readonly [Contract, number])[];
  /** Why it claims to have given its markets up; works them if left out. */
  readonly problem?: string;
  /** Hears of every command of an administrator. */
  readonly onAdmin?: (target: string, command: AdminCommand) => void;
}

/** A bot that buys 10 shares at each of some prices when it starts, and then looks away. */
export function stubBot(options: StubOptions = {}): (deps: ServiceDependencies) => Service {
  return ({ config, connector, clock }) => ({
    async start() {
      const [marketId = ""] = config.markets.keys();
      for (const [index, [contract, contractPrice]] of (options.orders ?? []).entries()) {
        await connector.place(purchase(`stub-${index}`, { marketId, contract, contractPrice }));
      }
    },
    stop: () => Promise.resolve({ remaining: [], unverified: [] }),
    status: () => status([...config.markets.keys()], clock.nowMs(), options.problem ?? null),
    failed: new Promise(() => {}),
    admin: (target, command) => {
      options.onAdmin?.(target, command);
      return Promise.resolve([]);
    },
    preview: () => null,
    closeUp: () => null,
    explanations: () => [],
    onCycle: () => () => {},
  });
}

function purchase(
  clientOrderId: string,
  order: { marketId: string; contract: Contract; contractPrice: number },
): PlaceRequest {
  return {
    ...order,
    clientOrderId,
    contractPrice: price(order.contractPrice),
    direction: "BUY",
    quantity: shares(10),
    timeInForce: "GTC",
  };
}

function status(ids: readonly string[], nowMs: number, problem: string | null): ServiceStatus {
  return {
    mode: "paper",
    state: "running",
    startedAtMs: 0,
    nowMs,
    uptimeMs: 0,
    ready: true,
    pnlDayCents: 0,
    globalLatch: null,
    leases: null,
    store: { kind: "memory", problem: null, refused: 0 },
    markets: ids.map((marketId) => ({
      marketId,
      title: marketId,
      lifecycle: problem === null ? "RUNNING" : "STOPPED",
      problem,
      latch: null,
      quoteFunding: "inventory",
      asProfile: "standard",
      operatorOrder: null,
      orders: { BID: [], ASK: [] },
      cycles: 0,
      failedCycles: 0,
      ownTrades: 0,
      explanation: null,
    })),
  };
}
