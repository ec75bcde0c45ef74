import type { MarketConfig } from "../../config/registry.ts";

/** When the anchor was set, and when it is asked for. */
export interface AnchorAge {
  /** Epoch milliseconds. */
  readonly anchorSetAtMs: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/**
 * How much the administrator's anchor counts: falls linearly to its floor within `anchorDecayMs`
 * (§1, C-13).
 * @returns a weight from 0 to 1
 */
export function anchorWeight({ anchorSetAtMs, nowMs }: AnchorAge, config: MarketConfig): number {
  const ageMs = Math.max(0, nowMs - anchorSetAtMs);
  const faded = config.anchorInitialWeight * (1 - ageMs / config.anchorDecayMs);
  return Math.max(config.anchorWeightFloor, faded);
}
