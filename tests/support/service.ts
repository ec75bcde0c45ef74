import type { OpenOrder } from "../../src/models/order.ts";
import { mirrorPrice, price, shares } from "../../src/models/money.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import type {
  MarketStatusReport,
  Service,
  ServiceStatus,
  StopReport,
} from "../../src/service/service_api.ts";

/** An own order as `/status` shows it: buys NO for an ask, YES for a bid. */
export function openOrder(side: BookSide, yesCents: number, quantity: number): OpenOrder {
  const yesPrice = price(yesCents);
  return {
    orderId: `O-${side}-${yesCents}`,
    clientOrderId: `amm_${side}_${yesCents}`,
    marketId: "MKT-1",
    contract: side === "BID" ? "YES" : "NO",
    direction: "BUY",
    contractPrice: side === "BID" ? yesPrice : mirrorPrice(yesPrice),
    side,
    yesPrice,
    quantity: shares(quantity),
    filled: shares(0),
    remaining: shares(quantity),
    status: "OPEN",
    frozenAmount: 0,
    frozenAsset: "FUNDS",
    createdAtMs: 0,
  };
}

/** A market that is quoted on both sides. */
export function marketStatus(overrides: Partial<MarketStatusReport> = {}): MarketStatusReport {
  return {
    marketId: "MKT-1",
    title: "Will it rain?",
    lifecycle: "RUNNING",
    problem: null,
    latch: null,
    quoteFunding: "cash",
    asProfile: "standard",
    operatorOrder: null,
    orders: { BID: [openOrder("BID", 48, 100)], ASK: [openOrder("ASK", 52, 100)] },
    cycles: 10,
    failedCycles: 0,
    ownTrades: 0,
    explanation: null,
    ...overrides,
  };
}

/** A process that trades one market on paper. */
export function serviceStatus(overrides: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    mode: "paper",
    state: "running",
    startedAtMs: 1_000,
    nowMs: 21_000,
    uptimeMs: 20_000,
    ready: true,
    pnlDayCents: 0,
    globalLatch: null,
    leases: null,
    store: { kind: "memory", problem: null, refused: 0 },
    markets: [marketStatus()],
    ...overrides,
  };
}

/** A service that does nothing but remember what was asked of it. */
export function fakeService(
  behaviour: {
    readonly status?: () => ServiceStatus;
    readonly start?: () => Promise<void>;
    readonly stop?: (reason: string) => Promise<StopReport>;
    readonly explanations?: Service["explanations"];
    readonly failed?: Promise<string>;
  } = {},
): Service & { readonly stops: readonly string[] } {
  const stops: string[] = [];
  return {
    stops,
    start: behaviour.start ?? (() => Promise.resolve()),
    stop: (reason) => {
      stops.push(reason);
      return behaviour.stop?.(reason) ?? Promise.resolve({ remaining: [], unverified: [] });
    },
    status: behaviour.status ?? (() => serviceStatus()),
    failed: behaviour.failed ?? new Promise(() => {}),
    admin: () => Promise.resolve([]),
    preview: () => null,
    closeUp: () => null,
    explanations: behaviour.explanations ?? (() => []),
    onCycle: () => () => {},
  };
}
