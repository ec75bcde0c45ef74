import type { QuoteExplanation } from "../../src/models/explanation.ts";
import type { DefenseLevel, KillReason, PauseReason, Phase } from "../../src/models/vocabulary.ts";

/** What the bot said of one market in the course of a run, with repetitions left out. */
export class Story {
  readonly levels: DefenseLevel[] = [];
  readonly phases: Phase[] = [];
  readonly pauses: PauseReason[] = [];
  readonly killReasons: KillReason[] = [];
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
    if (explanation.targets.length > 0) this.#lastQuote = explanation;
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
