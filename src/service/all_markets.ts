import type { LeaseView } from "../cache/lease_store.ts";
import { StoreError } from "../cache/store_error.ts";
import { UNSHARED, type WorkPermit } from "../connector/work_permit.ts";
import type { MarketConfig } from "../config/registry.ts";
import type { AssignmentParts, MarketAssignment } from "./market_assignment.ts";
import type { Seat } from "./seat.ts";

/**
 * Works every configured market (`market_assignment: all`). No lease is taken, but with a store
 * that other processes can reach, a market that one of them holds is left alone, nothing is placed
 * before this process is known to be the only one of its kind, and it ends if another one took its
 * place while it was cut off.
 */
export class AllMarkets implements MarketAssignment {
  readonly isSettled = true;
  readonly #parts: AssignmentParts;
  readonly #permit: WorkPermit;

  constructor(parts: AssignmentParts) {
    this.#parts = parts;
    const { seat } = parts;
    this.#permit = seat === null ? UNSHARED : permitOf(seat);
  }

  async start(): Promise<boolean> {
    const { dependencies: { config }, roster, settleAccount, seat } = this.#parts;
    if (seat !== null) void this.#hold(seat);
    for (const market of config.markets.values()) {
      roster.add({ market, permit: this.#permit, obstacle: () => this.#obstacle(market) });
    }
    await Promise.all(roster.runners.map((runner) => runner.start()));
    if (!await settleAccount()) return false;
    roster.runAll();
    return true;
  }

  async stop(reason: string): Promise<void> {
    const { roster, dependencies: { leases } } = this.#parts;
    await Promise.all(roster.runners.map((runner) => roster.stop(runner, reason)));
    await leases?.leave().catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error;
    });
  }

  report(): null {
    return null;
  }

  async #hold(seat: Seat): Promise<void> {
    const why = await seat.take("waits for the store") ?? await seat.keep();
    if (why !== null) this.#parts.fail(why);
  }

  /** @throws StoreError if nobody can say */
  async #obstacle({ marketId }: MarketConfig): Promise<string | null> {
    const { dependencies: { leases }, seat } = this.#parts;
    if (leases === undefined) return null;
    if (seat !== null && isForeign(seat)) return "another process may work all markets";
    return obstacleOf(await leases.holder(marketId));
  }
}

function permitOf(seat: Seat): WorkPermit {
  return {
    ...UNSHARED,
    mayPlace: () => seat.state === "ours",
    mayChangePairs: () => seat.state === "ours",
    isExclusive: () => !isForeign(seat),
  };
}

/** True if what rests in the markets may be the business of another process. */
function isForeign({ state }: Seat): boolean {
  return state === "disputed" || state === "lost";
}

function obstacleOf(holder: LeaseView): string | null {
  if (holder === null) return null;
  const name = holder === "unreadable" ? "whose lease cannot be read" : holder.instanceId;
  return `another process works it: ${name}`;
}
