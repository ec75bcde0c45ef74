import type { QuoteExplanation } from "../../models/explanation.ts";
import { bestOf, type Fill } from "../../models/order.ts";
import type { DefenseLevel } from "../../models/vocabulary.ts";
import { ProfitBooks, type ProfitSplit } from "./profit_split.ts";
import { Ring } from "./ring.ts";

/** One cycle as a point of a chart. */
export interface HistoryPoint {
  readonly cycle: number;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Fair YES price; null in a cycle without a price. */
  readonly fairCents: number | null;
  /** Best YES price that was to rest on each side, null if none was. */
  readonly bidCents: number | null;
  readonly askCents: number | null;
  /** Effective skew, -1 to 1. */
  readonly skew: number;
  /** YES less NO. */
  readonly netShares: number;
  readonly pnlDayCents: number;
  readonly pnlTotalCents: number;
  readonly level: DefenseLevel;
}

/** What a trade was worth to us some time later. */
export interface Markout {
  readonly afterMs: number;
  /** Fair price then against the price paid, per share: above 0 is good for us. Null: not known. */
  readonly cents: number | null;
}

/** An own trade, with what we quoted at that moment. */
export interface TradeRecord {
  readonly fill: Fill;
  /** The last cycle before it, null if none is known. */
  readonly quote: HistoryPoint | null;
  readonly markouts: readonly Markout[];
}

/** How much a market remembers. */
export interface HistoryLimits {
  readonly points: number;
  readonly trades: number;
}

/** Times after a trade at which it is judged, ms. */
export const MARKOUT_AFTER_MS: readonly number[] = [1000, 10_000, 60_000];
/** A fair price that is later than wanted by more than this says nothing about the trade. */
const MAX_LATE_MS = 10_000;

/**
 * What a market has quoted and traded lately, as points of charts and judged trades; bounded, in
 * memory only. Whole explanations are held by the market itself.
 */
export class MarketHistory {
  readonly #points: Ring<HistoryPoint>;
  readonly #maxTrades: number;
  #trades: TradeRecord[] = [];
  readonly #profit = new ProfitBooks();

  constructor(limits: HistoryLimits) {
    this.#points = new Ring(limits.points);
    this.#maxTrades = limits.trades;
  }

  /** The points still held, oldest first. */
  get points(): readonly HistoryPoint[] {
    return this.#points.list();
  }

  /** Own trades still held, oldest first. */
  get trades(): readonly TradeRecord[] {
    return this.#trades;
  }

  /** Where the profit came from. */
  get profit(): ProfitSplit {
    return this.#profit.split;
  }

  /** Takes a cycle; also judges the trades that have waited for its price. */
  noteCycle(explanation: QuoteExplanation): void {
    const point = pointOf(explanation);
    this.#points.push(point);
    this.#profit.noteCycle(explanation);
    this.#trades = this.#trades.map((trade) => judged(trade, point));
  }

  /** Takes an own trade; the venue may have shown it late. */
  noteFill(fill: Fill): void {
    const { points } = this;
    const quote = points.findLast(({ atMs }) => atMs <= fill.executedAtMs) ?? null;
    this.#profit.noteFill(fill, quote?.fairCents ?? null);
    const markouts = MARKOUT_AFTER_MS.map((afterMs) => ({ afterMs, cents: null }));
    const trade: TradeRecord = { fill, quote, markouts };
    const later = points.filter(({ atMs }) => atMs > fill.executedAtMs);
    this.#trades = [...this.#trades, later.reduce(judged, trade)].slice(-this.#maxTrades);
  }
}

function pointOf({ cycle, atMs, price, targets, inventory, defense }: QuoteExplanation) {
  return {
    cycle,
    atMs,
    fairCents: price?.rawCents ?? null,
    bidCents: bestOf(targets, "BID"),
    askCents: bestOf(targets, "ASK"),
    skew: inventory.effectiveSkew,
    netShares: inventory.yes - inventory.no,
    pnlDayCents: inventory.pnlDayCents,
    pnlTotalCents: inventory.pnlTotalCents,
    level: defense.level,
  };
}

/** The trade with every markout that the first point after its time decides. */
function judged(trade: TradeRecord, { atMs, fairCents }: HistoryPoint): TradeRecord {
  const { fill, markouts } = trade;
  const isDue = ({ afterMs, cents }: Markout) => {
    const lateMs = atMs - fill.executedAtMs - afterMs;
    return cents === null && lateMs >= 0 && lateMs <= MAX_LATE_MS;
  };
  if (fairCents === null || !markouts.some(isDue)) return trade;
  const gainCents = (fill.side === "BID" ? 1 : -1) * (fairCents - fill.yesPrice);
  return {
    ...trade,
    markouts: markouts.map((markout) =>
      isDue(markout) ? { ...markout, cents: gainCents } : markout
    ),
  };
}
