/**
 * What an answer of the venue means: one table from the wire to a verdict, one from there to the
 * bot.
 */

import type { CallEnd } from "../call_statistics.ts";
import type { CommandOutcome, VenueErrorKind } from "../connector.ts";
import { VenueCode } from "../connector.ts";
import type { HttpBody, HttpResult } from "./http_transport.ts";
import { isRecord } from "./wire.ts";

/** Why a call gave nothing usable. */
export type FailureKind =
  /** The venue said no; nothing happened. */
  | "refused"
  /** The venue does not accept the token. */
  | "unauthorized"
  /** 429. */
  | "rate_limited"
  /** The venue's own code failed (E4). */
  | "server_error"
  /** A gateway could not reach the venue. */
  | "gateway"
  /** No complete answer in time. */
  | "timeout"
  /** No connection, or it ended before the answer did. */
  | "connection_lost"
  /** An answer without the agreed form. */
  | "malformed"
  /** Never left the bot: circuit open, no session, or no right to do it any more. */
  | "not_sent";

/** A call that gave nothing usable. */
export interface Failure {
  readonly kind: FailureKind;
  /** The venue's code, 0 if it gave none. */
  readonly code: number;
  /** For people; free of secrets once the caller has passed it on. */
  readonly message: string;
  /** How long the venue asks to wait before the next attempt, null if it does not say. */
  readonly waitMs: number | null;
  /** True if an earlier attempt of the same call may have happened although this one did not. */
  readonly inDoubt: boolean;
}

/** What became of a call. */
export type Result<T> = { readonly kind: "ok"; readonly value: T } | Failure;

/** The form of a body (exchange API §1.3, §1.4). */
export type BodyShape =
  /** An envelope with code 0. */
  | "envelope"
  /** A payload without an envelope. */
  | "bare"
  /** A business error: a `code` that is not 0. */
  | "E1"
  /** `{"detail": "…"}`. */
  | "E2"
  /** `{"detail": [{"loc", "msg", …}]}`. */
  | "E3"
  /** Not JSON, such as the text of a 500 (E4) or the HTML of a proxy. */
  | "other"
  | "cut";

interface Row {
  readonly from: number;
  readonly to: number;
  /** Absent: whatever the body is. */
  readonly shapes?: readonly BodyShape[];
  readonly verdict: "answer" | FailureKind;
}

/** The first row that fits decides; an answer that fits none is malformed. */
const VERDICTS: readonly Row[] = [
  { from: 200, to: 201, shapes: ["envelope", "bare"], verdict: "answer" },
  { from: 200, to: 201, shapes: ["E1"], verdict: "refused" },
  { from: 200, to: 201, shapes: ["cut"], verdict: "connection_lost" },
  { from: 401, to: 401, verdict: "unauthorized" },
  { from: 408, to: 408, verdict: "gateway" },
  { from: 429, to: 429, verdict: "rate_limited" },
  { from: 400, to: 499, shapes: ["E1", "E2", "E3"], verdict: "refused" },
  { from: 502, to: 504, verdict: "gateway" },
  { from: 500, to: 599, verdict: "server_error" },
];

interface Meaning {
  readonly read: VenueErrorKind;
  /** `rejected` needs a verdict of the venue on this very command. */
  readonly command: Exclude<CommandOutcome<never>["kind"], "accepted">;
  /** True if the venue may have done what this attempt asked for. */
  readonly mayHaveHappened: boolean;
  /** True if it speaks for a venue that does not answer; what opens a circuit. */
  readonly silent: boolean;
}

/**
 * What each failure is to a read, to a command and to the circuit breaker. An attempt that was not
 * sent or not let in did nothing, but it is no verdict either: a command repeated under its old id
 * must not be taken for refused because of it.
 */
export const MEANING: Readonly<Record<FailureKind, Meaning>> = {
  refused: { read: "refused", command: "rejected", mayHaveHappened: false, silent: false },
  unauthorized: { read: "refused", command: "unknown", mayHaveHappened: false, silent: false },
  rate_limited: { read: "refused", command: "rejected", mayHaveHappened: false, silent: false },
  server_error: { read: "unavailable", command: "unknown", mayHaveHappened: true, silent: false },
  gateway: { read: "unavailable", command: "unknown", mayHaveHappened: true, silent: true },
  timeout: { read: "unavailable", command: "unknown", mayHaveHappened: true, silent: true },
  connection_lost: { read: "unavailable", command: "unknown", mayHaveHappened: true, silent: true },
  malformed: { read: "malformed", command: "unknown", mayHaveHappened: true, silent: true },
  not_sent: { read: "unavailable", command: "unknown", mayHaveHappened: false, silent: true },
};

/** How the statistics count a failure (§10.2): a refusal is no error of the venue. */
export function endOf(kind: FailureKind): CallEnd {
  return MEANING[kind].read === "refused" ? "refused" : "failed";
}

/** Builds a failure; code and wait are known only if the venue said them. */
export function failure(
  kind: FailureKind,
  message: string,
  details: { readonly code?: number; readonly waitMs?: number | null } = {},
): Failure {
  return { kind, message, code: details.code ?? 0, waitMs: details.waitMs ?? null, inDoubt: false };
}

/**
 * The payload of an answer, or why there is none.
 * @param waitMs what the answer says about waiting, see {@link readLimits}
 */
export function judge(result: HttpResult, waitMs: number | null): Result<unknown> {
  switch (result.kind) {
    case "timeout":
      return failure("timeout", "no answer in time");
    case "connection_lost":
      return failure("connection_lost", `connection lost: ${result.message}`);
    case "response": {
      const verdict = verdictOf(result.status, shapeOf(result.body));
      if (verdict === "answer") return { kind: "ok", value: payloadOf(result.body) };
      const code = verdict === "rate_limited" ? VenueCode.RATE_LIMITED : codeOf(result.body);
      const message = `HTTP ${result.status}: ${explain(result.body)}`;
      return failure(verdict, message, { code, waitMs });
    }
  }
}

/** The verdict on a status and the form of its body. */
export function verdictOf(status: number, shape: BodyShape): Row["verdict"] {
  const row = VERDICTS.find(({ from, to, shapes }) =>
    from <= status && status <= to && (shapes === undefined || shapes.includes(shape))
  );
  return row?.verdict ?? "malformed";
}

/** The form of a body. */
export function shapeOf(body: HttpBody): BodyShape {
  if (body.kind !== "json") return body.kind;
  if (!isRecord(body.value)) return "bare";
  const { code, detail } = body.value;
  if (Number.isInteger(code)) {
    if (code !== 0) return "E1";
    return "data" in body.value ? "envelope" : "bare";
  }
  if (typeof detail === "string") return "E2";
  return Array.isArray(detail) ? "E3" : "bare";
}

function payloadOf(body: HttpBody): unknown {
  if (body.kind !== "json") return undefined;
  return shapeOf(body) === "envelope" && isRecord(body.value) ? body.value.data : body.value;
}

function codeOf(body: HttpBody): number {
  const code = body.kind === "json" && isRecord(body.value) ? body.value.code : 0;
  return typeof code === "number" && Number.isInteger(code) ? code : 0;
}

/** What the venue says went wrong; never the `input` of E3, which repeats what was sent. */
function explain(body: HttpBody): string {
  if (body.kind === "cut") return "the connection ended inside the answer";
  if (body.kind === "other") return body.what;
  if (!isRecord(body.value)) return "an answer that is no object";
  const { message, detail } = body.value;
  if (Array.isArray(detail)) return detail.slice(0, 3).map(explainEntry).join("; ");
  if (typeof detail === "string") return detail;
  return typeof message === "string" ? `${message} (code ${codeOf(body)})` : "no explanation";
}

function explainEntry(entry: unknown): string {
  if (!isRecord(entry)) return "?";
  const where = Array.isArray(entry.loc) ? entry.loc.map(plain).join(".") : "?";
  return `${where}: ${plain(entry.msg)}`;
}

/** Text or a number; anything else could throw when it is turned into text. */
function plain(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "?";
}
