/**
 * The thread of a worker: runs the trials that it is sent, one after the other. A compiled program
 * must include this file, because nothing imports it.
 */

/// <reference lib="deno.worker" />
import type { TrialAnswer, TrialOrder } from "./crew.ts";
import { runTrial } from "./trial.ts";

self.onmessage = async ({ data: { index, trial } }: MessageEvent<TrialOrder>) => {
  const answer: TrialAnswer = await runTrial(trial).then(
    (outcome) => ({ index, outcome }),
    (error: unknown) => ({ index, failure: String(error) }),
  );
  self.postMessage(answer);
};
