/** Working memory and persisted safety of the bot: what must outlive a cycle, and with Redis the process. */
export interface StateStore {
  /** The persisted record of a market, null if there is none. */
  loadMarket(marketId: string): Promise<Readonly<Record<string, unknown>> | null>;
  /** Replaces the persisted record of a market in one step. */
  saveMarket(marketId: string, record: Readonly<Record<string, unknown>>): Promise<void>;
}
