import type { QuoteExplanation } from "../../src/models/explanation.ts";
import { formatDuration } from "../duration.ts";
import { explanationRows, type Row } from "../report/explanation_rows.ts";

/** Keeps, of each market, the last cycle up to a moment of a run: why its quote was what it was. */
export class Explainer {
  readonly #atMs: number;
  readonly #found = new Map<string, { readonly quote: QuoteExplanation; readonly ms: number }>();

  /** @param atMs time since the beginning of the run */
  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  /** Takes in a cycle. */
  readonly see = (quote: QuoteExplanation, ms: number): void => {
    if (ms <= this.#atMs) this.#found.set(quote.marketId, { quote, ms });
  };

  /** The cycles that were found, one of each market. */
  get quotes(): readonly QuoteExplanation[] {
    return [...this.#found.values()].map(({ quote }) => quote);
  }

  /** Every term of the quotes that were found, for a person. */
  text(): string {
    if (this.#found.size === 0) {
      return `\nNo market had a cycle within the first ${formatDuration(this.#atMs)}.\n`;
    }
    return [...this.#found.values()].map(({ quote, ms }) => {
      const heading = `\n${quote.marketId}, cycle ${quote.cycle}, after ${formatDuration(ms)}\n`;
      const parts = explanationRows(quote)
        .filter(([, rows]) => rows.length > 0)
        .map(([title, rows]) => `\n${title}\n${lines(rows)}`);
      return [heading, ...parts].join("");
    }).join("");
  }
}

function lines(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([term]) => term.length));
  return rows.map(([term, value]) => `  ${term.padEnd(width)}  ${value}\n`).join("");
}
