import type { Random } from "../../src/runtime/random.ts";

/** Where a trader's chance comes from. */
export interface TraderStreams {
  /** When he comes. */
  readonly arrivals: Random;
  /** His moods while he is there: the side, the size, the patience. */
  readonly random: Random;
}

/** One stream for everything: what a trader finds decides how it goes on. */
export function singleStream(random: Random): TraderStreams {
  return { arrivals: random, random };
}

/**
 * Streams under which a trader comes at the same times and in the same moods whatever he finds
 * there, so that different market makers meet the same flow: the moods of each visit have a stream
 * of their own, and how much of it a visit uses does not matter to the next.
 */
export function alignedStreams(random: Random): TraderStreams {
  const waiting = random.fork("arrivals");
  let visits = 0;
  let mood = random.fork("visit 0");
  return {
    arrivals: {
      ...waiting,
      exponential(mean) {
        mood = random.fork(`visit ${++visits}`);
        return waiting.exponential(mean);
      },
    },
    random: {
      next: () => mood.next(),
      integer: (low, high) => mood.integer(low, high),
      exponential: (mean) => mood.exponential(mean),
      normal: () => mood.normal(),
      fork: (label) => mood.fork(label),
    },
  };
}
