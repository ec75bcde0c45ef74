import type { BenchResult } from "./result.ts";

/**
 * What is guarded: the ratio that each measurement had when the file was written, the worst of its
 * repetitions, so that a busy machine breaks nothing.
 */
export type Guard = Readonly<Record<string, number>>;

/** A ratio may become worse by so much, as a share of what it was. */
const ALLOWED_LOSS = 1 / 3;

/** The ratios of a run, as the file holds them. Absolute figures belong to a machine. */
export function guardOf(results: readonly BenchResult[]): Guard {
  return Object.fromEntries(
    results.flatMap(({ name, ratio, min, max, better }) =>
      ratio === null ? [] : [[name, Number((better === "greater" ? min : max).toPrecision(3))]]
    ),
  );
}

/** One line for each ratio that has become worse by more than a third, or that is gone. */
export function losses(
  results: readonly BenchResult[],
  guard: Guard,
  families: readonly string[],
): string[] {
  const measured = new Map(results.map((result) => [result.name, result]));
  return Object.entries(guard).flatMap(([name, before]) => {
    if (!families.includes(name.split("/")[0] ?? "")) return [];
    const result = measured.get(name);
    if (result === undefined || result.ratio === null) return [`${name}: is not measured any more`];
    const { ratio, better } = result;
    const isLost = better === "greater"
      ? ratio < before * (1 - ALLOWED_LOSS)
      : ratio > before / (1 - ALLOWED_LOSS);
    const shown = Number(ratio.toPrecision(3));
    return isLost ? [`${name}: the ratio was ${before} and is ${shown}`] : [];
  });
}
