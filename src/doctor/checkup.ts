import { VenueError, type VenueErrorKind } from "../connector/connector.ts";
import { HIDDEN, hideSecrets } from "../runtime/wire.ts";
import { type CheckName, type CheckResult, failed, type Verdict } from "./check.ts";

/** What later checks need to know of one that was made. */
export type Attempt<T> =
  | { readonly passed: true; readonly value: T }
  /** `because` names the check at the root of it. */
  | { readonly passed: false; readonly because: string };

/** Builds on nothing. */
export const FROM_THE_START: Attempt<null> = { passed: true, value: null };

/** A check to be made. */
export interface CheckSpec<A> {
  readonly name: CheckName;
  /** Absent for the set-up as a whole. */
  readonly market?: string;
  /** What it builds on; without it, the check is skipped. */
  readonly after: Attempt<A>;
  /** True for a check that must not be left half done; a stop waits for its end. */
  readonly completes?: true;
}

const STOPPED: Attempt<never> = { passed: false, because: "stopped before the end" };

/** Told of each check as soon as it is done, and of the one before; there is none at first. */
export type Report = (result: CheckResult, before: CheckResult | undefined) => void;

/** What to do about a read that gave nothing. */
const REMEDIES: Readonly<Record<VenueErrorKind, string>> = {
  refused: "Ask the operator of the venue why this account may not read it",
  unavailable: "Run doctor again; if it stays like this, ask the operator of the venue",
  malformed: "Check that base_url leads to the venue itself and that it speaks this version of " +
    "the API",
};

/**
 * Makes checks one after the other, reports each as soon as it is done, and skips those that have
 * nothing to build on. No secret it was told of gets into a result.
 */
export class Checkup {
  readonly #report: Report;
  readonly #results: CheckResult[] = [];
  readonly #stop = Promise.withResolvers<null>();
  #stopped = false;
  #secrets: readonly string[] = [];

  constructor(report: Report) {
    this.#report = report;
  }

  /** All that was reported so far. */
  get results(): readonly CheckResult[] {
    return this.#results;
  }

  /** True if it came to its end and no check failed. */
  get ok(): boolean {
    return !this.#stopped && this.#results.every(({ status }) => status !== "failed");
  }

  /** Hides texts from all results from now on. */
  conceal(...secrets: readonly string[]): void {
    const all = [...this.#secrets, ...secrets].filter((secret) => secret !== "");
    // The longest go first: one may be part of another.
    this.#secrets = all.sort((a, b) => b.length - a.length);
  }

  /** Ends the check that is being made and skips the rest. */
  stop(): void {
    this.#stopped = true;
    this.#stop.resolve(null);
  }

  /**
   * Makes a check, or skips it.
   * @param work judges; a read that gives nothing ({@link VenueError}) is a failed check
   */
  async check<A, T>(
    spec: CheckSpec<A>,
    work: (value: A) => Verdict<T> | Promise<Verdict<T>>,
  ): Promise<Attempt<T>> {
    const { name, market = null } = spec;
    const after = this.#stopped ? STOPPED : spec.after;
    if (!after.passed) {
      const detail = `not checked: ${after.because}`;
      this.#add({ name, market, status: "skipped", detail, fix: null });
      return after;
    }
    const verdict = await this.#judge(() => work(after.value), spec.completes === true);
    const { status, detail, fix } = verdict;
    this.#add({ name, market, status, detail, fix });
    if ("value" in verdict) return { passed: true, value: verdict.value };
    return { passed: false, because: status === "failed" ? `${name} failed` : `${name} skipped` };
  }

  async #judge<T>(
    work: () => Verdict<T> | Promise<Verdict<T>>,
    completes: boolean,
  ): Promise<Verdict<T>> {
    try {
      const verdict = completes ? await work() : await Promise.race([work(), this.#stop.promise]);
      return verdict ?? failed("stopped", "Run doctor again and let it come to its end");
    } catch (error) {
      if (error instanceof VenueError) return failed(error.message, REMEDIES[error.kind]);
      throw error;
    }
  }

  #add(result: CheckResult): void {
    const { detail, fix } = result;
    const shown = {
      ...result,
      detail: this.#withoutSecrets(detail),
      fix: fix === null ? null : this.#withoutSecrets(fix),
    };
    this.#report(shown, this.#results.at(-1));
    this.#results.push(shown);
  }

  #withoutSecrets(text: string): string {
    return hideSecrets(this.#secrets.reduce((rest, own) => rest.replaceAll(own, HIDDEN), text));
  }
}

/** Two checks to build on. */
export function both<A, B>(first: Attempt<A>, second: Attempt<B>): Attempt<readonly [A, B]> {
  if (!first.passed) return first;
  if (!second.passed) return second;
  return { passed: true, value: [first.value, second.value] };
}
