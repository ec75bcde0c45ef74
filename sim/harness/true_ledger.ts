import { PAIR_CENTS } from "../../src/models/money.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import { Drawdown } from "./drawdown.ts";

/** An own execution, seen from the YES book. */
export interface OwnFill {
  readonly side: BookSide;
  readonly yesPrice: number;
  readonly quantity: number;
  readonly feeCents: number;
}

/**
 * What the bot has won or lost in a market, reckoned from its fills alone and independent of the
 * bot's own books. Whatever the funding, a bid fill pays its price for one more net YES share and
 * an ask fill receives it for one less (§0.4); minted and burned pairs are worth what they cost.
 */
export class TrueLedger {
  #cashCents = 0;
  #netShares = 0;
  #mostNetShares = 0;
  #worstCents = 0;
  #worstOutcomeCents = 0;
  readonly #drawdown = new Drawdown();

  /** Books an own fill. */
  book({ side, yesPrice, quantity, feeCents }: OwnFill): void {
    const sign = side === "BID" ? 1 : -1;
    this.#netShares += sign * quantity;
    this.#cashCents -= sign * yesPrice * quantity + feeCents;
    this.#mostNetShares = Math.max(this.#mostNetShares, Math.abs(this.#netShares));
    const outcomeCents = Math.min(this.pnlCents(0), this.pnlCents(PAIR_CENTS));
    this.#worstOutcomeCents = Math.min(this.#worstOutcomeCents, outcomeCents);
  }

  /** Values everything at the true price, and remembers how far it has fallen. */
  mark(trueCents: number): void {
    const pnlCents = this.pnlCents(trueCents);
    this.#worstCents = Math.min(this.#worstCents, pnlCents);
    this.#drawdown.see(pnlCents);
  }

  /** P&L at a true price of YES, rounded down to a cent. */
  pnlCents(trueCents: number): number {
    return Math.floor(this.#cashCents + this.#netShares * trueCents + 1e-6);
  }

  /** Net position `Y - N` that the fills have led to. */
  get netShares(): number {
    return this.#netShares;
  }

  /** The largest `abs(Y - N)` so far. */
  get mostNetShares(): number {
    return this.#mostNetShares;
  }

  /** The lowest {@link mark}ed P&L, at most 0. */
  get worstCents(): number {
    return this.#worstCents;
  }

  /** The lowest P&L so far if the worse outcome had come at any time, at most 0. */
  get worstOutcomeCents(): number {
    return this.#worstOutcomeCents;
  }

  /** The largest fall of {@link mark}ed P&L from an earlier peak. */
  get drawdownCents(): number {
    return this.#drawdown.worst;
  }
}
