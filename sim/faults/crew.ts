import { systemClock } from "../../src/runtime/clock.ts";
import { drawSchedule, hurried } from "./draw.ts";
import { type FaultRunResult, runFaults } from "./run.ts";

/** Which seeds are run. */
export interface SeedRange {
  readonly first: number;
  readonly count: number;
  /** Plays the faults of every seed in a shorter time. */
  readonly isHurried?: boolean;
}

/** What a worker is asked. */
export interface SeedOrder {
  readonly seed: number;
  readonly isHurried: boolean;
}

/** How a range of seeds is run. */
export interface CrewOptions {
  /** Threads at the same time; with one, this thread does it all itself. */
  readonly workers: number;
  /** Hears of every seed that is done. */
  readonly onDone?: (done: number) => void;
  /** Once it is aborted no further seed is begun. */
  readonly signal?: AbortSignal;
}

/** What a worker answers: the result of a seed, or why there is none. */
export type SeedAnswer =
  | { readonly result: FaultRunResult }
  | { readonly failure: string };

/** How many threads the machine can run at the same time. */
export function availableWorkers(): number {
  return Math.max(1, navigator.hardwareConcurrency);
}

/** Runs one seed. */
export function runSeed(seed: number, isHurried = false): Promise<FaultRunResult> {
  const schedule = drawSchedule(seed);
  const played = isHurried ? hurried(schedule) : schedule;
  return runFaults({ schedule: played, wallClock: systemClock });
}

/**
 * Runs a range of seeds on several threads. The results come in the order of the seeds and do not
 * depend on the number of threads; they are fewer than asked for after an abort.
 * @throws Error if a seed cannot be run, which is a defect; no thread is left behind
 */
export async function runSeeds(
  { first, count, isHurried = false }: SeedRange,
  { workers, onDone = () => {}, signal }: CrewOptions,
): Promise<readonly FaultRunResult[]> {
  const results: FaultRunResult[] = [];
  let next = 0;
  let done = 0;
  const workOff = async (run: (seed: number) => Promise<FaultRunResult>) => {
    while (next < count && signal?.aborted !== true) {
      const index = next++;
      results[index] = await run(first + index);
      onDone(++done);
    }
  };
  if (workers <= 1 || count === 1) {
    await workOff((seed) => runSeed(seed, isHurried));
    return results;
  }
  const hands = Array.from({ length: Math.min(workers, count) }, () => new Hand());
  try {
    await Promise.all(hands.map((hand) => workOff((seed) => hand.run({ seed, isHurried }))));
  } finally {
    hands.forEach((hand) => hand.dismiss());
  }
  return results;
}

/** One thread, which runs one seed at a time. */
class Hand {
  readonly #worker = new Worker(new URL("./seed_worker.ts", import.meta.url), { type: "module" });

  run(order: SeedOrder): Promise<FaultRunResult> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`Cannot run seed ${order.seed}: ${why}`));
      this.#worker.onmessage = ({ data }: MessageEvent<SeedAnswer>) => {
        if ("result" in data) resolve(data.result);
        else fail(data.failure);
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        fail(event.message);
      };
      this.#worker.postMessage(order);
    });
  }

  dismiss(): void {
    this.#worker.terminate();
  }
}
