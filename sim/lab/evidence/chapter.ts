/** A chapter of the evidence: runs that it asks for, and sections made of what they found. */

import type { Trial, TrialOutcome } from "../trial.ts";

/** A run under the words by which its chapter finds it again. */
export interface Run {
  /** Where: a kind of market, a regime, a situation. */
  readonly place: string;
  /** Who: a market maker, or this bot with something changed. */
  readonly maker: string;
  readonly trial: Trial;
}

/** A run and what came out of it. */
export interface Finding extends Run {
  readonly outcome: TrialOutcome;
}

/** A table: its headings and its rows, as text. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A part of a chapter: paragraphs, then a table. */
export interface Section {
  readonly heading: string;
  readonly text: readonly string[];
  readonly table?: Table;
}

/** How much is run. */
export interface Effort {
  /** Seeds of each cell of the comparison; the other chapters take a part of them. */
  readonly seeds: number;
  /** The first seed. */
  readonly seed: number;
}

/** A chapter of the evidence. */
export interface Chapter {
  readonly title: string;
  readonly runs: (effort: Effort) => readonly Run[];
  /**
   * @param own what its own runs found
   * @param all what the runs of all chapters found
   */
  readonly sections: (own: readonly Finding[], all: readonly Finding[]) => readonly Section[];
}

/** The seeds of a chapter that takes one for each `part` of the comparison's, one at least. */
export function seedsOf({ seeds, seed }: Effort, part = 1): readonly number[] {
  return Array.from({ length: Math.max(1, Math.ceil(seeds / part)) }, (_, index) => seed + index);
}

/** The findings of one place, or of one maker in it, in the order of their seeds. */
export function findingsOf(
  found: readonly Finding[],
  { place, maker }: { readonly place?: string; readonly maker?: string },
): readonly Finding[] {
  return found.filter((finding) =>
    (place === undefined || finding.place === place) &&
    (maker === undefined || finding.maker === maker)
  );
}

/** The different values of a word of the findings, in the order in which they come. */
export function distinct(found: readonly Finding[], word: "place" | "maker"): readonly string[] {
  return [...new Set(found.map((finding) => finding[word]))];
}
