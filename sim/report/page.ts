import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import { HOUR_MS } from "../../src/models/market.ts";
import { levelRank } from "../../src/models/vocabulary.ts";
import { formatDuration } from "../duration.ts";
import type { MarketResult, Sample, SimulationResult } from "../harness/result.ts";
import charts from "./charts.js" with { type: "text" };
import { explanationRows } from "./explanation_rows.ts";
import { escapeHtml, scriptJson, table } from "./html.ts";
import style from "./style.css" with { type: "text" };
import { SUMMARY_HEADINGS, summaryCells, verdict } from "./summary.ts";

/** Allows what stands in the page itself and nothing else. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
const CHARTS = ["prices", "inventory", "pnl", "level"];

/**
 * One page about one or more runs: figures, charts over time, and why the last quotes were what
 * they were. It needs nothing from outside.
 */
export function reportPage(results: readonly SimulationResult[]): string {
  const markets = results.flatMap((result) => result.markets);
  const title = results.map(({ scenario }) => scenario).join(", ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(`Simulation: ${title}`)}</title>
<style>${uplotStyle}\n${style}</style>
</head>
<body>
<h1>Simulation</h1>
<div class="wide">${summary(results)}</div>
${results.map((result) => section(result, markets)).join("\n")}
<script type="application/json" id="data">${scriptJson(markets.map(chartData))}</script>
<script>${uplotScript}</script>
<script>${charts}</script>
</body>
</html>
`;
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
