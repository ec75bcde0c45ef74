import type { Clock } from "../../src/runtime/clock.ts";
import type { Figure, FigureName } from "./figures.ts";
import type { OwnFill } from "./true_ledger.ts";
import type { RestingQuotes } from "./quote_watch.ts";
import { WeightedSum } from "./weighted_sum.ts";

/** Where a {@link FlowWatch} looks. */
export interface FlowWatchOptions {
  readonly clock: Clock;
  /** The true price now, cents. */
  readonly trueCents: () => number;
}

/** How long after a fill it is judged, and the figure for that. */
const MARKOUTS = [
  [1_000, "markout_1s_cents"],
  [10_000, "markout_10s_cents"],
  [60_000, "markout_60s_cents"],
] as const satisfies readonly (readonly [number, FigureName])[];

/** What a {@link FlowWatch} measures. */
export type FlowFigure =
  | "paid_spread_cents"
  | "price_error_cents"
  | "inventory_std"
  | (typeof MARKOUTS)[number][1];

/**
 * Measures what the quotes of a market were worth: how far their middle was from the truth, what
 * takers paid for them, and what became of each fill. Tell it of every fill before the quotes that
 * rest after it.
 */
export class FlowWatch {
  readonly #options: FlowWatchOptions;
  readonly #sums: Readonly<Record<FlowFigure, WeightedSum>>;
  #middle: number | null = null;
  #middleSinceMs = -Infinity;
  /** The middle before the moment in which it last changed: what a taker has seen. */
  #middleBefore: number | null = null;

  constructor(options: FlowWatchOptions) {
    this.#options = options;
    this.#sums = {
      paid_spread_cents: new WeightedSum(),
      price_error_cents: new WeightedSum(),
      inventory_std: new WeightedSum(),
      markout_1s_cents: new WeightedSum(),
      markout_10s_cents: new WeightedSum(),
      markout_60s_cents: new WeightedSum(),
    };
  }

  /** Notes which quotes rest from now on; with one side alone the last middle stays. */
  see({ bid, ask }: RestingQuotes): void {
    const middle = bid === null || ask === null ? this.#middle : (bid + ask) / 2;
    if (middle === this.#middle) return;
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs > this.#middleSinceMs) this.#middleBefore = this.#middle;
    this.#middle = middle;
    this.#middleSinceMs = nowMs;
  }

  /** Judges an own fill, now and when its markouts are due. */
  seeFill({ side, yesPrice, quantity }: OwnFill): void {
    const { clock, trueCents } = this.#options;
    const isNew = clock.monotonicMs() <= this.#middleSinceMs;
    const middle = isNew ? this.#middleBefore : this.#middle;
    const sign = side === "BID" ? 1 : -1;
    if (middle !== null) this.#sums.paid_spread_cents.add(2 * sign * (middle - yesPrice), quantity);
    for (const [delayMs, name] of MARKOUTS) {
      clock.after(delayMs, () => this.#sums[name].add(sign * (trueCents() - yesPrice), quantity));
    }
  }

  /**
   * Samples the state of the market; call it at equal distances in time.
   * @param netShares own net position `Y - N`
   */
  sample(netShares: number): void {
    this.#sums.inventory_std.add(netShares ** 2);
    if (this.#middle === null) return;
    this.#sums.price_error_cents.add(Math.abs(this.#middle - this.#options.trueCents()));
  }

  /** Everything that was measured so far. */
  figures(): Readonly<Record<FlowFigure, Figure>> {
    return {
      paid_spread_cents: this.#sums.paid_spread_cents.figure,
      price_error_cents: this.#sums.price_error_cents.figure,
      inventory_std: this.#sums.inventory_std.figure,
      markout_1s_cents: this.#sums.markout_1s_cents.figure,
      markout_10s_cents: this.#sums.markout_10s_cents.figure,
      markout_60s_cents: this.#sums.markout_60s_cents.figure,
    };
  }
}
