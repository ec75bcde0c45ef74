/** One process among those that share the markets of an account. */
export interface Instance {
  /** `instance_id`: a name for people, unique among those that live. */
  readonly instanceId: string;
  /** Random, new with every start of a process: a restarted one is another. */
  readonly nonce: string;
  /** How the process gets its markets; one that works all of them is to be alone. */
  readonly assignment: "all" | "leased";
}

/** Who has a market, as the store knows it. */
export interface LeaseHolder {
  readonly instanceId: string;
  readonly nonce: string;
  /** The fencing token. */
  readonly token: number;
  /** Time of the store, epoch milliseconds. */
  readonly acquiredAtMs: number;
}

/** What the store says about a market: its holder, nobody, or something that cannot be read. */
export type LeaseView = LeaseHolder | null | "unreadable";

/** The answer to a heartbeat. */
export type Beat =
  | {
    readonly kind: "alive";
    /** All that live, this process included; null if the list cannot be read. */
    readonly instances: readonly Instance[] | null;
    /** Who has each of the shared markets, after those named were renewed. */
    readonly leases: ReadonlyMap<string, LeaseView>;
  }
  /**
   * This process may not be on the list while these are: one of the same name, or one that works
   * all markets as this one would. Whoever was there first stays.
   */
  | { readonly kind: "excluded"; readonly by: readonly Instance[] };

/** The answer to the request for a lease. */
export type LeaseAnswer =
  | { readonly kind: "granted"; readonly token: number }
  /** Another process has it. */
  | { readonly kind: "busy" }
  /**
   * Nobody gets one now: the store may have forgotten leases that are still in force, or a process
   * lives that works all markets.
   */
  | { readonly kind: "wait" };

/** Who the process is and what it shares. */
export interface LeaseStoreOptions {
  readonly self: Instance;
  /** The markets that are shared, empty for a process that works all of its own. */
  readonly marketIds: readonly string[];
  /** `lease_ttl_ms`. */
  readonly ttlMs: number;
}

/**
 * The one place that says who works which market (state and events spec §2.8). Every method is one
 * step by the clock of the store, and ends within a time-out.
 *
 * A method that has no answer rejects with a StoreError; what it asked for may have happened then.
 */
export interface LeaseStore {
  readonly self: Instance;
  /**
   * Shows that this process lives, and renews the leases it holds.
   * @param held fencing tokens by market; a lease that is not held under this token stays as it is
   */
  beat(held: ReadonlyMap<string, number>): Promise<Beat>;
  /** Asks for the lease of a market. */
  acquire(marketId: string): Promise<LeaseAnswer>;
  /**
   * Gives a lease back if it is held by this process.
   * @param token under which it must be held; null for whichever it is
   */
  release(marketId: string, token: number | null): Promise<void>;
  /** Who has a market. */
  holder(marketId: string): Promise<LeaseView>;
  /** Takes this process off the list. */
  leave(): Promise<void>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** How the list of processes names one. */
export function memberOf({ instanceId, nonce, assignment }: Instance): string {
  return assignment === "all" ? `${instanceId}:${nonce}:all` : `${instanceId}:${nonce}`;
}

/** The process that a name on the list stands for, null if it stands for none. */
export function instanceOf(member: string): Instance | null {
  const [, instanceId, nonce, all] = /^([\w-]+):([\w-]+)(:all)?$/.exec(member) ?? [];
  if (instanceId === undefined || nonce === undefined) return null;
  return { instanceId, nonce, assignment: all === undefined ? "leased" : "all" };
}

/**
 * True if two processes may not live side by side: one name for both, or both work all markets.
 */
export function excludes(a: Instance, b: Instance): boolean {
  if (a.nonce === b.nonce) return false;
  return a.instanceId === b.instanceId || (a.assignment === "all" && b.assignment === "all");
}
