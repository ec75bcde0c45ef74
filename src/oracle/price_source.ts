import type { MarketConfig } from "../config/registry.ts";

/** Where the outside price of a market is, and how it is written there. */
export type PriceAddress = Pick<
  MarketConfig,
  | "oracleSlug"
  | "oracleUrl"
  | "oraclePricePath"
  | "oracleTimePath"
  | "oraclePriceUnit"
  | "oracleTimeoutMs"
>;

/** An outside price as its source gives it. */
export interface SourcedPrice {
  /** YES price in cents, 0 to 100. */
  readonly priceCents: number;
  /** When it was true by the source's own clock, epoch milliseconds; null if it does not say. */
  readonly statedAtMs: number | null;
}

/** Somewhere to read an outside price from. */
export interface PriceSource {
  /**
   * Reads the price once, within `oracle_timeout_ms`.
   * @throws PriceSourceError if there is no usable price; nothing is ever made up in its place
   */
  read(address: PriceAddress): Promise<SourcedPrice>;
}

/** There is no usable outside price; the message says why, without what was sent. */
export class PriceSourceError extends Error {
  override readonly name = "PriceSourceError";
}
