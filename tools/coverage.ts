/**
 * The last step of `deno task coverage`: lines that the tests reach, part by part, and every branch
 * of risk and execution that they do not. Exits with 1 below nine lines in ten.
 */

import { fail, run, say } from "./process.ts";

/** What the tests reach of one file. */
export interface FileCoverage {
  /** Path from the root of the project. */
  readonly path: string;
  readonly lines: number;
  readonly linesReached: number;
  /** Lines with a branch that is never taken. */
  readonly missedBranches: readonly number[];
}

/** The share of lines that must be reached in `src` and in `sim/exchange`. */
const WANTED = 0.9;
const EXAMINED = /^src\/(risk|execution)\//;

/**
 * Reads a report in lcov format.
 * @param root directory of the project, with a slash at its end
 */
export function readLcov(report: string, root: string): readonly FileCoverage[] {
  return report.split("end_of_record").filter((part) => part.includes("SF:")).map((part) => {
    const path = /^SF:(.*)$/m.exec(part)?.[1]?.replace(root, "") ?? "";
    const lines = [...part.matchAll(/^DA:\d+,(\d+)/gm)].map(([, count]) => Number(count));
    const branches = [...part.matchAll(/^BRDA:(\d+),\d+,\d+,(\d+|-)$/gm)];
    const missed = branches.filter(([, , taken]) => taken === "0" || taken === "-");
    return {
      path,
      lines: lines.length,
      linesReached: lines.filter((count) => count > 0).length,
      missedBranches: [...new Set(missed.map(([, line]) => Number(line)))].sort((a, b) => a - b),
    };
  });
}

/** The report for people, and whether enough is reached. */
export function summary(files: readonly FileCoverage[]): { text: string; isEnough: boolean } {
  const parts = Map.groupBy(files, ({ path }) => path.split("/").slice(0, 2).join("/"));
  const rows = [...parts].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([part, members]) => `${part.padEnd(16)} ${shown(shareOf(members))}`);
  const wholes = ["src/", "sim/exchange/"].map((prefix) => ({
    prefix,
    share: shareOf(files.filter(({ path }) => path.startsWith(prefix))),
  }));
  const missed = files.filter(({ path }) => EXAMINED.test(path))
    .flatMap(({ path, missedBranches }) => missedBranches.map((line) => `${path}:${line}`)).sort();
  return {
    text: [
      ...rows,
      "",
      ...wholes.map(({ prefix, share }) => `all of ${prefix.padEnd(16)} ${shown(share)}`),
      "",
      `branches of risk and execution that are not taken: ${missed.length}`,
      ...missed,
    ].join("\n"),
    isEnough: wholes.every(({ share }) => share >= WANTED),
  };
}

function shareOf(files: readonly FileCoverage[]): number {
  const sum = (count: (file: FileCoverage) => number) =>
    files.reduce((total, file) => total + count(file), 0);
  const lines = sum((file) => file.lines);
  return lines === 0 ? 1 : sum((file) => file.linesReached) / lines;
}

function shown(share: number): string {
  return `${(100 * share).toFixed(1).padStart(5)} % of lines`;
}

async function main(directory: string): Promise<void> {
  const options = ["--lcov", "--include=/src/", "--include=/sim/exchange/", "--exclude=/browser/"];
  const { out } = await run(Deno.execPath(), ["coverage", ...options, directory]);
  const { text, isEnough } = summary(readLcov(out, `${Deno.cwd()}/`));
  say(text);
  if (!isEnough) throw new Error("fewer than nine lines in ten are reached");
}

if (import.meta.main) await main(Deno.args[0] ?? "cov").catch((error) => fail("coverage", error));
