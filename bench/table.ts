import { textTable } from "../sim/cli/text_table.ts";
import { type BenchResult, reached } from "./result.ts";

/** The results as a table for a terminal. */
export function resultTable(results: readonly BenchResult[]): string {
  return textTable([HEADER, ...results.map(resultRow)]);
}

/** Names of the columns. */
export const HEADER = ["measurement", "ours", "other", "unit", "ratio", "range", "target", "met"];

/** One result as a row of texts. */
export function resultRow(result: BenchResult): string[] {
  const { name, ours, other, otherIs, unit, ratio, min, max } = result;
  return [
    name,
    figure(ours),
    other === null ? "–" : `${figure(other)} ${otherIs}`,
    unit,
    ratio === null ? "–" : figure(ratio),
    `${figure(min)} to ${figure(max)}`,
    targetText(result),
    metText(result),
  ];
}

function targetText({ target, better }: BenchResult): string {
  if (target === null) return "–";
  const bound = better === "greater" ? "≥" : "≤";
  return `${target.of === "ratio" ? "ratio " : ""}${bound} ${figure(target.limit)}`;
}

function metText(result: BenchResult): string {
  const isReached = reached(result);
  return isReached === null ? "–" : isReached ? "yes" : "no";
}

/** A figure with three significant digits, large ones with all before the point, in groups. */
export function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) {
    return Math.round(value).toLocaleString("en");
  }
  return String(Number(value.toPrecision(3)));
}
