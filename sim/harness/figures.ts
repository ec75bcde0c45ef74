/** The figures by which market makers are compared, in a form that adds up. */

/** What is measured of a market maker, in the order in which it is shown. */
export const FIGURE_NAMES = [
  /** Share of the market's time in which own orders of both sides rested. */
  "two_sided_uptime",
  /** The same, without the ten minutes after each jump of the true price. */
  "two_sided_outside_news",
  /** Distance between own best offer and bid, weighted with the time for which both rested. */
  "quoted_spread_cents",
  /** Twice the distance of a fill from the own middle before it, weighted with its shares. */
  "paid_spread_cents",
  /** Shares in own trades. */
  "volume_shares",
  /** Distance of the own middle, or the last there was, from the true price, over time. */
  "price_error_cents",
  /** P&L at the true price before the market is decided. */
  "pnl_cents",
  /** P&L after the outcome, drawn with the true probability, was paid. */
  "settled_pnl_cents",
  /** Loss at the true price for each traded share: the subsidy. */
  "cost_per_share_cents",
  /** The lowest P&L at the true price at any time or after the outcome, as a positive loss. */
  "worst_loss_cents",
  /** What would have been lost if the worse outcome had come at the worst moment. */
  "worst_outcome_loss_cents",
  /** Largest fall of the P&L at the true price from an earlier peak. */
  "max_drawdown_cents",
  /** Root mean square of the net position, which begins at zero; its figure holds squares. */
  "inventory_std",
  /** Gain at the true price a second after a fill, weighted with its shares. */
  "markout_1s_cents",
  "markout_10s_cents",
  "markout_60s_cents",
  /** Times at which the maker gave the market up for good. */
  "kills",
  /** Share of cycles at a level or with a pause in force; nothing where no story is told. */
  "widen_share",
  "one_side_share",
  "paused_share",
  /** Levels of the bid ladder, over all cycles that quote. */
  "bid_levels",
] as const;

/** One of {@link FIGURE_NAMES}. */
export type FigureName = (typeof FIGURE_NAMES)[number];

/**
 * A figure as two sums, so that markets and runs add up: its value is `sum / weight`, whatever the
 * weight stands for, such as shares, milliseconds or runs.
 */
export interface Figure {
  readonly sum: number;
  readonly weight: number;
}

/** Everything that is measured of a market maker. */
export type Figures = Readonly<Record<FigureName, Figure>>;

/** One figure for several markets together. */
export function addFigures(figures: readonly Figure[]): Figure {
  return {
    sum: figures.reduce((total, { sum }) => total + sum, 0),
    weight: figures.reduce((total, { weight }) => total + weight, 0),
  };
}

/** Makes a record with an entry for each figure. */
export function eachFigure<T>(make: (name: FigureName) => T): Readonly<Record<FigureName, T>> {
  // The keys are exactly the names.
  return Object.fromEntries(FIGURE_NAMES.map((name) => [name, make(name)])) as Record<
    FigureName,
    T
  >;
}
