import type { QuoteExplanation } from "../../models/explanation.ts";
import type { Fill } from "../../models/order.ts";

/** Where the profit of a market came from since the process began to watch it; cents. */
export interface ProfitSplit {
  /** Epoch milliseconds, null before the first cycle. */
  readonly sinceMs: number | null;
  /** The parts together; without what a settlement adds. */
  readonly totalCents: number;
  /** Bought below and sold above the fair price of that moment. */
  readonly spreadCents: number;
  /** What was held gained or lost as the fair price moved; all that the other parts leave over. */
  readonly inventoryCents: number;
  /** Fees of fills, 0 or less. */
  readonly feesCents: number;
  /** Shares in own trades. */
  readonly volumeShares: number;
}

/** Adds up where the profit of one market comes from. */
export class ProfitBooks {
  #first: { readonly atMs: number; readonly pnlCents: number } | null = null;
  #lastPnlCents = 0;
  #spreadCents = 0;
  #feesCents = 0;
  #volumeShares = 0;

  /** The split as of the last cycle. */
  get split(): ProfitSplit {
    const totalCents = this.#first === null ? 0 : this.#lastPnlCents - this.#first.pnlCents;
    return {
      sinceMs: this.#first?.atMs ?? null,
      totalCents,
      spreadCents: this.#spreadCents,
      inventoryCents: totalCents - this.#spreadCents - this.#feesCents,
      feesCents: this.#feesCents,
      volumeShares: this.#volumeShares,
    };
  }

  /** Takes the valuation of a cycle. */
  noteCycle({ atMs, inventory: { pnlTotalCents } }: QuoteExplanation): void {
    this.#first ??= { atMs, pnlCents: pnlTotalCents };
    this.#lastPnlCents = pnlTotalCents;
  }

  /**
   * Takes an own trade.
   * @param fairCents YES price that was thought fair before it; null if none was known: then all of
   *   its gain counts as one of the inventory
   */
  noteFill({ side, yesPrice, quantity, feeCents }: Fill, fairCents: number | null): void {
    const gainCents = fairCents === null ? 0 : (side === "BID" ? 1 : -1) * (fairCents - yesPrice);
    this.#spreadCents += gainCents * quantity;
    this.#feesCents -= feeCents;
    this.#volumeShares += quantity;
  }
}
