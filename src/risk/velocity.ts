/**
 * LVR rule B (§14): one side of the ladder is swept within moments, measured in the venue's own
 * time.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { DefenseTrigger } from "../models/explanation.ts";
import type { Fill } from "../models/order.ts";
import type { BookSide } from "../models/vocabulary.ts";

/** A fill as the window remembers it. */
export interface WindowFill {
  readonly side: BookSide;
  /** Time of execution at the venue; never falls from one fill of the window to the next. */
  readonly atMs: number;
  readonly quantity: number;
  /** Shares that rested on the side just before this fill. */
  readonly restingBefore: number;
}

/** Own fills of the last `lvr_velocity_window_ms`, oldest first; at most {@link MAX_FILLS}. */
export type FillWindow = readonly WindowFill[];

/** Fills since the last look. */
export interface FillBatch {
  /** In the order of the venue's trade list, oldest first. */
  readonly fills: readonly Fill[];
  /** Own resting shares per side as confirmed before these fills. */
  readonly restingBefore: Readonly<Record<BookSide, number>>;
}

/** The largest share of a side that was filled inside one window. */
interface Drain {
  /** Filled share of what rested when the window began, 0 to 1. */
  readonly ratio: number;
  readonly trades: number;
}

type VelocityConfig = Pick<
  MarketConfig,
  "lvrVelocityWindowMs" | "lvrVelocityOneSideRatio" | "lvrVelocityKillRatio"
>;

/** More fills than this in one window have swept the ladder many times over. */
const MAX_FILLS = 200;

/**
 * Adds a batch of fills and judges every window that ends with one of them. Polling delivers fills
 * in batches, so their time of arrival says nothing and is not used.
 * @returns the window, and the highest level asked for, if any
 */
export function observeFills(
  window: FillWindow,
  batch: FillBatch,
  config: VelocityConfig,
): { readonly window: FillWindow; readonly triggers: readonly DefenseTrigger[] } {
  if (batch.fills.length === 0) return { window, triggers: [] };
  const resting = { ...batch.restingBefore };
  const drains: Drain[] = [];
  let current = window;
  for (const { side, executedAtMs, quantity } of batch.fills) {
    current = extend(current, {
      side,
      atMs: executedAtMs,
      quantity,
      restingBefore: resting[side],
    }, config);
    resting[side] -= quantity;
    drains.push(...drainsAtEnd(current));
  }
  return { window: current, triggers: triggersOf(drains, config) };
}

/**
 * Appends a fill. The venue's clock may step back a little: the order of the trades then counts. A
 * step of more than a window is a clock that was set, and what was measured on the old one is
 * forgotten.
 */
function extend(window: FillWindow, fill: WindowFill, config: VelocityConfig): FillWindow {
  const lastMs = window.at(-1)?.atMs ?? -Infinity;
  const clockWasSet = lastMs - fill.atMs > config.lvrVelocityWindowMs;
  const atMs = clockWasSet ? fill.atMs : Math.max(lastMs, fill.atMs);
  const recent = window.filter((earlier) =>
    !clockWasSet && atMs - earlier.atMs <= config.lvrVelocityWindowMs
  );
  return [...recent, { ...fill, atMs }].slice(-MAX_FILLS);
}

/** The drain of each window that ends with the last fill and starts with one of the same side. */
function drainsAtEnd(window: FillWindow): readonly Drain[] {
  const side = window.at(-1)?.side;
  let filled = 0;
  let trades = 0;
  return window.filter((fill) => fill.side === side).reverse().flatMap((start) => {
    filled += start.quantity;
    trades++;
    // Without resting shares at its start a window has nothing to be measured against.
    return start.restingBefore > 0
      ? [{ ratio: Math.min(1, filled / start.restingBefore), trades }]
      : [];
  });
}

/** With a kill ratio of 1 the kill is off: no ratio is above 1 (C-39). */
function triggersOf(
  drains: readonly Drain[],
  { lvrVelocityKillRatio, lvrVelocityOneSideRatio }: VelocityConfig,
): readonly DefenseTrigger[] {
  const worst = Math.max(0, ...drains.map(({ ratio }) => ratio));
  if (worst > lvrVelocityKillRatio) {
    return [{
      rule: "lvr_velocity_kill_ratio",
      level: "KILL_SWITCH",
      value: worst,
      limit: lvrVelocityKillRatio,
      killReason: "LVR",
    }];
  }
  // One trade may be an ordinary large order. A sweep over two levels is at least two trades.
  const sweeps = drains.filter(({ trades }) => trades >= 2);
  const value = Math.max(0, ...sweeps.map(({ ratio }) => ratio));
  return value > lvrVelocityOneSideRatio
    ? [{
      rule: "lvr_velocity_one_side_ratio",
      level: "ONE_SIDE",
      value,
      limit: lvrVelocityOneSideRatio,
    }]
    : [];
}
