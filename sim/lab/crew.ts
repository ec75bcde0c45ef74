import { runTrial, type Trial, type TrialOutcome } from "./trial.ts";

/** How a list of trials is worked off. */
export interface CrewOptions {
  /** How many threads work at the same time; with one, this thread does it all itself. */
  readonly workers: number;
  /** Hears of every trial that is done: how many, and the latest. */
  readonly onDone?: (done: number, trial: Trial) => void;
}

/** A trial on its way to a worker. */
export interface TrialOrder {
  readonly index: number;
  readonly trial: Trial;
}

/** What a worker answers: the outcome, or why there is none. */
export type TrialAnswer =
  | { readonly index: number; readonly outcome: TrialOutcome }
  | { readonly index: number; readonly failure: string };

/** How many threads the machine can run at the same time. */
export function availableWorkers(): number {
  return Math.max(1, navigator.hardwareConcurrency);
}

/**
 * Runs trials on several threads. The outcomes come in the order of the trials and do not depend on
 * the number of threads.
 * @throws Error if a trial cannot be run; no thread is left behind
 */
export async function runTrials(
  trials: readonly Trial[],
  { workers, onDone }: CrewOptions,
): Promise<readonly TrialOutcome[]> {
  const outcomes: TrialOutcome[] = [];
  let done = 0;
  const finish = (index: number, trial: Trial, outcome: TrialOutcome) => {
    outcomes[index] = outcome;
    onDone?.(++done, trial);
  };
  const queue = trials.entries();
  if (workers <= 1 || trials.length === 1) {
    for (const [index, trial] of queue) finish(index, trial, await runTrial(trial));
    return outcomes;
  }
  const hands = Array.from({ length: Math.min(workers, trials.length) }, () => new Hand());
  try {
    await Promise.all(hands.map(async (hand) => {
      for (const [index, trial] of queue) finish(index, trial, await hand.run({ index, trial }));
    }));
  } finally {
    hands.forEach((hand) => hand.dismiss());
  }
  return outcomes;
}

/** One thread, which works on one trial at a time. */
class Hand {
  readonly #worker = new Worker(new URL("./trial_worker.ts", import.meta.url), { type: "module" });

  run({ index, trial }: TrialOrder): Promise<TrialOutcome> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<TrialAnswer>) => {
        if ("outcome" in data) return resolve(data.outcome);
        reject(new Error(`Cannot run ${nameOf(trial)}: ${data.failure}`));
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        const advice = "with one worker it runs without threads";
        reject(new Error(`Cannot run ${nameOf(trial)}: ${event.message}; ${advice}`));
      };
      this.#worker.postMessage({ index, trial } satisfies TrialOrder);
    });
  }

  dismiss(): void {
    this.#worker.terminate();
  }
}

function nameOf({ contender, market, seed }: Trial): string {
  return `${contender} in ${typeof market === "string" ? market : market.name}, seed ${seed}`;
}
