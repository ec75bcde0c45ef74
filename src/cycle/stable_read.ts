import type { Connector } from "../connector/connector.ts";
import { VenueError } from "../connector/connector.ts";
import type { TradePoller } from "../connector/trade_poller.ts";
import type { Position } from "../models/inventory.ts";
import type { Inbox } from "./inbox.ts";

/** What a stable read is done with. */
export interface StableReadOptions {
  readonly marketId: string;
  readonly connector: Pick<Connector, "position">;
  readonly poller: Pick<TradePoller, "poll" | "newestId">;
  readonly inbox: Pick<Inbox, "trades">;
  /**
   * Empties the inbox of the trades found so far: books them, or drops what the position contains.
   */
  readonly drain: () => void;
}

/** A position that contains exactly the trades up to the cursor. */
export interface StableRead {
  readonly position: Position;
  readonly tradeCursor: string | null;
}

/** A read that trades disturb so often is given up until the next try. */
const MAX_ATTEMPTS = 10;

/**
 * Reads the position between two looks at the trade list, and again until no trade of the market
 * came in between (exchange API §4.5, L-13).
 * @throws VenueError if the venue does not answer, or trades never stop
 */
export async function readStably(options: StableReadOptions): Promise<StableRead> {
  const { marketId, connector, poller, inbox, drain } = options;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    await poller.poll();
    drain();
    const position = await connector.position(marketId);
    await poller.poll();
    if (inbox.trades.length === 0) return { position, tradeCursor: poller.newestId };
  }
  throw new VenueError({
    kind: "unavailable",
    call: `position ${marketId}`,
    message: `trades arrived during each of ${MAX_ATTEMPTS} reads`,
  });
}
