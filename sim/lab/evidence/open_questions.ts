/** Chapter 5: the open questions, each with a measurement and a decision. */

import type { BotSettings } from "../../bot_config.ts";
import { scenarioNamed } from "../../scenario/library.ts";
import { MARKET_TYPE_NAMES } from "../market_types.ts";
import { mergedSettings } from "../settings.ts";
import { COARSE, type Trial } from "../trial.ts";
import { type Chapter, type Effort, type Finding, findingsOf, type Run } from "./chapter.ts";
import { type Section, seedsOf } from "./chapter.ts";
import { estimateOf, shown } from "./measure.ts";
import { type Question, QUESTIONS } from "./questions.ts";
import { dayOf, REGIME_NAMES } from "./regimes.ts";

/** Each candidate gets one seed for so many of the comparison, in a whole day for so many. */
const PART = 8;
const DAY_PART = 20;

const DAY = "day:";

/** Chapter 5. */
export const openQuestions: Chapter = {
  title: "The open questions",
  runs: (effort) => QUESTIONS.flatMap((question) => questionRuns(question, effort)),
  sections: (found) => QUESTIONS.map((question) => questionSection(question, found)),
};

function questionRuns({ id, places, candidates }: Question, effort: Effort): readonly Run[] {
  return places.flatMap((place) =>
    seedsOf(effort, place.startsWith(DAY) ? DAY_PART : PART).flatMap((seed) =>
      candidates.map(({ name, settings }) => ({
        place,
        maker: `${id}: ${name}`,
        trial: { contender: "standard" as const, seed, ...marketOf(place, seed, settings) },
      }))
    )
  );
}

/** The market of a place, with the pace of a comparison. */
function marketOf(
  place: string,
  seed: number,
  settings: BotSettings,
): Pick<Trial, "market" | "settings"> {
  const type = MARKET_TYPE_NAMES.find((name) => name === place);
  if (type !== undefined) return { market: type, settings };
  const regime = REGIME_NAMES.find((name) => `${DAY}${name}` === place);
  const market = regime === undefined ? scenarioNamed(place) : dayOf(regime, seed);
  return { market, settings: mergedSettings(COARSE, settings) };
}

function questionSection(question: Question, found: readonly Finding[]): Section {
  const { id, asked, places, candidates, columns, decision } = question;
  const rows = places.flatMap((place) =>
    candidates.map(({ name }) => {
      const there = findingsOf(found, { place, maker: `${id}: ${name}` });
      return [
        place,
        name,
        ...columns.map(({ figure, form }) => shown(estimateOf(there, figure), form)),
      ];
    })
  );
  return {
    heading: id,
    text: [`Asked: ${asked}`, `**Decided:** ${decision}`],
    table: { columns: ["where", "tried", ...columns.map(({ heading }) => heading)], rows },
  };
}
