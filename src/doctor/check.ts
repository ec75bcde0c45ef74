/** What a check is and how it can end. */

/** How a check ended. `skipped` is no pass: nothing is known then (L-61). */
export type CheckStatus = "ok" | "warning" | "failed" | "skipped";

/** Every check by its name, which scripts may rely on. */
export type CheckName =
  | "permissions"
  | "configuration"
  | "mode"
  | "markets"
  | "network"
  | "state store"
  | "reachability"
  | "latency"
  | "login"
  | "clock"
  | "account"
  | "privileges"
  | "trades"
  | "status"
  | "trading time"
  | "price limits"
  | "fees"
  | "fee floor"
  | "order book"
  | "open orders"
  | "position"
  | "mint"
  | "funding"
  | "pairs"
  | "rate limits";

/** A check as it is reported. */
export interface CheckResult {
  readonly name: CheckName;
  /** The market it is about, null for the set-up as a whole. */
  readonly market: string | null;
  readonly status: CheckStatus;
  /** What was found, or why nothing was. */
  readonly detail: string;
  /** What to do about it, null if there is nothing to do. */
  readonly fix: string | null;
}

/** What was found, and the value that later checks build on; there is none after a failure. */
export type Verdict<T> =
  | {
    readonly status: "ok" | "warning";
    readonly detail: string;
    readonly fix: string | null;
    readonly value: T;
  }
  | Blocked;

/** A check after which nothing is known that others could build on. */
interface Blocked {
  readonly status: "failed" | "skipped";
  readonly detail: string;
  readonly fix: string | null;
}

/** All is well. */
export function ok<T>(detail: string, value: T): Verdict<T> {
  return { status: "ok", detail, fix: null, value };
}

/** The bot can trade, but somebody should know. */
export function warning<T>(detail: string, fix: string, value: T): Verdict<T> {
  return { status: "warning", detail, fix, value };
}

/** The bot cannot trade like this. */
export function failed(detail: string, fix: string): Blocked {
  return { status: "failed", detail, fix };
}

/** Not looked at, for a reason of its own. */
export function skipped(detail: string, fix: string | null): Blocked {
  return { status: "skipped", detail, fix };
}
