/** What a journal holds: one JSON object a line, `kind`, `at_ms` and `market_id` first. */

import { z } from "zod";
import type { QuoteExplanation } from "../models/explanation.ts";
import { bestOf } from "../models/order.ts";
import { toWire, type WireLimits, type WireValue } from "../runtime/wire.ts";

/** The kinds of records. */
export type RecordKind = "process" | "quote" | "fill" | "event" | "pnl";

/** A record before it is a line. */
export interface JournalEntry {
  readonly kind: RecordKind;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Null for the process. */
  readonly marketId: string | null;
  readonly facts: object;
}

/** Version of the format, in the first record of every file. */
export const FORMAT = 1;

const LIMITS: WireLimits = { depth: 8, items: 100, characters: 1000 };

/** A record as its line, with its line end. */
export function lineOf({ kind, atMs, marketId, facts }: JournalEntry): string {
  const head = { kind, at_ms: Math.floor(atMs), market_id: marketId };
  return `${JSON.stringify({ ...head, ...asObject(toWire(facts, LIMITS)) }, rounded)}\n`;
}

/** Six digits behind the point are more than any term of a quote is worth. */
function rounded(_: string, value: unknown): unknown {
  if (typeof value !== "number" || Number.isInteger(value)) return value;
  return Math.round(value * 1e6) / 1e6;
}

function asObject(value: WireValue): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** What was quoted and why, without what never changes and what the orders say again. */
export function quoteFacts(explanation: QuoteExplanation): object {
  const { spread, volatility } = explanation;
  return {
    ...explanation,
    ...{ marketId: undefined, atMs: undefined },
    ...{ ladder: undefined, quotes: undefined, actions: undefined },
    bidCents: bestOf(explanation.targets, "BID"),
    askCents: bestOf(explanation.targets, "ASK"),
    volatility: volatility?.sigmaHourCents ?? null,
    spread: spread === null ? null : { ...spread, settings: undefined },
  };
}

/** What makes a quote another decision than the one before. */
export function decisionOf(
  { targets, defense, phase, lifecycle, configVersion, note }: QuoteExplanation,
): string {
  const orders = targets.map(({ side, yesPrice, quantity }) => [side, yesPrice, quantity]);
  const { level, pauses } = defense;
  return JSON.stringify([orders, level, pauses, phase, lifecycle, configVersion, note]);
}

/** The worth of a market at a moment. */
export function pnlFacts({ inventory, price, defense, phase }: QuoteExplanation): object {
  const { pnlDayCents, pnlTotalCents, yes, no, effectiveSkew } = inventory;
  return {
    ...{ pnlDayCents, pnlTotalCents, yes, no, effectiveSkew, phase },
    level: defense.level,
    fairCents: price?.fairCents ?? null,
  };
}

const cents = z.number();
const side = z.enum(["BID", "ASK"]);
const common = z.looseObject({ at_ms: z.number(), market_id: z.string().nullable() });
const ofMarket = common.extend({ market_id: z.string() });

/** What is read of a quote. */
export const quoteRecord = ofMarket.extend({
  kind: z.literal("quote"),
  cycle: z.int(),
  config_version: z.int(),
  phase: z.string(),
  bid_cents: cents.nullable(),
  ask_cents: cents.nullable(),
  price: z.looseObject({ fair_cents: cents }).nullable(),
  spread: z.looseObject({ spread_cents: cents }).nullable(),
  inventory: z.looseObject({ pnl_day_cents: cents }),
  defense: z.looseObject({ level: z.string(), pauses: z.array(z.string()) }),
  targets: z.array(z.looseObject({ side, yes_price_cents: cents, quantity: z.number() })),
  removals: z.array(z.looseObject({ code: z.string() })),
  note: z.string().nullable(),
});

/** What is read of an own trade. */
export const fillRecord = ofMarket.extend({
  kind: z.literal("fill"),
  trade_id: z.string(),
  executed_at_ms: z.number(),
  side,
  contract: z.string(),
  direction: z.string(),
  yes_price_cents: cents,
  quantity: z.number(),
  fee_cents: cents,
});

/** What is read of an event. */
export const eventRecord = common.extend({
  kind: z.literal("event"),
  level: z.string(),
  event: z.string(),
  fields: z.record(z.string(), z.unknown()),
});

/** What is read of a sample of the profit. */
export const pnlRecord = ofMarket.extend({
  kind: z.literal("pnl"),
  pnl_day_cents: cents,
  pnl_total_cents: cents,
});

/** What is read of the beginning of a file. */
export const processRecord = common.extend({
  kind: z.literal("process"),
  format: z.int(),
  mode: z.string(),
});

/** Any record that can be read. */
export const journalRecord = z.discriminatedUnion("kind", [
  quoteRecord,
  fillRecord,
  eventRecord,
  pnlRecord,
  processRecord,
]);

/** A record as it is read. */
export type JournalRecord = z.infer<typeof journalRecord>;
/** A record of one kind. */
export type RecordOf<K extends RecordKind> = Extract<JournalRecord, { kind: K }>;
