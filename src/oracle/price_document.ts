/** The price in a JSON document, and when it was true. Pure. */

import { PAIR_CENTS } from "../models/money.ts";
import { type PriceAddress, PriceSourceError, type SourcedPrice } from "./price_source.ts";

/** Times below this are seconds: as milliseconds they would lie in 1973. */
const FIRST_MS = 100_000_000_000;

/**
 * Finds price and time in a document. The unit is what the configuration states and is never
 * guessed: 0.47 may be half a cent.
 * @throws PriceSourceError if either is missing, no number, or outside its range
 */
export function readPrice(document: unknown, address: PriceAddress): SourcedPrice {
  const { oraclePricePath, oracleTimePath, oraclePriceUnit } = address;
  const written = numberOf(valueAt(document, oraclePricePath));
  if (written === null) throw new PriceSourceError(`no number at ${oraclePricePath}`);
  const priceCents = oraclePriceUnit === "probability" ? written * PAIR_CENTS : written;
  if (!(priceCents >= 0 && priceCents <= PAIR_CENTS)) {
    throw new PriceSourceError(
      `${written} at ${oraclePricePath} is outside the range of ${RANGES[oraclePriceUnit]}`,
    );
  }
  if (oracleTimePath === null) return { priceCents, statedAtMs: null };
  const statedAtMs = timeOf(valueAt(document, oracleTimePath));
  if (statedAtMs === null) throw new PriceSourceError(`no time at ${oracleTimePath}`);
  return { priceCents, statedAtMs };
}

const RANGES: Readonly<Record<PriceAddress["oraclePriceUnit"], string>> = {
  cents: "0 to 100 cents",
  probability: "a probability, 0 to 1",
};

/** What stands at a path of names and indexes; undefined if nothing does. */
function valueAt(document: unknown, path: string): unknown {
  if (path === "$") return document;
  return path.split(".").reduce<unknown>((value, name) => {
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
    return isThere ? Reflect.get(value, name) : undefined;
  }, document);
}

const DECIMAL = /^\s*-?\d+(\.\d+)?\s*$/;

/** A number, or a text that is a decimal one; null for anything else. */
function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** Seconds, milliseconds or an ISO text as epoch milliseconds; null for anything else. */
function timeOf(value: unknown): number | null {
  const number = numberOf(value);
  if (number !== null) return number > 0 ? inMs(number) : null;
  const parsed = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isFinite(parsed) ? parsed : null;
}

function inMs(number: number): number {
  return number < FIRST_MS ? number * 1000 : number;
}
