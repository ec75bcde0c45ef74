/** What is remembered of a market, from the hashes that are read at its start. */

import {
  type Books,
  onlyKilled,
  type PairOperation,
  type RememberedMarket,
  type RememberedRisk,
} from "../persisted_market.ts";
import { field, type FoundKey, HashReader } from "./hash.ts";
import { unreadableLatch } from "./latch_record.ts";
import { readBooks } from "./ledger_record.ts";
import { readOperation } from "./operation_record.ts";
import { type Refusal, refusedKey } from "./refusal.ts";
import { readRisk } from "./risk_record.ts";

/** A key and what it holds. */
export interface NamedKey {
  readonly key: string;
  readonly found: FoundKey;
}

/** The hashes of a market that are read. */
export interface MarketHashes {
  readonly risk: NamedKey;
  readonly ledger: NamedKey;
  readonly operation: NamedKey;
  readonly state: NamedKey;
}

/** Reads what is remembered of a market; null if there is no such market in the store. */
export function readMarket(hashes: MarketHashes): RememberedMarket | null {
  const refused: Refusal[] = [];
  const operation = readInFlight(hashes.operation, refused);
  const books = readLedger(hashes.ledger, refused);
  const risk = readRiskRecord(hashes, refused);
  if (risk === null && books === null && operation === null && refused.length === 0) return null;
  return {
    // Nobody knows whether the books contain an operation that cannot be read.
    books: operation === "lost" ? null : books,
    risk,
    operation: operation === "lost" ? null : operation,
    refused,
  };
}

function readLedger({ key, found }: NamedKey, refused: Refusal[]): Books | null {
  if (found.kind === "none") return null;
  if (found.kind === "hash") return readBooks(new HashReader(key, found.fields, refused));
  refused.push(refusedKey(key, found.type, "the ledger is built anew from the holdings"));
  return null;
}

function readInFlight(
  { key, found }: NamedKey,
  refused: Refusal[],
): PairOperation | null | "lost" {
  if (found.kind === "none") return null;
  if (found.kind === "hash") return readOperation(new HashReader(key, found.fields, refused));
  const instead = "no operation is in flight, and the ledger is built anew from the holdings";
  refused.push(refusedKey(key, found.type, instead));
  return "lost";
}

function readRiskRecord(
  { risk: { key, found }, state }: MarketHashes,
  refused: Refusal[],
): RememberedRisk | null {
  switch (found.kind) {
    case "none":
      return null;
    case "hash":
      return readRisk(new HashReader(key, found.fields, refused), readFills(state, refused));
    case "other":
      refused.push(refusedKey(key, found.type, "it counts as a kill of the market"));
      return onlyKilled(unreadableLatch(key));
  }
}

/** A market that was never quoted has no strategy state. */
function readFills({ key, found }: NamedKey, refused: Refusal[]): number {
  if (found.kind === "none") return 0;
  if (found.kind === "hash") {
    return new HashReader(key, found.fields, refused).read("total_fills_today", field.count) ?? 0;
  }
  refused.push(refusedKey(key, found.type, "it is written anew by the next cycle"));
  return 0;
}
