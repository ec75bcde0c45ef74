/** The evidence: all chapters, run on all cores and written as one document. */

import { type CrewOptions, runTrials } from "../crew.ts";
import type { Chapter, Effort, Finding } from "./chapter.ts";
import { changedDefaults } from "./changed_defaults.ts";
import { comparison } from "./comparison.ts";
import { guardValue } from "./guard_value.ts";
import { lossBound } from "./loss_bound.ts";
import { marketDays } from "./market_days.ts";
import { markdownOf, type WrittenChapter } from "./markdown.ts";

import { openQuestions } from "./open_questions.ts";

/** The chapters by the names by which they can be asked for, in the order of the document. */
export const CHAPTERS = {
  comparison,
  days: marketDays,
  loss_bound: lossBound,
  guards: guardValue,
  questions: openQuestions,
  defaults: changedDefaults,
} as const satisfies Readonly<Record<string, Chapter>>;

/** The name of a chapter. */
export type ChapterName = keyof typeof CHAPTERS;

/** The names of all chapters. */
// Object.keys() forgets the type of the keys of the record above.
export const CHAPTER_NAMES = Object.keys(CHAPTERS) as ChapterName[];

/** What is to be found out. */
export interface EvidencePlan extends Effort {
  readonly chapters: readonly ChapterName[];
}

/** Everything that was found out. */
export interface Evidence extends EvidencePlan {
  readonly runs: number;
  /** Runs in which something happened that must not. */
  readonly violations: number;
  readonly written: readonly WrittenChapter[];
}

/** How many runs a plan takes. */
export function runsOf(plan: EvidencePlan): number {
  return plan.chapters.reduce((sum, name) => sum + CHAPTERS[name].runs(plan).length, 0);
}

/**
 * Runs chapters and makes their tables.
 * @throws Error if a run cannot be carried out
 */
export async function gatherEvidence(plan: EvidencePlan, crew: CrewOptions): Promise<Evidence> {
  const runs = plan.chapters.flatMap((name) =>
    CHAPTERS[name].runs(plan).map((run) => ({ name, run }))
  );
  const outcomes = await runTrials(runs.map(({ run }) => run.trial), crew);
  const found = runs.flatMap(({ name, run }, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : [{ name, finding: { ...run, outcome } }];
  });
  const findings = (chosen: (name: ChapterName) => boolean): readonly Finding[] =>
    found.filter(({ name }) => chosen(name)).map(({ finding }) => finding);
  return {
    ...plan,
    runs: runs.length,
    violations: outcomes.filter(({ violations }) => violations.length > 0).length,
    written: plan.chapters.map((name) => ({
      title: CHAPTERS[name].title,
      sections: CHAPTERS[name].sections(
        findings((other) => other === name),
        findings(() => true),
      ),
    })),
  };
}

/** The document. */
export function evidenceDocument({ seeds, seed, runs, written }: Evidence): string {
  return markdownOf("What the strategy is worth", [
    "Measured, not argued: every figure on this page comes from simulated markets and can be had " +
    `again with \`deno task sim evidence --seeds ${seeds} --seed ${seed} --write\`, which also ` +
    "writes this page. Nothing in it was edited by hand except the reasons and the decisions.",
    `${runs} runs; the seeds begin at ${seed}, above those that any default was chosen with. ` +
    "Intervals are 95 % over the seeds. Who meets whom, and what each figure is, stands in " +
    "`sim/README.md`.",
  ], written);
}
