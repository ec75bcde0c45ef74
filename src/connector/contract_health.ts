import type { Contract } from "../models/vocabulary.ts";
import { otherContract } from "../models/vocabulary.ts";

/** One failure may be any lost packet; two in a row on one contract only are a pattern. */
const FAILURES_TO_DEGRADE = 2;

/**
 * Whether the venue takes orders on both contracts (L-58). A venue that fails on one of them would
 * leave the bot with half a market and nobody the wiser.
 */
export class ContractHealth {
  readonly #failures: Record<Contract, number> = { YES: 0, NO: 0 };

  /** Notes that a placement was answered, if only by a refusal. */
  answered(contract: Contract): void {
    this.#failures[contract] = 0;
  }

  /** Notes that a placement was not answered: time-out, 5xx, lost connection. */
  failed(contract: Contract): void {
    this.#failures[contract]++;
  }

  /** The contract on which placements fail while those on the other work; null if there is none. */
  degraded(): { readonly contract: Contract; readonly failures: number } | null {
    for (const contract of ["YES", "NO"] as const) {
      const failures = this.#failures[contract];
      const otherWorks = this.#failures[otherContract(contract)] === 0;
      if (failures >= FAILURES_TO_DEGRADE && otherWorks) return { contract, failures };
    }
    return null;
  }
}
