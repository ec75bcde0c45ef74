import fc from "fast-check";
import type {
  MarketSnapshot,
  PairOperation,
  PersistedMarket,
  PublishedMarket,
} from "../../src/cache/persisted_market.ts";
import type { FoundKey, HashFields } from "../../src/cache/records/hash.ts";
import { LATCH_FIELDS } from "../../src/cache/records/latch_record.ts";
import { ledgerFields } from "../../src/cache/records/ledger_record.ts";
import type { MarketHashes } from "../../src/cache/records/market_records.ts";
import { operationFields } from "../../src/cache/records/operation_record.ts";
import { riskFields } from "../../src/cache/records/risk_record.ts";
import { marketKeys } from "../../src/cache/redis_keys.ts";
import type { KillLatch, QuoteExplanation } from "../../src/models/explanation.ts";
import { cents, shares } from "../../src/models/money.ts";
import type { OpenOrder } from "../../src/models/order.ts";
import { NO_FLOW_SEEN } from "../../src/risk/lvr_guard.ts";
import { EMPTY_VOLATILITY } from "../../src/strategy/volatility.ts";
import { marketConfig } from "./config.ts";

/** The market of the samples. */
export const M = "MKT-1";
/** A kill, as the defence stack latches it. */
export const KILL: KillLatch = { reason: "LOSS", atMs: 1_700_000_000_000, source: "max_loss" };

/** The state of a market in the middle of its life, with figures that differ from each other. */
export function persisted(overrides: Partial<PersistedMarket> = {}): PersistedMarket {
  return {
    ledger: {
      initialFundingCents: cents(100_000),
      marketCashCents: cents(41_234),
      netDepositsCents: cents(-500),
      feesPaidCents: cents(17),
      mintedPairs: shares(900),
      burnedPairs: shares(40),
      boughtCents: cents(1234),
      leakCents: cents(3),
    },
    day: {
      day: "2026-01-05",
      startEquityCents: cents(99_000),
      depositsTodayCents: cents(250),
      fills: 12,
    },
    tradeCursor: "T-77",
    operation: null,
    driftBreachesMs: [1_700_000_000_100, 1_700_000_000_200],
    anchorPriceCents: 35,
    anchorSetAtMs: 1_699_999_000_000,
    posterior: { mean: 0.4137, strength: 21.5, recentTrades: 2.25, updatedAtMs: 1_700_000_000_300 },
    phase: {
      phase: "STABILIZATION",
      startedAtMs: 1_699_990_000_000,
      volumeShares: 321,
      cooldownUntilMs: 1_699_980_000_000,
      readyCycles: 0,
      samples: [],
    },
    defense: { level: "WIDEN", calmCycles: 4, latch: null },
    ...overrides,
  };
}

/** A mint whose answer was lost. */
export const SENT_MINT: PairOperation = {
  kind: "MINT",
  key: "amm-MKT-1-0123456789abcdef",
  quantity: shares(150),
  state: "SENT",
  createdAtMs: 1_700_000_000_400,
  retryAfterMs: 1_700_000_300_400,
  held: { yes: shares(30), no: shares(20) },
};

/** What is shown of a market. */
export function published(overrides: Partial<PublishedMarket> = {}): PublishedMarket {
  return {
    config: marketConfig({ marketId: M }),
    lifecycle: "RUNNING",
    nowMs: 1_700_000_000_500,
    position: {
      yes: shares(900),
      no: shares(860),
      yesCostCents: cents(44_000),
      noCostCents: cents(43_000),
    },
    orders: [],
    freezeBps: 20,
    volatility: EMPTY_VOLATILITY,
    lvr: NO_FLOW_SEEN,
    explanation: null,
    ...overrides,
  };
}

/** What a cycle writes. */
export function snapshot(
  record: PersistedMarket = persisted(),
  others: Partial<PublishedMarket> & Partial<Omit<MarketSnapshot, "persisted" | "published">> = {},
): MarketSnapshot {
  const { release = null, bookedTrades = [], ...shown } = others;
  return { persisted: record, published: () => published(shown), release, bookedTrades };
}

/** The last cycle of a market that made or lost so much today. */
export function explained(pnlDayCents: number): QuoteExplanation {
  const inventory = { pnlDayCents, pnlTotalCents: 0, skew: 0, effectiveSkew: 0 };
  const cycle = { phase: "EXPLORATION", quoteFunding: "inventory", atMs: 5, price: null };
  return { ...cycle, inventory, defense: { pauses: [] } } as unknown as QuoteExplanation;
}

/** The hashes of a market as the store has them after such a write. */
export function hashesOf(record: PersistedMarket): MarketHashes {
  const keys = marketKeys(M);
  const state = { total_fills_today: String(record.day?.fills ?? 0) };
  return {
    risk: named(keys.risk, { ...riskFields(record), ...latchTexts(record.defense.latch) }),
    ledger: named(keys.ledger, ledgerFields(record)),
    operation: named(keys.operation, operationFields(record.operation)),
    state: named(keys.state, state),
  };
}

/** A hash under its key; one without fields is not there. */
export function named(key: string, fields: HashFields): { key: string; found: FoundKey } {
  const isThere = Object.keys(fields).length > 0;
  return { key, found: isThere ? { kind: "hash", fields } : { kind: "none" } };
}

function latchTexts(latch: KillLatch | null): HashFields {
  const values = latch === null
    ? ["OFF", "", "", "", "", ""]
    : ["ON", latch.reason, String(latch.atMs), latch.source, "", ""];
  return Object.fromEntries(LATCH_FIELDS.map((name, index) => [name, values[index] ?? ""]));
}

/** An own order as the order manager knows it. */
export function ownOrder(overrides: Partial<OpenOrder>): OpenOrder {
  return {
    orderId: "O-1",
    clientOrderId: "amm_O-1",
    marketId: M,
    contract: "YES",
    direction: "SELL",
    contractPrice: 53,
    side: "ASK",
    yesPrice: 53,
    quantity: 25,
    filled: 5,
    remaining: 20,
    status: "PARTIALLY_FILLED",
    frozenAmount: 20,
    frozenAsset: "YES_SHARES",
    createdAtMs: 1_700_000_000_000,
    ...overrides,
  } as OpenOrder;
}

/** Records like any other object. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

const ms = fc.integer({ min: 0, max: 4_000_000_000_000 });
const amount = fc.integer({ min: -10_000_000, max: 10_000_000 }).map(cents);
const volume = fc.integer({ min: 0, max: 1_000_000 }).map(shares);
const float = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const ledger = record({
  initialFundingCents: amount,
  marketCashCents: amount,
  netDepositsCents: amount,
  feesPaidCents: amount,
  mintedPairs: volume,
  burnedPairs: volume,
  boughtCents: amount,
  leakCents: amount,
});

const day = record({
  day: fc.integer({ min: 0, max: 20_000 })
    .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10)),
  startEquityCents: amount,
  depositsTodayCents: amount,
  fills: fc.nat(10_000),
});

const operation: fc.Arbitrary<PairOperation> = record({
  kind: fc.constantFrom("MINT", "BURN"),
  key: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 64 }),
  quantity: fc.integer({ min: 1, max: 1_000_000 }).map(shares),
  state: fc.constantFrom("PREPARED", "SENT"),
  createdAtMs: ms,
  retryAfterMs: ms,
  held: fc.option(record({ yes: volume, no: volume }), { nil: null }),
});

const latch: fc.Arbitrary<KillLatch> = record({
  reason: fc.constantFrom("SKEW", "LOSS", "GLOBAL_LOSS", "STATUS", "LVR", "DRIFT", "ADMIN"),
  atMs: ms,
  source: fc.string({ unit: "grapheme", maxLength: 100 }),
});

const defense = fc.oneof(
  latch.map((kill) => ({ level: "KILL_SWITCH", calmCycles: 0, latch: kill } as const)),
  record({
    level: fc.constantFrom("NORMAL", "WIDEN", "ONE_SIDE"),
    calmCycles: fc.nat(100),
    latch: fc.constant(null),
  }),
);

/** Any state of a market; times are whole milliseconds, as they are written. */
export const arbitraryPersisted: fc.Arbitrary<PersistedMarket> = record({
  ledger,
  day: fc.option(day, { nil: null }),
  tradeCursor: fc.option(fc.string({ minLength: 1, maxLength: 40 }), { nil: null }),
  operation: fc.option(operation, { nil: null }),
  driftBreachesMs: fc.array(ms, { maxLength: 10 }),
  anchorPriceCents: fc.integer({ min: 1, max: 99 }),
  anchorSetAtMs: ms,
  posterior: record({
    mean: float(0.01, 0.99),
    strength: float(0.001, 1e6),
    recentTrades: float(0, 1e6),
    updatedAtMs: ms,
  }),
  phase: record({
    phase: fc.constantFrom("EXPLORATION", "STABILIZATION"),
    startedAtMs: ms,
    volumeShares: fc.nat(1_000_000),
    cooldownUntilMs: ms,
    readyCycles: fc.constant(0),
    samples: fc.constant([]),
  }),
  defense,
});
