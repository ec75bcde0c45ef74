import { createHash } from "node:crypto";
import type { FaultRunResult, Violation } from "./run.ts";

/** What came of a range of seeds. */
export interface FaultSummary {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly violations: readonly Violation[];
  /** Stands for the digests of all seeds, in order. */
  readonly digest: string;
  readonly faultsInjected: number;
  readonly simSeconds: number;
  /** From the beginning to the end, however many threads there were. */
  readonly wallMs: number;
  /** Simulated time over real time of one thread. */
  readonly simToReal: number;
}

/** Puts the results of seeds together. */
export function summaryOf(results: readonly FaultRunResult[], wallMs: number): FaultSummary {
  const digest = createHash("sha256");
  for (const result of results) digest.update(result.digest);
  const sum = (figure: (result: FaultRunResult) => number) =>
    results.reduce((total, result) => total + figure(result), 0);
  const simSeconds = sum((result) => result.simSeconds);
  return {
    seeds: results.length,
    firstSeed: results[0]?.seed ?? 0,
    violations: results.flatMap(({ violations }) => violations),
    digest: digest.digest("hex"),
    faultsInjected: sum((result) => result.faultsInjected),
    simSeconds: Math.round(simSeconds),
    wallMs: Math.round(wallMs),
    simToReal: Math.round(1_000 * simSeconds / Math.max(1, sum((result) => result.wallMs))),
  };
}

/** A summary for a person. */
export function summaryText(summary: FaultSummary): string {
  const { seeds, firstSeed, violations, faultsInjected, simSeconds, wallMs, simToReal } = summary;
  const last = firstSeed + seeds - 1;
  return [
    ...violations.map(({ seed, step, atMs, invariant, what }) =>
      `seed ${seed}, step ${step} (${atMs / 1_000} s): ${invariant}: ${what}`
    ),
    `seeds ${firstSeed} to ${last}: ${violations.length} violations; ${faultsInjected} faults in ` +
    `${simSeconds} simulated seconds, ${wallMs / 1_000} real ones (${simToReal} to 1 on a core)`,
    `digest ${summary.digest}`,
  ].map((line) => `${line}\n`).join("");
}
