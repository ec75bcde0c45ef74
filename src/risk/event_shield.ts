import type { MarketConfig } from "../config/registry.ts";

/**
 * LVR rule C (§14): true within `lvr_event_shield_window_ms` before or after a known event. An
 * entry that is no time shields always: a typing error must not leave the market unprotected.
 * @param nowMs wall time, epoch milliseconds
 */
export function isEventShielded(
  nowMs: number,
  config: Pick<MarketConfig, "eventTimes" | "lvrEventShieldWindowMs">,
): boolean {
  return (config.eventTimes ?? []).some((time) => {
    return !(Math.abs(nowMs - Date.parse(time)) > config.lvrEventShieldWindowMs);
  });
}
