/** Order-flow toxicity (§14): how one-sided the aggressors of the last trades were. */

import type { MarketConfig } from "../config/registry.ts";
import type { Fill } from "../models/order.ts";

/** A trade by its aggressor. */
export interface FlowTrade {
  /** What the aggressor did with YES exposure. */
  readonly aggressor: "BUY" | "SELL";
  readonly quantity: number;
}

/** The last trades, oldest first; at most `vpin_window`. */
export type Flow = readonly FlowTrade[];

/** An own fill as flow: whoever takes our ASK buys, whoever takes our BID sells. */
export function flowOf({ side, quantity }: Pick<Fill, "side" | "quantity">): FlowTrade {
  return { aggressor: side === "ASK" ? "BUY" : "SELL", quantity };
}

/** Adds trades and forgets those outside the window. */
export function observeFlow(
  flow: Flow,
  trades: readonly FlowTrade[],
  { vpinWindow }: Pick<MarketConfig, "vpinWindow">,
): Flow {
  return trades.length === 0 ? flow : [...flow, ...trades].slice(-vpinWindow);
}

/**
 * Toxicity `abs(sellVolume/total - 0.5) * 2`, 0 (balanced) to 1; 0 while the window is not full.
 */
export function vpin(flow: Flow, { vpinWindow }: Pick<MarketConfig, "vpinWindow">): number {
  if (flow.length < vpinWindow) return 0;
  let [total, sold] = [0, 0];
  for (const { aggressor, quantity } of flow) {
    total += quantity;
    if (aggressor === "SELL") sold += quantity;
  }
  return total === 0 ? 0 : Math.abs(sold / total - 0.5) * 2;
}
