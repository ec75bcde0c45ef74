/** The open questions of the strategy: what is tried, where, and what was decided. */

import type { FigureName } from "../../harness/figures.ts";
import type { BotSettings, Settings } from "../../bot_config.ts";
import { CENTS, DOLLARS, type NumberForm, PERCENT } from "./measure.ts";

/** A figure as a column of a table. */
export interface Column {
  readonly heading: string;
  readonly figure: FigureName;
  readonly form: NumberForm;
}

/** A choice that is tried. */
export interface Candidate {
  readonly name: string;
  readonly settings: BotSettings;
}

/** An open question. */
export interface Question {
  readonly id: string;
  readonly asked: string;
  /** Kinds of market, scenarios, or days as `day:regime`. */
  readonly places: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly columns: readonly Column[];
  readonly decision: string;
}

const TWO_SIDED: Column = { heading: "two-sided %", figure: "two_sided_uptime", form: PERCENT };
const PNL: Column = { heading: "P&L $", figure: "pnl_cents", form: DOLLARS };
const COST: Column = { heading: "cost/share c", figure: "cost_per_share_cents", form: CENTS };
const ERROR: Column = { heading: "price error c", figure: "price_error_cents", form: CENTS };
const WORST: Column = { heading: "worst loss $", figure: "worst_loss_cents", form: DOLLARS };
const OUTCOME: Column = {
  heading: "worse outcome $",
  figure: "worst_outcome_loss_cents",
  form: DOLLARS,
};
const VOLUME: Column = { heading: "volume", figure: "volume_shares", form: { digits: 0 } };
const INVENTORY: Column = { heading: "inventory", figure: "inventory_std", form: { digits: 0 } };
const WIDEN: Column = { heading: "WIDEN %", figure: "widen_share", form: PERCENT };
const ONE_SIDE: Column = { heading: "ONE_SIDE %", figure: "one_side_share", form: PERCENT };
const PAUSED: Column = { heading: "paused %", figure: "paused_share", form: PERCENT };
const LEVELS: Column = { heading: "bid levels", figure: "bid_levels", form: { digits: 1 } };
const PAID: Column = { heading: "paid c", figure: "paid_spread_cents", form: { digits: 1 } };

/** One candidate for each value of a setting of the market. */
function values(name: string, all: readonly (number | string)[], more: Settings = {}): Candidate[] {
  return all.map((value) => ({
    name: `${name} ${value}`,
    settings: { market: { ...more, [name]: value } },
  }));
}

const CASH: Settings = { quote_funding: "cash" };

/** The open questions in their order. */
export const QUESTIONS: readonly Question[] = [
  {
    id: "O-1",
    asked: "Budgets act on the bot's own mark: after news the true loss exceeds the booked one.",
    places: ["news_jumps", "news-burst", "far-anchor", "budget-exhausted"],
    candidates: values("ladder_loss_ratio", [0.1, 0.2, 0.3, 0.5, 1]),
    columns: [OUTCOME, WORST, PNL, COST, ERROR, VOLUME, TWO_SIDED],
    decision: "A loss room at settlement value: what a side's ladder could lose if the outcome " +
      "came against it is at most `ladder_loss_ratio` of the budget that is left. No mark is " +
      "believed, so the loss is bounded whatever the truth does (chapter 3), and no kill is " +
      "needed to keep it. The belief from order flow makes the mark follow faster besides.",
  },
  {
    id: "O-2",
    asked: "`inventory` funding drains to one side, the mint gate never opens, the book goes dry.",
    places: ["day:informed", "day:whale", "day:momentum"],
    candidates: values("quote_funding", ["inventory", "inventory_then_cash", "cash"]),
    columns: [TWO_SIDED, ONE_SIDE, WORST, PNL, VOLUME],
    decision:
      "The loss room keeps a net position below what a stock of 1,000 pairs can serve, so " +
      "no side of the book runs dry any more; the mint gate stays as it is.",
  },
  {
    id: "O-3",
    asked: "`cash` mode sits in WIDEN about half of the time at the default skew floor.",
    places: ["calm", "informed_30", "day:news", "day:long_shot"],
    candidates: values("skew_floor_shares", [100, 200, 400, 800, 1_600], CASH),
    columns: [WIDEN, ONE_SIDE, TWO_SIDED, COST, WORST],
    decision: "Both sides are quoted at every floor. Where the truth moves, cash still spends " +
      "much of a day in WIDEN; that costs volume and no safety, as the spread is half as wide " +
      "again while a position is carried. The floor stays at 400, the same in every funding mode.",
  },
  {
    id: "O-4",
    asked: "gamma 0.1 for young markets shifts quotes by at most 0.6 cents.",
    places: ["calm", "informed_30", "news_jumps"],
    candidates: [0.1, 0.5, 2].flatMap((gamma) =>
      [0.25, 1].map((weight) => ({
        name: `gamma ${gamma}, spread weight ${weight}`,
        settings: {
          market: {
            gamma_tier_early: gamma,
            gamma_tier_mid: gamma,
            gamma_tier_late: gamma,
            gamma_tier_mature: gamma,
            spread_risk_weight: weight,
          },
        },
      }))
    ),
    columns: [COST, ERROR, INVENTORY, PAID, WORST, PNL],
    decision: "The tiers stay.",
  },
  {
    id: "O-5",
    asked: "An oracle deviation can pause for ever a market in which only the bot quotes.",
    places: ["oracle-leads", "oracle-alone", "oracle-wrong"],
    candidates: [
      ...values("oracle_deviation_multiplier", [1, 2, 5]),
      { name: "no guard", settings: { market: { oracle_guard_enabled: false } } },
    ],
    columns: [TWO_SIDED, PAUSED, PNL, WORST],
    decision:
      "The pause stays for as long as the outside price disagrees. Whoever switches the guard on " +
      "trusts that price more than the bot's; with a right one it turns a loss into a gain, it " +
      "raises an alert, and setting the anchor ends it at once. With a wrong one nothing is " +
      "quoted: that is what it costs. One-sided quotes towards the outside price after a while " +
      "would be the only way in which a wrong price could lose money.",
  },
  {
    id: "O-6",
    asked: "Total P&L below half of the budget means ONE_SIDE for the rest of the market's life.",
    places: ["far-anchor", "day:news", "day:informed"],
    candidates: values("one_side_loss_ratio", [0.25, 0.5, 0.75, 0.95]),
    columns: [ONE_SIDE, TWO_SIDED, WORST, OUTCOME, PNL],
    decision:
      "0.5 stays. With the loss room the threshold is hardly ever reached: from 0.5 up the " +
      "values are the same, and at 0.25 a bad day spends much of its time one-sided without " +
      "losing less. It is a second line for budgets far above what the stock can lose, so it " +
      "needs no decay.",
  },
  {
    id: "O-7",
    asked: "Discount pace in ONE_SIDE, greatest concession, `guard_theta` and the extreme " +
      "multiplier rest on few runs.",
    places: ["creeping-truth", "large-budget"],
    candidates: [
      ...values("max_concession_cents", [3, 12, 30]),
      ...values("distress_max_discount_cents", [0, 5, 15]),
      ...values("guard_theta", [0.62, 0.7, 0.78]),
    ],
    columns: [PNL, WORST, TWO_SIDED, ONE_SIDE, { heading: "kills", figure: "kills", form: CENTS }],
    decision:
      "All three stay. A concession of 3 cents or no discount leaves the bot in ONE_SIDE while " +
      "the truth walks away, and loses two to three times as much; 30 is never needed. A theta " +
      "next to the ONE_SIDE threshold blocks the side that should unwind; 0.78 is no better " +
      "than 0.7.",
  },
  {
    id: "O-7",
    asked: "The extreme multiplier.",
    places: ["long_shot"],
    candidates: values("extreme_spread_multiplier", [1.5, 2, 3]),
    columns: [TWO_SIDED, PAID, COST, ERROR, VOLUME],
    decision:
      "1.5, the least that is allowed, stays: a wider spread near the edge is traded less " +
      "and learns less.",
  },
  {
    id: "O-8",
    asked: "An anchor at 5 in EXPLORATION leaves one bid level.",
    places: ["long-shot-3", "long-shot-5", "long-shot-8"],
    candidates: values("exploration_min_spread_cents", [2, 3, 5, 8]),
    columns: [LEVELS, TWO_SIDED, PAID, COST, ERROR, VOLUME],
    decision: "The floor stays. At 5 cents there is room for one whole-cent level below a fair " +
      "price less half a spread, whatever the floor; both sides are there all the time, and " +
      "the loss room, not the number of levels, says how much is offered.",
  },
];
