/**
 * Cursors that are more than the id of an item: base64 of a small JSON object (exchange API §1.6).
 */

import { z } from "zod";
import { VenueCrash } from "../exchange/mod.ts";
import { offsetTime } from "./display.ts";

/** Where a page of markets ended. */
export interface MarketCursor {
  readonly createdAtMs: number;
  readonly marketId: string;
}

const marketCursorSchema = z.object({ ts: z.string(), id: z.string() });
const ledgerCursorSchema = z.object({ id: z.int() });

/** Writes the cursor after a market. */
export function marketCursor({ createdAtMs, marketId }: MarketCursor): string {
  return btoa(`{"ts": "${offsetTime(createdAtMs)}", "id": ${JSON.stringify(marketId)}}`);
}

/**
 * Reads a cursor of the list of markets; null, that is the first page, if it cannot be decoded.
 * @throws VenueCrash if it can, but holds no time
 */
export function readMarketCursor(cursor: string): MarketCursor | null {
  const decoded = marketCursorSchema.safeParse(decode(cursor));
  if (!decoded.success) return null;
  const createdAtMs = Date.parse(decoded.data.ts);
  if (Number.isNaN(createdAtMs)) throw new VenueCrash("The cursor holds no time");
  return { createdAtMs, marketId: decoded.data.id };
}

/** Writes the cursor after a ledger entry. */
export function ledgerCursor(entryId: string): string {
  return btoa(`{"id": ${entryId}}`);
}

/** Reads a cursor of the ledger; undefined, that is the first page, if it cannot be decoded. */
export function readLedgerCursor(cursor: string): string | undefined {
  const decoded = ledgerCursorSchema.safeParse(decode(cursor));
  return decoded.success ? String(decoded.data.id) : undefined;
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(atob(cursor));
  } catch {
    return null;
  }
}
