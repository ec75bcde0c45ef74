import { simulate } from "../sim/harness/simulate.ts";
import { scenarioNamed } from "../sim/scenario/library.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { createService } from "../src/service/service.ts";

/** The digests of some runs by `scenario, seed N`: what no optimisation may change. */
export type Digests = Readonly<Record<string, string>>;

/** Where they are kept; `deno task bench --digests` writes it after the behaviour was changed. */
export const DIGEST_FILE = "bench/digests.json";

const RUNS = [["whale", 1]] as const;

/** Runs them now. */
export async function currentDigests(): Promise<Digests> {
  const digests: Record<string, string> = {};
  for (const [name, seed] of RUNS) {
    const scenario = scenarioNamed(name);
    const { digest } = await simulate({ scenario, seed, createService, wallClock: systemClock });
    digests[`${name}, seed ${seed}`] = digest;
  }
  return digests;
}
