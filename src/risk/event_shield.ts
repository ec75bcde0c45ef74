import type { MarketConfig } from "../config/registry.ts";
import { oncePer } from "../models/memo.ts";

/** Epoch milliseconds of texts that name a time; NaN for the others. */
const timesMs = oncePer((texts: readonly string[]) => texts.map((text) => Date.parse(text)));

/**
 * LVR rule C (§14): true within `lvr_event_shield_window_ms` before or after a known event. An
 * entry that is no time shields always: a typing error must not leave the market unprotected.
 * @param nowMs wall time, epoch milliseconds
 */
export function isEventShielded(
  nowMs: number,
  { eventTimes, lvrEventShieldWindowMs }: Pick<
    MarketConfig,
    "eventTimes" | "lvrEventShieldWindowMs"
  >,
): boolean {
  if (eventTimes === null) return false;
  return timesMs(eventTimes).some((timeMs) => {
    return !(Math.abs(nowMs - timeMs) > lvrEventShieldWindowMs);
  });
}
