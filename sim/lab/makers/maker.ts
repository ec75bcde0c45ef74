import type { BookSide } from "../../../src/models/vocabulary.ts";

/** What a market maker is given to begin with. */
export interface MakerTerms {
  /** What it is told of the price, cents. */
  readonly anchorCents: number;
  /** What it may lose, cents. */
  readonly budgetCents: number;
  /** Size of its orders, if it does not follow a curve. */
  readonly orderShares: number;
}

/** What a market maker knows when it quotes. */
export interface MakerView {
  /** Net position `Y - N`, which began at zero. */
  readonly netShares: number;
  /** Where its own fills have led the anchor, cents. */
  readonly learntCents: number;
  /** Share of the market's life that is left, 1 to 0, counted from when it began to quote. */
  readonly lifeLeft: number;
}

/** A price and a size of one side of the YES book. */
export interface MakerQuote {
  readonly side: BookSide;
  /** YES price, 1 to 99 cents. */
  readonly price: number;
  readonly quantity: number;
}

/** A way to make a market, as a function of what is known; whoever runs it acts at the venue. */
export interface Maker {
  /**
   * How far the learnt price goes towards the price of an own fill, 0 to 1; 0 for a maker that does
   * not use it.
   */
  readonly learning: number;
  /** What a YES share is worth to it, cents; its position is marked with it. */
  fairCents(view: MakerView): number;
  /** The orders that should rest. */
  quotes(view: MakerView): readonly MakerQuote[];
}

/** Brings a market maker to life in one market. */
export type MakerFactory = (terms: MakerTerms) => Maker;
