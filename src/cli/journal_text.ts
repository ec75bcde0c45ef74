/** What the journal tells a person. */

import type { RecordOf } from "../journal/journal_record.ts";
import type { QuoteAt } from "../journal/queries.ts";
import type { Row } from "./table_text.ts";

/** A market that says nothing for so long may not have been worked. */
const QUIET_MS = 150_000;

/** One quote, term by term. @param atMs the moment that was asked for */
export function quoteText({ quote, untilMs, lastSignMs }: QuoteAt, atMs: number): string {
  if (quote === null) return "";
  const { market_id, cycle, config_version, at_ms } = quote;
  const until = untilMs === null ? "" : `, in force until ${clockTime(untilMs)}`;
  const quietMs = atMs - (lastSignMs ?? at_ms);
  const quiet = quietMs < QUIET_MS ? [] : [
    `WARNING: nothing was recorded for ${Math.round(quietMs / 1000)} s before: the bot may not ` +
    "have run, and the orders may have been gone.",
  ];
  return [
    `${market_id} at ${isoTime(atMs)}: decided at ${
      clockTime(at_ms)
    } in cycle ${cycle}, settings ` +
    `version ${config_version}${until}`,
    ...quiet,
    `  bid ${quote.bid_cents ?? "none"}, ask ${quote.ask_cents ?? "none"} (YES cents), phase ` +
    `${quote.phase}, level ${quote.defense.level}${list(" paused by ", quote.defense.pauses)}`,
    ...(quote.note === null ? [] : [`  note: ${quote.note}`]),
    ...section("price", quote.price),
    ...section("spread", quote.spread),
    ...section("inventory", quote.inventory),
    ...section("defense", quote.defense),
    ...section("limits", quote["limits"]),
    ...section("oracle", quote["oracle"]),
    `  orders:${quote.targets.length === 0 ? " none" : ""}`,
    ...quote.targets.map((order) =>
      `    ${order.side} ${order.quantity} at ${order.yes_price_cents}: ${order["direction"]} ` +
      `${order["contract"]} at ${order["contract_price_cents"]} (${order["reason"]})`
    ),
    ...quote.removals.map((removed) => `    removed: ${JSON.stringify(removed)}`),
    "",
  ].join("\n");
}

function section(title: string, terms: unknown): readonly string[] {
  if (typeof terms !== "object" || terms === null) return [];
  return [
    `  ${title}:`,
    ...Object.entries(terms).map(([name, value]) => `    ${name.padEnd(24)} ${plain(value)}`),
  ];
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function list(before: string, items: readonly string[]): string {
  return items.length === 0 ? "" : before + items.join(", ");
}

/** Quotes as rows, one a decision. */
export function quoteRow(quote: RecordOf<"quote">): Row {
  const { at_ms, market_id, cycle, bid_cents, ask_cents, price, spread, inventory, note } = quote;
  return {
    at: isoTime(at_ms),
    market_id,
    cycle,
    bid_cents,
    ask_cents,
    fair_cents: price?.fair_cents ?? null,
    spread_cents: spread?.spread_cents ?? null,
    level: quote.defense.level,
    pauses: quote.defense.pauses.join(" "),
    phase: quote.phase,
    pnl_day_cents: inventory.pnl_day_cents,
    orders: quote.targets.length,
    note,
  };
}

/** An event as a row. */
export function eventRow({ at_ms, level, market_id, event, fields }: RecordOf<"event">): Row {
  return { at: isoTime(at_ms), level, market_id, event, fields: JSON.stringify(fields) };
}

/** An own trade as a row. */
export function fillRow(fill: RecordOf<"fill">): Row {
  return {
    executed_at: isoTime(fill.executed_at_ms),
    market_id: fill.market_id,
    side: fill.side,
    yes_price_cents: fill.yes_price_cents,
    quantity: fill.quantity,
    direction: fill.direction,
    contract: fill.contract,
    fee_cents: fill.fee_cents,
    trade_id: fill.trade_id,
  };
}

/** UTC, to the millisecond. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

function clockTime(atMs: number): string {
  return isoTime(atMs).slice(11, 23);
}
