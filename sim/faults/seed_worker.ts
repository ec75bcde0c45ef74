/**
 * The thread of a worker: runs the seeds that it is sent, one after the other. A compiled program
 * must include this file, because nothing imports it.
 */

/// <reference lib="deno.worker" />
import { runSeed, type SeedAnswer, type SeedOrder } from "./crew.ts";

self.onmessage = async ({ data: { seed, isHurried } }: MessageEvent<SeedOrder>) => {
  const answer: SeedAnswer = await runSeed(seed, isHurried).then(
    (result) => ({ result }),
    (error: unknown) => ({
      failure: error instanceof Error ? error.stack ?? error.message : `${error}`,
    }),
  );
  self.postMessage(answer);
};
