/** Questions to a journal. */

import type { JournalFiles } from "./journal_files.ts";
import { readRecords } from "./journal_reader.ts";
import type { RecordOf } from "./journal_record.ts";

type Source = Pick<JournalFiles, "list" | "read">;

/** A time from its first to its last millisecond, epoch milliseconds. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was quoted at a moment. */
export interface QuoteAt {
  /** The decision in force, null if none is known. */
  readonly quote: RecordOf<"quote"> | null;
  /** When the next decision replaced it, null if that is not known. */
  readonly untilMs: number | null;
  /** The last sign of the market before the moment, null if there is none. */
  readonly lastSignMs: number | null;
}

/** A decision that holds is written again every ten minutes. */
const LOOK_MS = 660_000;

/** What was quoted in a market at a moment, and why. */
export async function quoteAt(source: Source, marketId: string, atMs: number): Promise<QuoteAt> {
  const { records } = await readRecords(source, {
    kinds: ["quote", "pnl"],
    marketId,
    fromMs: atMs - LOOK_MS,
    toMs: atMs + LOOK_MS,
  });
  const quotes = records.flatMap((record) => record.kind === "quote" ? [record] : []);
  const quote = quotes.findLast(({ at_ms }) => at_ms <= atMs) ?? null;
  return {
    quote,
    untilMs: quotes.find(({ at_ms }) => at_ms > atMs)?.at_ms ?? null,
    lastSignMs: records.findLast(({ at_ms }) => at_ms <= atMs)?.at_ms ?? null,
  };
}

/** Markets of which a journal has records in a time. */
export async function marketsIn(source: Source, period: Period): Promise<readonly string[]> {
  const { records } = await readRecords(source, { kinds: ["pnl"], ...period });
  return [...new Set(records.map(({ market_id }) => market_id))].sort();
}

/** The profit of a stretch of time. */
export interface PnlRow {
  /** ISO time at which it begins. */
  readonly from: string;
  readonly market_id: string;
  /** What the market, or all of them, gained in this time. */
  readonly pnl_cents: number;
  /** The profit of the UTC day at its end. */
  readonly pnl_day_cents: number;
  readonly trades: number;
  readonly shares: number;
  readonly fees_cents: number;
}

/** Lengths of time by which profit is told, ms. */
export const STEPS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The profit in steps of time, by market; markets without a sample in a step have no row. */
export async function pnlBy(
  source: Source,
  period: Period & { readonly marketId?: string | undefined },
  stepMs: number,
): Promise<readonly PnlRow[]> {
  const { records } = await readRecords(source, {
    kinds: ["pnl", "fill"],
    marketId: period.marketId,
    // The last sample before tells what the first step began with.
    fromMs: period.fromMs - 2 * STEPS.minute,
    toMs: period.toMs,
  });
  const rows: PnlRow[] = [];
  for (const marketId of new Set(records.map(({ market_id }) => market_id))) {
    rows.push(...marketPnl(records.filter(({ market_id }) => market_id === marketId), stepMs));
  }
  return rows.filter(({ from }) => Date.parse(from) + stepMs > period.fromMs)
    .sort((a, b) =>
      a.from === b.from ? (a.market_id < b.market_id ? -1 : 1) : a.from < b.from ? -1 : 1
    );
}

/** All markets of each step together. */
export function totals(rows: readonly PnlRow[]): readonly PnlRow[] {
  const steps = new Map<string, PnlRow>();
  for (const row of rows) {
    const sum = steps.get(row.from);
    steps.set(row.from, sum === undefined ? { ...row, market_id: "all" } : added(sum, row));
  }
  return [...steps.values()];
}

function added(a: PnlRow, b: PnlRow): PnlRow {
  return {
    from: a.from,
    market_id: "all",
    pnl_cents: a.pnl_cents + b.pnl_cents,
    pnl_day_cents: a.pnl_day_cents + b.pnl_day_cents,
    trades: a.trades + b.trades,
    shares: a.shares + b.shares,
    fees_cents: a.fees_cents + b.fees_cents,
  };
}

type Sample = RecordOf<"pnl" | "fill">;

/** @param records of one market, oldest first */
function marketPnl(records: readonly Sample[], stepMs: number): readonly PnlRow[] {
  const rows: PnlRow[] = [];
  let before: RecordOf<"pnl"> | null = null;
  for (const [startMs, inStep] of steps(records, stepMs)) {
    const samples = inStep.flatMap((record) => record.kind === "pnl" ? [record] : []);
    const fills = inStep.flatMap((record) => record.kind === "fill" ? [record] : []);
    const last: RecordOf<"pnl"> | null = samples.at(-1) ?? before;
    if (last === null) continue;
    const base = before ?? samples[0] ?? last;
    rows.push({
      from: new Date(startMs).toISOString(),
      market_id: last.market_id,
      pnl_cents: last.pnl_total_cents - base.pnl_total_cents,
      pnl_day_cents: last.pnl_day_cents,
      trades: fills.length,
      shares: fills.reduce((sum, { quantity }) => sum + quantity, 0),
      fees_cents: fills.reduce((sum, { fee_cents }) => sum + fee_cents, 0),
    });
    before = last;
  }
  return rows;
}

function steps(records: readonly Sample[], stepMs: number): ReadonlyMap<number, Sample[]> {
  const found = new Map<number, Sample[]>();
  for (const record of records) {
    const startMs = Math.floor(record.at_ms / stepMs) * stepMs;
    const known = found.get(startMs);
    if (known === undefined) found.set(startMs, [record]);
    else known.push(record);
  }
  return found;
}
