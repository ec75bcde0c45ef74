/** The name that an order carries from before its first attempt to its end (§17). */

import type { Contract, Direction } from "../models/vocabulary.ts";

/** What all our client order ids begin with; orders without it are not ours and stay untouched. */
const PREFIX = "amm_";
/** The venue refuses longer ids. */
const MAX_LENGTH = 64;
/** The sequence starts again after so many orders; the time tells them apart. */
export const SEQUENCE_LENGTH = 1_000_000;
/**
 * Characters of a market id that fit: 64 less prefix, contract, direction, 13 digits, 6 digits,
 * four `_`.
 */
const MAX_MARKET_LENGTH = MAX_LENGTH - PREFIX.length - "YES_SELL_".length - 13 - 6 - 2;
const HASH_LENGTH = 8;

/** The parts of a client order id. */
export interface ClientOrderIdParts {
  readonly marketId: string;
  readonly contract: Contract;
  readonly direction: Direction;
  /** Wall time, epoch milliseconds. */
  readonly atMs: number;
  /** Running number of the process. */
  readonly sequence: number;
}

/**
 * `amm_{market}_{contract}_{direction}_{ms}_{seq}`, at most 64 characters: of a long market id the
 * beginning and a hash are kept.
 */
export function clientOrderId(parts: ClientOrderIdParts): string {
  const { marketId, contract, direction, atMs, sequence } = parts;
  const market = shortMarketId(marketId, MAX_MARKET_LENGTH);
  const time = Math.floor(atMs);
  return `${PREFIX}${market}_${contract}_${direction}_${time}_${sequence % SEQUENCE_LENGTH}`;
}

/**
 * The market id, or its beginning and a hash if it is too long.
 * @param maxLength most characters, at least 10
 */
export function shortMarketId(marketId: string, maxLength: number): string {
  if (marketId.length <= maxLength) return marketId;
  return `${marketId.slice(0, maxLength - HASH_LENGTH - 1)}-${hash(marketId)}`;
}

/** True if an order with this client order id is ours. */
export function isOwnClientOrderId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/**
 * A source of unique client order ids for one market.
 * @param clock gives the wall time, epoch milliseconds
 * @param first where the numbers start; random where processes share the markets
 */
export function clientOrderIds(
  marketId: string,
  clock: { nowMs(): number },
  first = 0,
): (contract: Contract, direction: Direction) => string {
  let sequence = first;
  return (contract, direction) =>
    clientOrderId({ marketId, contract, direction, atMs: clock.nowMs(), sequence: sequence++ });
}

/** FNV-1a, 32 bits, as eight hexadecimal digits. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(HASH_LENGTH, "0");
}
