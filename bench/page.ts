import { FAMILIES, FAMILY_NAMES } from "./families.ts";
import type { Machine } from "./machine.ts";
import type { BenchResult } from "./result.ts";
import { HEADER, resultRow } from "./table.ts";

/** `docs/performance.md`. */
export function performancePage(results: readonly BenchResult[], machine: Machine): string {
  const { cpu, cores, memoryGiB, os, load, deno, v8 } = machine;
  const sections = FAMILY_NAMES.map((name) => {
    const own = results.filter((result) => result.name.startsWith(`${name}/`));
    return `## ${FAMILIES[name].title}\n\n${FAMILIES[name].method}\n\n${markdownTable(own)}`;
  });
  return `# Performance

Written by \`deno task bench --write\`; do not edit. \`deno task bench --json\` gives the same
figures for programs, \`--only NAME\` one family, \`--check\` compares the ratios with
\`bench/guard.json\` and fails if one has lost more than a third.

Measured on ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${os}, Deno ${deno}, V8 ${v8},
with a load of ${load.toFixed(1)} at the start. Absolute figures belong to that machine at that
hour; ratios compare two things of the same run, in turn, and are what counts. Times are those of
the processor unless a row says otherwise. \`ours\` and \`other\` are medians, the range is that of
the ratio (of \`ours\` where there is no ratio).

${sections.join("\n")}`;
}

function markdownTable(results: readonly BenchResult[]): string {
  const rows = [HEADER, HEADER.map(() => "---"), ...results.map(resultRow)];
  return rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
}
