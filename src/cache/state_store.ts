import type { AccountBalance } from "../models/market.ts";
import type { KillLatch } from "../models/explanation.ts";
import type { KillRelease, MarketSnapshot, RememberedMarket } from "./persisted_market.ts";
import type { Refusal } from "./records/refusal.ts";
import type { StoredLatch } from "./records/latch_record.ts";

/** What a write of a market found in the store. */
export interface SaveOutcome {
  /** The kill that is latched in the store now, null if none is: somebody else may have set it. */
  readonly latch: KillLatch | null;
  /** Keys that the store had lost or that held something else; they were written anew. */
  readonly rewritten: readonly string[];
}

/** What one process tells and asks the others. */
export interface ShareRequest {
  /** UTC day, `YYYY-MM-DD`. */
  readonly day: string;
  /** The account's cash as last read, null if it was not. */
  readonly account: AccountBalance | null;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** What all instances share. */
export interface SharedRecord {
  readonly latch: StoredLatch;
  /**
   * Profit of the day by market, cents; null for a figure that cannot be read. Markets of every
   * instance, as each wrote it last.
   */
  readonly dayPnlCents: ReadonlyMap<string, number | null>;
  readonly refused: readonly Refusal[];
}

/**
 * Working memory and persisted safety: what must outlive a cycle, and with Redis the process. Only
 * the loop that works a market writes its state; a kill may be latched by anybody. Every method
 * fails with a StoreError if the store does not do it, and after `unavailable` nobody knows whether
 * it did.
 */
export interface StateStore {
  /** `state_store`. */
  readonly kind: "memory" | "redis";
  /** True if what is saved outlives the process and may be seen by other processes. */
  readonly survivesRestart: boolean;
  /** Why the store cannot be used now, null if it can. */
  readonly problem: string | null;

  /**
   * What is remembered of a market, null if nothing ever was. What is there and cannot be believed
   * is refused part by part, never an error.
   */
  loadMarket(marketId: string): Promise<RememberedMarket | null>;
  /**
   * Writes everything of a market in one step.
   * @param token fencing token of the market's lease, 0 without leases
   * @throws StoreError of kind `fenced` if somebody else holds the market now; nothing is changed
   */
  saveMarket(marketId: string, snapshot: MarketSnapshot, token: number): Promise<SaveOutcome>;
  /** Latches a kill of one market; needs no token. */
  latchMarket(marketId: string, latch: KillLatch): Promise<void>;
  /**
   * Claims opening cash for a market that is started for the first time (rule X50): check and claim
   * are one step.
   * @param accountTotalCents available plus frozen cash of the account
   * @returns what no other ledger owns; the claim holds if that is at least what is wanted
   */
  claimCash(marketId: string, wantedCents: number, accountTotalCents: number): Promise<number>;

  /** Reads what all instances share and tells them the account's cash; once per second. */
  share(request: ShareRequest): Promise<SharedRecord>;
  /** Latches the kill of every market. @returns the latch in force, an earlier one if there was */
  latchAll(latch: KillLatch): Promise<KillLatch>;
  /** Releases the kill of every market. @returns the latch that holds all the same: a later one */
  releaseAll(release: KillRelease): Promise<KillLatch | null>;
}
