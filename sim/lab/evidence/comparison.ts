/** Chapter 1: this bot against its rivals, cell by cell. */

import type { FigureName } from "../../harness/figures.ts";
import { ALL_MARKETS } from "../compare.ts";
import { CONTENDER_NAMES, type ContenderName } from "../makers/mod.ts";
import { MARKET_TYPE_NAMES } from "../market_types.ts";
import type { Estimate } from "../statistics.ts";
import { type Chapter, type Effort, type Finding, findingsOf, type Run } from "./chapter.ts";
import { type Section, seedsOf, type Table } from "./chapter.ts";
import { CENTS, differenceOf, DOLLARS, estimateOf, interval, largestOf } from "./measure.ts";
import { type NumberForm, PERCENT, plain, shown } from "./measure.ts";
import { type Contest, reasonFor } from "./reasons.ts";

const BOT: ContenderName = "standard";
const RIVALS = ["lmsr", "constant_product", "symmetric"] as const satisfies ContenderName[];

const COLUMNS: readonly (readonly [string, FigureName, NumberForm])[] = [
  ["two-sided %", "two_sided_uptime", PERCENT],
  ["quoted c", "quoted_spread_cents", { digits: 1 }],
  ["paid c", "paid_spread_cents", { digits: 1 }],
  ["volume", "volume_shares", { digits: 0 }],
  ["price error c", "price_error_cents", CENTS],
  ["cost/share c", "cost_per_share_cents", CENTS],
  ["P&L $", "pnl_cents", DOLLARS],
  ["settled $", "settled_pnl_cents", DOLLARS],
  ["worst loss $", "worst_loss_cents", DOLLARS],
  ["kills", "kills", CENTS],
];

/** What a market maker is judged by: the smaller, the better. */
const CONTESTS: readonly (readonly [Contest, FigureName])[] = [
  ["cost", "cost_per_share_cents"],
  ["error", "price_error_cents"],
];

/** Chapter 1. */
export const comparison: Chapter = {
  title: "Against other market makers",
  runs: comparisonRuns,
  sections: (found) => [
    overall(found),
    ...RIVALS.map((rival) => duel(found, rival)),
    lostCells(found),
    eachMarket(found),
  ],
};

function comparisonRuns(effort: Effort): readonly Run[] {
  return seedsOf(effort).flatMap((seed) =>
    MARKET_TYPE_NAMES.flatMap((market) =>
      CONTENDER_NAMES.map((contender) => ({
        place: market,
        maker: contender,
        trial: { market, seed, contender, settings: {} },
      }))
    )
  );
}

function overall(found: readonly Finding[]): Section {
  const rows = CONTENDER_NAMES.map((maker) => figureRow(findingsOf(found, { maker }), [maker]));
  return {
    heading: "All kinds of market together",
    text: [
      "Everybody has the same loss budget, meets the same people under the same seeds and looks " +
      "at the market as often. `cost/share` is what a traded share costs the market maker at the " +
      "true price, negative is a gain. `largest loss` is the worst of all runs at the true price " +
      "or after settlement: LMSR and the constant product cannot lose more than the budget, this " +
      "bot not more than the bound of chapter 3, the symmetric spread and the maker of 2008 can.",
    ],
    table: { columns: ["maker", ...headings()], rows },
  };
}

function eachMarket(found: readonly Finding[]): Section {
  const rows = MARKET_TYPE_NAMES.flatMap((place) =>
    CONTENDER_NAMES.map((maker) => figureRow(findingsOf(found, { place, maker }), [place, maker]))
  );
  return {
    heading: "Each kind of market",
    text: [],
    table: { columns: ["market", "maker", ...headings()], rows },
  };
}

function headings(): string[] {
  return [...COLUMNS.map(([heading]) => heading), "largest loss $"];
}

function figureRow(found: readonly Finding[], head: readonly string[]): string[] {
  return [
    ...head,
    ...COLUMNS.map(([, name, form]) => shown(estimateOf(found, name), form)),
    plain(largestOf(found, "worst_loss_cents"), DOLLARS),
  ];
}

/** How a contest of one cell ended. */
interface Verdict {
  readonly place: string;
  readonly rival: string;
  readonly contest: Contest;
  readonly difference: Estimate;
  readonly word: string;
  readonly isLost: boolean;
}

function verdictOf(
  found: readonly Finding[],
  cell: { readonly place: string; readonly rival: string },
  [contest, name]: readonly [Contest, FigureName],
): Verdict {
  const there = cell.place === ALL_MARKETS ? found : findingsOf(found, { place: cell.place });
  const [own, other] = [BOT, cell.rival].map((maker) => findingsOf(there, { maker }));
  const difference = differenceOf(own ?? [], other ?? [], name);
  return { ...cell, contest, difference, ...judged(difference) };
}

/** A difference is certain if its interval does not contain zero. */
function judged({ mean, low, high }: Estimate): Pick<Verdict, "word" | "isLost"> {
  if (mean === null) return { word: "no trades", isLost: false };
  const isCertain = low !== null && high !== null && (high < 0 || low > 0);
  const word = mean < 0 ? "won" : mean > 0 ? "lost" : "even";
  return { word: isCertain ? word : `${word}, within chance`, isLost: mean > 0 };
}

function duel(found: readonly Finding[], rival: string): Section {
  const rows = [...MARKET_TYPE_NAMES, ALL_MARKETS].map((place) => [
    place,
    ...CONTESTS.flatMap((contest) => {
      const { difference, word } = verdictOf(found, { place, rival }, contest);
      return [plain(difference.mean, CENTS), interval(difference, CENTS), word];
    }),
  ]);
  const columns = ["market", "cost/share c", "95 %", "who", "price error c", "95 %", "who"];
  return {
    heading: `This bot less ${rival}`,
    text: [
      `The figure of \`${BOT}\` less that of \`${rival}\`, seed by seed: negative is better. The ` +
      "interval is that of the paired difference; `within chance` says that it contains zero.",
    ],
    table: { columns, rows },
  };
}

function lostCells(found: readonly Finding[]): Section {
  const lost = RIVALS.flatMap((rival) =>
    [...MARKET_TYPE_NAMES, ALL_MARKETS].flatMap((place) =>
      CONTESTS.map((contest) => verdictOf(found, { place, rival }, contest))
    )
  ).filter(({ isLost }) => isLost);
  const table: Table = {
    columns: ["market", "rival", "what", "verdict", "why"],
    rows: lost.map(({ place, rival, contest, word }) => [
      place,
      rival,
      contest === "cost" ? "cost per share" : "price error",
      word,
      reasonFor({ place, rival, contest }),
    ]),
  };
  return {
    heading: "Cells that are lost",
    text: [lost.length === 0 ? "None." : "Every cell in which a rival has the better figure."],
    table,
  };
}
