/** The kill latch in `amm:risk:{m}` and `amm:risk:global` (state and events spec §2.5, §2.6). */

import type { KillLatch } from "../../models/explanation.ts";
import type { KillReason } from "../../models/vocabulary.ts";
import type { KillRelease } from "../persisted_market.ts";
import { field, type FoundKey, type HashFields, HashReader, msText } from "./hash.ts";
import type { Refusal } from "./refusal.ts";

/** What the store says about a kill. */
export type StoredLatch =
  /** Nothing: it was never set, or the store lost it. */
  | { readonly kind: "none" }
  /** Released; `latchAtMs` is the time of the kill that was, 0 if that cannot be read. */
  | { readonly kind: "off"; readonly latchAtMs: number; readonly by: string }
  | { readonly kind: "on"; readonly latch: KillLatch }
  /** The key holds something of another type. */
  | { readonly kind: "unreadable" };

/** Fields of a latch, in the order in which scripts take and give them. */
export const LATCH_FIELDS = [
  "kill_latched",
  "kill_reason",
  "kill_at_ms",
  "kill_source",
  "kill_released_by",
  "kill_released_at_ms",
] as const;

/** A change of a latch, as the scripts want it; all values are texts. */
export type LatchChange =
  | { readonly mode: "KEEP" }
  | { readonly mode: "SET"; readonly reason: string; readonly at: string; readonly source: string }
  | { readonly mode: "RELEASE"; readonly of: string; readonly by: string; readonly at: string };

const KILL_REASONS: readonly KillReason[] = [
  "SKEW",
  "LOSS",
  "GLOBAL_LOSS",
  "STATUS",
  "LVR",
  "ASSET_FLOOR",
  "DRIFT",
  "INVALID_INPUT",
  "ADMIN",
];
const SOURCE_CHARACTERS = 500;

/** The change that latches a kill. */
export function setLatch({ reason, atMs, source }: KillLatch): LatchChange {
  return { mode: "SET", reason, at: msText(atMs), source: source.slice(0, SOURCE_CHARACTERS) };
}

/** The change that releases a kill. */
export function releaseLatch({ latchAtMs, by, atMs }: KillRelease): LatchChange {
  return {
    mode: "RELEASE",
    of: msText(latchAtMs),
    by: by.slice(0, SOURCE_CHARACTERS),
    at: msText(atMs),
  };
}

/** True if two latches are the same one; stored times are whole milliseconds. */
export function isSameLatch(a: KillLatch, b: KillLatch): boolean {
  return a.reason === b.reason && Math.round(a.atMs) === Math.round(b.atMs);
}

/** Reads a latch from the hash that holds it. */
export function readLatch(found: FoundKey, key: string, refused: Refusal[]): StoredLatch {
  if (found.kind === "other") return { kind: "unreadable" };
  if (found.kind === "none") return { kind: "none" };
  return latchOf(new HashReader(key, found.fields, refused));
}

/**
 * Reads the latch of a record. A word that is neither ON nor OFF is a kill, and so is a record
 * without the word: somebody meant to say something about it.
 */
export function latchOf(reader: HashReader): StoredLatch {
  const word = reader.read("kill_latched", field.oneOf(["ON", "OFF"]));
  if (word === null) return { kind: "on", latch: unreadableLatch(reader.key) };
  if (word === "OFF") return releasedLatch(reader);
  const reason = reader.read("kill_reason", field.oneOf(KILL_REASONS)) ?? "INVALID_INPUT";
  const atMs = reader.read("kill_at_ms", field.ms) ?? 0;
  const source = reader.read("kill_source", field.anyText(SOURCE_CHARACTERS)) ?? "";
  return { kind: "on", latch: { reason, atMs, source } };
}

/** The kill that stands for a latch that cannot be read. */
export function unreadableLatch(key: string): KillLatch {
  return { reason: "INVALID_INPUT", atMs: 0, source: `${key} cannot be read` };
}

/** The fields of a latch as a script gives them. */
export function latchFields(values: readonly string[]): HashFields {
  return Object.fromEntries(LATCH_FIELDS.map((name, index) => [name, values[index] ?? ""]));
}

/** Nothing depends on who released a kill, so that is taken as it is. */
function releasedLatch(reader: HashReader): StoredLatch {
  const atMs = reader.peek("kill_at_ms", field.ms) ?? 0;
  return {
    kind: "off",
    latchAtMs: atMs,
    by: reader.peek("kill_released_by", field.text(600)) ?? "",
  };
}
