/** Pages of metrics over time as a test file of `promtool`, which judges the alert rules by them. */

import { stringify } from "yaml";
import { parsedMetrics } from "./prometheus_parser.ts";

/** How often Prometheus reads the page, seconds. */
export const SCRAPE_S = 15;

/** What Prometheus reads, scrape by scrape; null where nobody answers. */
export type Pages = readonly (string | null)[];

/** What is expected of one alert. */
export interface Walk {
  readonly alert: string;
  readonly pages: Pages;
  /** The scrape up to which nothing is wrong; the alert must be silent then. */
  readonly calmUntil: number;
}

/**
 * The test file: each alert is silent while nothing is wrong, and fires at the end.
 * @param rulesFile path of the rules, seen from the directory of the test file
 */
export function ruleTests(walks: readonly Walk[], rulesFile: string): string {
  return stringify({
    rule_files: [rulesFile],
    evaluation_interval: `${SCRAPE_S}s`,
    tests: walks.map(({ alert, pages, calmUntil }) => ({
      name: alert,
      interval: `${SCRAPE_S}s`,
      input_series: seriesOf(pages),
      promql_expr_test: [
        { expr: firing(alert), eval_time: at(calmUntil), exp_samples: sample(0) },
        { expr: firing(alert), eval_time: at(pages.length - 1), exp_samples: sample(1) },
      ],
    })),
  });
}

/** 1 while the alert fires for anything, else 0. */
function firing(alert: string): string {
  return `(count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)) > bool 0`;
}

function at(scrape: number): string {
  return `${scrape * SCRAPE_S}s`;
}

function sample(value: number) {
  return [{ labels: "{}", value }];
}

/** Every series of the pages; where a page does not have it, it has gone stale. */
function seriesOf(pages: Pages) {
  const values = new Map<string, (string | null)[]>();
  pages.forEach((page, scrape) => {
    for (const [series, value] of samplesOf(page ?? "")) {
      const known = values.get(series) ?? [];
      values.set(series, known);
      known[scrape] = value;
    }
  });
  return [...values].map(([series, known]) => ({
    series,
    values: Array.from(pages, (_, scrape) => known[scrape] ?? gap(known[scrape - 1])).join(" "),
  }));
}

/** Prometheus marks the first missing sample; the ones after it are simply not there. */
function gap(before: string | null | undefined): string {
  return before === null || before === undefined ? "_" : "stale";
}

/** Gauges and counters of a page; no rule reads a histogram. */
function samplesOf(page: string): readonly (readonly [series: string, value: string])[] {
  if (page === "") return [];
  return parsedMetrics(page).filter(({ type }) => type !== "HISTOGRAM").flatMap((family) =>
    family.metrics.map(({ labels = {}, value = "0" }) => {
      const inside = Object.entries(labels).map(([name, text]) =>
        `${name}=${JSON.stringify(text)}`
      );
      return [`${family.name}{${inside.join(",")}}`, value] as const;
    })
  );
}
