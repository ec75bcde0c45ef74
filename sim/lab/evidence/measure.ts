/** Figures of findings, and how they are written. */

import type { Figure, FigureName } from "../../harness/figures.ts";
import { type Estimate, estimate, pairedDifference, rootOf } from "../statistics.ts";
import type { Finding } from "./chapter.ts";

/** A figure over runs, with its interval. */
export function estimateOf(found: readonly Finding[], name: FigureName): Estimate {
  const result = estimate(figuresOf(found, name));
  return name === "inventory_std" ? rootOf(result) : result;
}

/** A figure of the first less that of the second, who met the same seeds, with its interval. */
export function differenceOf(
  first: readonly Finding[],
  second: readonly Finding[],
  name: FigureName,
): Estimate {
  return pairedDifference(figuresOf(first, name), figuresOf(second, name));
}

/** The largest value of a figure that each run has once. */
export function largestOf(found: readonly Finding[], name: FigureName): number {
  return Math.max(0, ...figuresOf(found, name).map(({ sum }) => sum));
}

/** How many runs meet a condition. */
export function countOf(found: readonly Finding[], holds: (finding: Finding) => boolean): number {
  return found.filter(holds).length;
}

/** Times that this bot gave up for good in a run. */
export function killsOf({ outcome }: Finding): number {
  return outcome.figures.kills.sum;
}

function figuresOf(found: readonly Finding[], name: FigureName): readonly Figure[] {
  return found.map(({ outcome }) => outcome.figures[name]);
}

/** How a number is written. */
export interface NumberForm {
  readonly scale?: number;
  readonly digits: number;
}

/** Shares of a whole as per cent. */
export const PERCENT: NumberForm = { scale: 100, digits: 1 };
/** Cents as dollars. */
export const DOLLARS: NumberForm = { scale: 0.01, digits: 2 };
/** Cents. */
export const CENTS: NumberForm = { digits: 2 };

/** `12.3 ±0.4`, or without the second where one run says nothing of it; `-` if there is none. */
export function shown({ mean, high }: Estimate, { scale = 1, digits }: NumberForm): string {
  if (mean === null) return "-";
  const value = plain(mean, { scale, digits });
  return high === null ? value : `${value} ±${((high - mean) * scale).toFixed(digits)}`;
}

/** A number without an interval; `-` if there is none. */
export function plain(value: number | null, { scale = 1, digits }: NumberForm): string {
  if (value === null) return "-";
  const text = (value * scale).toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** `[-0.52, 0.10]`; `-` where nothing is known. */
export function interval({ low, high }: Estimate, form: NumberForm): string {
  return low === null || high === null ? "-" : `[${plain(low, form)}, ${plain(high, form)}]`;
}
