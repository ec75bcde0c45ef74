import type { Figure } from "./figures.ts";
import { WeightedSum } from "./weighted_sum.ts";
import type { QuoteExplanation } from "../../src/models/explanation.ts";
import type { DefenseLevel, KillReason, PauseReason, Phase } from "../../src/models/vocabulary.ts";

/** What a {@link Story} measures, cycle by cycle. */
export type StoryFigure = "widen_share" | "one_side_share" | "paused_share" | "bid_levels";

/** What the bot said of one market in the course of a run, with repetitions left out. */
export class Story {
  readonly levels: DefenseLevel[] = [];
  readonly phases: Phase[] = [];
  readonly pauses: PauseReason[] = [];
  readonly killReasons: KillReason[] = [];
  readonly #sums: Readonly<Record<StoryFigure, WeightedSum>> = {
    widen_share: new WeightedSum(),
    one_side_share: new WeightedSum(),
    paused_share: new WeightedSum(),
    bid_levels: new WeightedSum(),
  };
  #last: QuoteExplanation | null = null;
  #lastQuote: QuoteExplanation | null = null;

  /** Takes in one cycle. */
  tell(explanation: QuoteExplanation): void {
    const { defense, phase } = explanation;
    if (defense.level !== this.levels.at(-1)) this.levels.push(defense.level);
    if (phase !== this.phases.at(-1)) this.phases.push(phase);
    const before = this.#last?.defense;
    this.pauses.push(...defense.pauses.filter((pause) => !before?.pauses.includes(pause)));
    if (defense.latch !== null && defense.latch.atMs !== before?.latch?.atMs) {
      this.killReasons.push(defense.latch.reason);
    }
    this.#last = explanation;
    this.#measure(explanation);
    if (explanation.targets.length > 0) this.#lastQuote = explanation;
  }

  /** Shares of all cycles so far, and levels over those that quoted. */
  figures(): Readonly<Record<StoryFigure, Figure>> {
    return {
      widen_share: this.#sums.widen_share.figure,
      one_side_share: this.#sums.one_side_share.figure,
      paused_share: this.#sums.paused_share.figure,
      bid_levels: this.#sums.bid_levels.figure,
    };
  }

  #measure({ defense, quotes }: QuoteExplanation): void {
    this.#sums.widen_share.add(defense.level === "WIDEN" ? 1 : 0);
    this.#sums.one_side_share.add(defense.level === "ONE_SIDE" ? 1 : 0);
    this.#sums.paused_share.add(defense.pauses.length > 0 ? 1 : 0);
    if (quotes.length === 0) return;
    this.#sums.bid_levels.add(quotes.filter(({ side }) => side === "BID").length);
  }

  /** The latest cycle, null before the first. */
  get last(): QuoteExplanation | null {
    return this.#last;
  }

  /** The latest cycle that wanted orders to rest, null if there was none. */
  get lastQuote(): QuoteExplanation | null {
    return this.#lastQuote;
  }
}
