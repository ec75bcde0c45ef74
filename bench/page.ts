import { FAMILIES, FAMILY_NAMES } from "./families.ts";
import type { Machine } from "./machine.ts";
import type { BenchResult } from "./result.ts";
import { figure, HEADER, resultRow } from "./table.ts";

/** Where and how the figures of a page were measured. */
export interface Circumstances extends Machine {
  /** Sections that people have written. */
  readonly notes: string;
}

/** `docs/performance.md`. */
export function performancePage(results: readonly BenchResult[], how: Circumstances): string {
  const { cpu, cores, memoryGiB, os, load, deno, v8, notes } = how;
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

${sizing(results)}
${notes}
${sections.join("\n")}`;
}

/** What a machine must have for so many markets, from the figures of the run. */
function sizing(results: readonly BenchResult[]): string {
  const of = (name: string) => results.find((result) => result.name === name)?.ours ?? NaN;
  const [few, many] = [50, 1_000];
  const coreOf = (name: string) => of(name) / 1e6 * CYCLES_PER_MINUTE / 60;
  const cpu = coreOf(`service/${many} in process/cpu per cycle`);
  const memory = (markets: number) => of(`service/${markets} in process/memory`);
  const perMarket = (memory(many) - memory(few)) / (many - few);
  const calls = of(`service/${few} http/requests per cycle`) * CYCLES_PER_MINUTE;
  const largest = results.some(({ name }) => name === `service/${many} http/cpu per cycle`)
    ? many
    : few;
  const httpCpu = coreOf(`service/${largest} http/cpu per cycle`);
  return `## How large a machine

With a 2 s quote cycle, as measured below:

- **Processor**: ${figure(100 * cpu)} % of a core for each market with the exchange in the
  process, ${
    figure(100 * httpCpu)
  } % over HTTP. One process uses one core; plan for half of it, that
  is ${figure(0.5 / httpCpu)} markets a process over HTTP.
- **Memory**: ${figure(memory(few))} MiB with ${few} markets, and ${figure(perMarket)} MiB for each
  further one.
- **Calls to the venue**: ${
    figure(calls)
  } a minute and market while nothing changes; each order that
  is placed, moved or cancelled is one more. What the venue allows an account is usually the limit:
  \`query_rate_limit\` and \`order_ops_per_minute\` must stand above it.
`;
}

const CYCLES_PER_MINUTE = 30;

function markdownTable(results: readonly BenchResult[]): string {
  const rows = [HEADER, HEADER.map(() => "---"), ...results.map(resultRow)];
  return rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
}
