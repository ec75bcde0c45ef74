/** How several processes share the markets between them (state and events spec §4.6). */

import { seededRandom } from "../runtime/random.ts";

/** What the shares are computed from. */
export interface ShareInput {
  /** Markets that the processes share. */
  readonly markets: number;
  /** Processes that live, this one included. */
  readonly instances: number;
  /** `max_concurrent_markets`. */
  readonly maxMarkets: number;
}

/** How many markets one process takes, so that every market finds one. */
export function fairShare({ markets, instances, maxMarkets }: ShareInput): number {
  return Math.min(maxMarkets, Math.ceil(markets / Math.max(1, instances)));
}

/**
 * The markets in the order in which a process tries to get them: another for each process, so that
 * they do not all ask for the same one, and always the same for one.
 */
export function tryingOrder(marketIds: readonly string[], instanceId: string): readonly string[] {
  const rank = new Map(marketIds.map((id) => [id, seededRandom(`${instanceId} ${id}`).next()]));
  return marketIds.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

/** What decides whether a market is handed over. */
export interface HandOverInput {
  /** Markets that this process holds, those it would try first in front. */
  readonly held: readonly string[];
  readonly share: number;
  /** Markets that each other living process holds. */
  readonly othersHold: readonly number[];
  /** Markets that nobody holds. */
  readonly unheld: number;
}

/**
 * The market to give up because another process has too few, null if none. Only one is on its way
 * at a time: as long as somebody has yet to take one, no other is given up.
 */
export function marketToHandOver(input: HandOverInput): string | null {
  const { held, share, othersHold, unheld } = input;
  const isWanted = unheld === 0 && othersHold.some((count) => count < share);
  return held.length > share && isWanted ? held.at(-1) ?? null : null;
}
