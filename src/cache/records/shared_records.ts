/** What all instances share: `amm:risk:global` and `amm:pnl:{date}` (§2.6). */

import type { SharedRecord } from "../state_store.ts";
import { dayPnlKey, SHARED_KEYS } from "../redis_keys.ts";
import { field, type FoundKey } from "./hash.ts";
import { readLatch } from "./latch_record.ts";
import { type Refusal, refusedField, refusedKey } from "./refusal.ts";

/** Reads the two hashes. */
export function readSharedRecord(
  globalRisk: FoundKey,
  dayPnl: FoundKey,
  day: string,
): SharedRecord {
  const refused: Refusal[] = [];
  const latch = readLatch(globalRisk, SHARED_KEYS.globalRisk, refused);
  if (globalRisk.kind === "other") refused.push(unreadableLatchKey(globalRisk.type));
  return { latch, dayPnlCents: readDayPnl(dayPnl, dayPnlKey(day), refused), refused };
}

function unreadableLatchKey(type: string): Refusal {
  const instead = "what was last known; if nothing was, it counts as a kill of every market";
  return refusedKey(SHARED_KEYS.globalRisk, type, instead);
}

function readDayPnl(
  found: FoundKey,
  key: string,
  refused: Refusal[],
): ReadonlyMap<string, number | null> {
  if (found.kind === "none") return new Map();
  if (found.kind === "other") {
    refused.push(refusedKey(key, found.type, "the last figures that could be read"));
    return new Map();
  }
  const figures = Object.entries(found.fields).map(([marketId, text]) => {
    const parsed = field.cents.safeParse(text);
    if (!parsed.success) {
      refused.push(refusedField(key, marketId, { found: text, name: "day_pnl" }));
    }
    return [marketId, parsed.data ?? null] as const;
  });
  return new Map(figures);
}
