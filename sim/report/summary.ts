import type { Measured, SimulationResult } from "../harness/result.ts";
import { dollars } from "./explanation_rows.ts";

/** The columns of a summary: heading and how a figure is shown. */
const COLUMNS: readonly (readonly [string, (measured: Measured) => string])[] = [
  ["two-sided", ({ twoSidedUptime }) => `${(100 * twoSidedUptime).toFixed(1)} %`],
  ["spread", ({ averageSpreadCents }) => `${averageSpreadCents.toFixed(1)} c`],
  ["fair off by", ({ fairErrorCents }) => `${fairErrorCents.toFixed(1)} c`],
  ["trades", ({ ownTrades }) => String(ownTrades)],
  ["volume", ({ volumeShares }) => String(volumeShares)],
  ["max net", ({ maxNetShares }) => String(maxNetShares)],
  ["P&L", ({ pnlCents }) => dollars(pnlCents)],
  ["booked", ({ bookedPnlCents }) => dollars(bookedPnlCents)],
  ["drawdown", ({ maxDrawdownCents }) => dollars(maxDrawdownCents)],
  ["kills", ({ kills }) => String(kills)],
  ["level", ({ finalDefenseLevel }) => finalDefenseLevel],
];

/** Headings of {@link summaryCells}. */
export const SUMMARY_HEADINGS: readonly string[] = COLUMNS.map(([heading]) => heading);

/** The main figures of a market or a run, as a person reads them. */
export function summaryCells(measured: Measured): string[] {
  return COLUMNS.map(([, show]) => show(measured));
}

/** `ok`, or how much went wrong. */
export function verdict({ violations }: Pick<SimulationResult, "violations">): string {
  return violations.length === 0 ? "ok" : `${violations.length} violations`;
}
