import type { PriceCents } from "../../src/models/money.ts";
import { bestOf } from "../../src/models/order.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";

/** The own quotes of a market as they rest at the venue. */
export interface RestingQuotes {
  readonly bid: number | null;
  readonly ask: number | null;
  readonly orders: number;
}

/** The quotes that orders make. */
export function restingQuotes(
  orders: readonly { readonly side: BookSide; readonly yesPrice: PriceCents }[],
): RestingQuotes {
  return { bid: bestOf(orders, "BID"), ask: bestOf(orders, "ASK"), orders: orders.length };
}

/** A stretch of time, since the beginning. */
export interface Interval {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Measures for how much of the time both sides are quoted. The clock starts with the first quote;
 * tell it of every change.
 */
export class QuoteWatch {
  #sinceMs: number | null = null;
  #lastMs = 0;
  #twoSidedMs = 0;
  #spreadMs = 0;
  #spread: number | null = null;
  #endMs = Infinity;
  readonly #exempt: readonly Interval[];
  #usualMs = 0;
  #usualTwoSidedMs = 0;

  /**
   * @param exempt times that do not count for {@link usual}, in order and apart from each other
   */
  constructor(exempt: readonly Interval[] = []) {
    this.#exempt = exempt;
  }

  /** Notes that from now on these quotes rest; pass none while nobody can hit them. */
  see(nowMs: number, { bid, ask, orders }: RestingQuotes): void {
    this.#passTo(nowMs);
    if (orders > 0) this.#sinceMs ??= nowMs;
    this.#spread = bid === null || ask === null ? null : ask - bid;
  }

  /** Notes that the market has ended: nobody could quote it from now on. */
  end(nowMs: number): void {
    this.#passTo(nowMs);
    this.#endMs = Math.min(this.#endMs, nowMs);
  }

  /** How long both sides were quoted until now, and the distance between them added up over it. */
  twoSided(nowMs: number): { readonly durationMs: number; readonly spreadCentsMs: number } {
    this.#passTo(nowMs);
    return { durationMs: this.#twoSidedMs, spreadCentsMs: this.#spreadMs };
  }

  /** Like {@link twoSided}, and all time, without what is exempt. */
  usual(nowMs: number): { readonly twoSidedMs: number; readonly totalMs: number } {
    this.#passTo(nowMs);
    return { twoSidedMs: this.#usualTwoSidedMs, totalMs: this.#usualMs };
  }

  /** The end of the market if it has one by now, else now. */
  openUntilMs(nowMs: number): number {
    return Math.min(nowMs, this.#endMs);
  }

  /** Share of the time since the first quote with both sides, 0 to 1; 0 without a quote. */
  uptime(nowMs: number): number {
    this.#passTo(nowMs);
    const totalMs = this.#sinceMs === null ? 0 : this.#lastMs - this.#sinceMs;
    return totalMs === 0 ? 0 : this.#twoSidedMs / totalMs;
  }

  /** Mean distance of the two sides while both rested, cents; 0 if they never did. */
  averageSpreadCents(nowMs: number): number {
    this.#passTo(nowMs);
    return this.#twoSidedMs === 0 ? 0 : this.#spreadMs / this.#twoSidedMs;
  }

  #passTo(nowMs: number): void {
    const untilMs = Math.min(nowMs, this.#endMs);
    const usualMs = untilMs - this.#lastMs - this.#exemptMs(this.#lastMs, untilMs);
    this.#usualMs += usualMs;
    if (this.#spread !== null) {
      this.#usualTwoSidedMs += usualMs;
      this.#twoSidedMs += untilMs - this.#lastMs;
      this.#spreadMs += (untilMs - this.#lastMs) * this.#spread;
    }
    this.#lastMs = untilMs;
  }

  #exemptMs(fromMs: number, untilMs: number): number {
    return this.#exempt.reduce(
      (sum, exempt) =>
        sum + Math.max(0, Math.min(untilMs, exempt.untilMs) - Math.max(fromMs, exempt.fromMs)),
      0,
    );
  }
}
