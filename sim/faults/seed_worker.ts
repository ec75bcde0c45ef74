/**
 * The thread of a worker: runs the seeds that it is sent, one after the other. A compiled program
 * must include this file, because nothing imports it.
 */

/// <reference lib="deno.worker" />
import { runSeed, type SeedAnswer } from "./crew.ts";

self.onmessage = async ({ data: seed }: MessageEvent<number>) => {
  const answer: SeedAnswer = await runSeed(seed).then(
    (result) => ({ result }),
    (error: unknown) => ({
      failure: error instanceof Error ? error.stack ?? error.message : `${error}`,
    }),
  );
  self.postMessage(answer);
};
