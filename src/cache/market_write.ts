/** What has to be written of a market, given what the store is known to hold. */

import { operationFields } from "./records/operation_record.ts";
import { inventoryFields, orderFields, stateFields } from "./records/published_records.ts";
import { type HashFields, msText } from "./records/hash.ts";
import { type LatchChange, releaseLatch, setLatch } from "./records/latch_record.ts";
import { ledgerFields } from "./records/ledger_record.ts";
import { riskFields } from "./records/risk_record.ts";
import type { MarketSnapshot, PersistedMarket, PublishedMarket } from "./persisted_market.ts";
import { dayPnlKey, marketKeys, SHARED_KEYS } from "./redis_keys.ts";

/** A value of this market in a hash that all markets share. */
interface SharedField {
  readonly key: string;
  readonly value: string;
  /** How long the hash lives after a change, seconds; 0 = for ever. */
  readonly ttlSeconds: number;
}

/** Everything that the store is to hold of a market. */
export interface MarketContent {
  /** Own hashes by key, the risk record first. */
  readonly hashes: ReadonlyMap<string, HashFields>;
  readonly shared: readonly SharedField[];
}

/** Who writes, and how long some keys live. */
export interface Author {
  readonly instanceId: string;
  /** `processed_event_ttl_hours`. */
  readonly processedTtlHours: number;
  /** `dedupe_max_entries`. */
  readonly maxProcessed: number;
}

/** How long the profit of a day is kept. */
const DAY_PNL_SECONDS = 48 * 3600;
/** A field with the time of the last change of the others. */
const UPDATED_AT = "updated_at_ms";

/** What the store is to hold of a market. */
export function contentOf(
  marketId: string,
  persisted: PersistedMarket,
  shown: PublishedMarket,
  author: { readonly instanceId: string; readonly fence: number },
): MarketContent {
  const keys = marketKeys(marketId);
  const updated = { [UPDATED_AT]: msText(shown.nowMs) };
  const cash = String(persisted.ledger.marketCashCents);
  return {
    hashes: new Map([
      [keys.risk, riskFields(persisted)],
      [keys.ledger, { ...ledgerFields(persisted), ...updated }],
      [keys.operation, operationFields(persisted.operation)],
      [keys.inventory, { ...inventoryFields(persisted, shown), ...updated }],
      [keys.orders, orderFields(shown, author.fence)],
      [keys.state, stateFields(persisted, shown, author)],
    ]),
    shared: [
      { key: SHARED_KEYS.marketCash, value: cash, ttlSeconds: 0 },
      ...dayPnlField(persisted.day?.day, shown.explanation?.inventory.pnlDayCents),
    ],
  };
}

function dayPnlField(day: string | undefined, cents: number | undefined): readonly SharedField[] {
  if (day === undefined || cents === undefined) return [];
  return [{ key: dayPnlKey(day), value: String(cents), ttlSeconds: DAY_PNL_SECONDS }];
}

/** Keys and arguments of the write script. */
export interface WriteCall {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** From what to what the store is brought, and by whom. */
export interface MarketChange {
  readonly content: MarketContent;
  /** What the store held when it was last known, null if it never was. */
  readonly held: MarketContent | null;
  /** Writes everything, because what the store holds is not certain. */
  readonly full: boolean;
  readonly author: Author;
  readonly token: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The call of the write script that brings the store to what it is to hold. */
export function writeCall(
  marketId: string,
  snapshot: MarketSnapshot,
  change: MarketChange,
): WriteCall {
  const { content, held, full, token } = change;
  const keys = marketKeys(marketId);
  const plan = {
    full,
    hashes: [...content.hashes].map(([key, fields]) =>
      full ? wholeHash(fields, held?.hashes.get(key)) : hashPlan(fields, held?.hashes.get(key))
    ),
    fields: content.shared.map((shared) => fieldPlan(marketId, shared, change)),
    latch: latchChange(snapshot),
    trades: tradePlan(snapshot, change),
  };
  return {
    keys: [
      keys.lease,
      ...content.hashes.keys(),
      ...content.shared.map(({ key }) => key),
      keys.processed,
    ],
    args: [String(token), JSON.stringify(plan)],
  };
}

/** Everything; `least` is 1 if the store is known to have had something there. */
function wholeHash(fields: HashFields, held: HashFields | undefined) {
  const set = Object.entries(fields).flat();
  const isExpected = set.length > 0 && Object.keys(held ?? {}).length > 0;
  return { least: isExpected ? 1 : 0, drop: [], set };
}

/** Fields to set and to drop; `least` is how many the store must have for that to make sense. */
function hashPlan(fields: HashFields, held: HashFields | undefined) {
  const before = held ?? {};
  const drop = Object.keys(before).filter((name) => fields[name] === undefined);
  const changed = Object.entries(fields).filter(([name, value]) => before[name] !== value);
  // The time of the change alone is no change.
  const isSame = drop.length === 0 && changed.every(([name]) => name === UPDATED_AT);
  return { least: Object.keys(before).length, drop, set: isSame ? [] : changed.flat() };
}

function fieldPlan(
  name: string,
  { key, value, ttlSeconds }: SharedField,
  { held, full }: MarketChange,
) {
  const before = held?.shared.find((shared) => shared.key === key);
  const isSame = !full && before?.value === value;
  return {
    name,
    known: before !== undefined,
    value: isSame ? "" : value,
    ttl_seconds: ttlSeconds,
  };
}

function latchChange({ persisted, release }: MarketSnapshot): LatchChange {
  const { latch } = persisted.defense;
  if (latch !== null) return setLatch(latch);
  return release === null ? { mode: "KEEP" } : releaseLatch(release);
}

function tradePlan(
  { bookedTrades }: MarketSnapshot,
  { author, nowMs }: { readonly author: Author; readonly nowMs: number },
) {
  const ttlSeconds = author.processedTtlHours * 3600;
  return {
    add: bookedTrades.flatMap(({ tradeId, executedAtMs }) => [msText(executedAtMs), tradeId]),
    oldest: msText(nowMs - ttlSeconds * 1000),
    most: author.maxProcessed,
    ttl_seconds: ttlSeconds,
  };
}
