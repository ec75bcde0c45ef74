import { HOUR_MS } from "../../src/models/market.ts";
import { levelRank } from "../../src/models/vocabulary.ts";
import { formatDuration } from "../duration.ts";
import type { MarketResult, Sample, SimulationResult } from "../harness/result.ts";
import charts from "./charts.js" with { type: "text" };
import { explanationRows } from "./explanation_rows.ts";
import { escapeHtml, table } from "./html.ts";
import { htmlPage } from "./shell.ts";
import { SUMMARY_HEADINGS, summaryCells, verdict } from "./summary.ts";

const CHARTS = ["prices", "inventory", "pnl", "level"];

/**
 * One page about one or more runs: figures, charts over time, and why the last quotes were what
 * they were. It needs nothing from outside.
 */
export function reportPage(results: readonly SimulationResult[]): string {
  const markets = results.flatMap((result) => result.markets);
  const title = results.map(({ scenario }) => scenario).join(", ");
  return htmlPage({
    title: `Simulation: ${title}`,
    body: `<h1>Simulation</h1>
<div class="wide">${summary(results)}</div>
${results.map((result) => section(result, markets)).join("\n")}`,
    data: markets.map(chartData),
    script: charts,
  });
}

function summary(results: readonly SimulationResult[]): string {
  return table(
    ["scenario", "seed", "result", ...SUMMARY_HEADINGS],
    results.map((result) => [
      result.scenario,
      String(result.seed),
      verdict(result),
      ...summaryCells(result),
    ]),
  );
}

function section(result: SimulationResult, all: readonly MarketResult[]): string {
  const { scenario, description, seed, simSeconds, wallMs, digest, violations } = result;
  const time = `${formatDuration(simSeconds * 1_000)} in ${formatDuration(wallMs)}`;
  const wrong = violations.map((violation) => `<li>${escapeHtml(violation)}</li>`).join("");
  return `<section>
<h2>${escapeHtml(scenario)}</h2>
<p class="about">${escapeHtml(description)}</p>
<p class="figures">${escapeHtml(`Seed ${seed}, ${time}, digest ${digest}`)}</p>
${wrong === "" ? "" : `<ul class="violations">${wrong}</ul>`}
${result.markets.map((market) => marketPart(market, all.indexOf(market))).join("\n")}
</section>`;
}

function marketPart(market: MarketResult, index: number): string {
  const { marketId, title, levelsVisited, pauses, killReasons, phases } = market;
  const heading = title === marketId ? marketId : `${marketId}: ${title}`;
  const happened = [
    ["levels", levelsVisited.join(" → ")],
    ["phases", phases.join(" → ")],
    ["pauses", pauses.join(", ") || "none"],
    ["kills", killReasons.join(", ") || "none"],
  ];
  return `<article>
<h3>${escapeHtml(heading)}</h3>
<div class="wide">${table(SUMMARY_HEADINGS, [summaryCells(market)])}</div>
${table([], happened)}
${CHARTS.map((chart) => `<div data-chart="${chart}" data-market="${index}"></div>`).join("\n")}
${lastQuote(market)}
</article>`;
}

function lastQuote({ lastQuote }: MarketResult): string {
  if (lastQuote === null) return "<p>Nothing was quoted.</p>";
  const parts = explanationRows(lastQuote)
    .filter(([, rows]) => rows.length > 0)
    .map(([heading, rows]) => `<div><h3>${escapeHtml(heading)}</h3>${table([], rows)}</div>`);
  return `<details><summary>Why the last quote was what it was (cycle ${lastQuote.cycle})</summary>
<div class="terms">${parts.join("\n")}</div></details>`;
}

/** The samples of a market as columns, one list for each line of each chart. */
function chartData({ samples }: MarketResult) {
  const column = <T>(pick: (sample: Sample) => T): T[] => samples.map(pick);
  return {
    hours: column(({ elapsedMs }) => elapsedMs / HOUR_MS),
    columns: {
      prices: [
        column(({ trueCents }) => trueCents),
        column(({ fairCents }) => fairCents),
        column(({ bid }) => bid),
        column(({ ask }) => ask),
      ],
      inventory: [column(({ netShares }) => netShares)],
      pnl: [
        column(({ pnlCents }) => pnlCents / 100),
        column(({ bookedPnlCents }) => bookedPnlCents / 100),
      ],
      level: [
        column(({ level }) => levelRank(level)),
        column(({ paused }) => paused ? 0.5 : 0),
      ],
    },
  };
}
