import type { LeaseStore, LeaseView } from "../cache/lease_store.ts";
import { StoreError } from "../cache/store_error.ts";
import { UNSHARED, type WorkPermit } from "../connector/work_permit.ts";
import type { MarketConfig } from "../config/registry.ts";
import { sleep } from "../runtime/clock.ts";
import type { AssignmentParts, MarketAssignment } from "./market_assignment.ts";
import { refusal } from "./seat.ts";

/**
 * Works every configured market (`market_assignment: all`). No lease is taken, but with a store
 * that other processes can reach, a market that one of them holds is left alone, and a process that
 * took the place of this one while it was cut off ends it.
 */
export class AllMarkets implements MarketAssignment {
  readonly isSettled = true;
  readonly #parts: AssignmentParts;
  #isAlone = true;

  constructor(parts: AssignmentParts) {
    this.#parts = parts;
  }

  async start(): Promise<boolean> {
    const { dependencies: { config, leases }, roster, settleAccount } = this.#parts;
    for (const market of config.markets.values()) {
      roster.add({ market, permit: this.#permit, obstacle: () => this.#obstacle(market) });
    }
    const { runners } = roster;
    await Promise.all(runners.map((runner) => runner.start()));
    if (!await settleAccount()) return false;
    // Markets begin spread over one interval, so that they do not all ask the venue at once.
    for (const [index, runner] of runners.entries()) {
      roster.run(runner, (index * runner.context.config.quoteIntervalMs) / runners.length);
    }
    if (leases !== undefined) void this.#stayListed(leases);
    return true;
  }

  async stop(reason: string): Promise<void> {
    const { roster, dependencies: { leases } } = this.#parts;
    await Promise.all(roster.runners.map((runner) => roster.stop(runner, reason)));
    await leases?.leave().catch(onlyUnavailable);
  }

  report(): null {
    return null;
  }

  readonly #permit: WorkPermit = {
    ...UNSHARED,
    mayPlace: () => this.#isAlone,
    mayChangePairs: () => this.#isAlone,
    isExclusive: () => this.#isAlone,
  };

  async #obstacle({ marketId }: MarketConfig): Promise<string | null> {
    const { leases } = this.#parts.dependencies;
    if (leases === undefined) return null;
    try {
      return obstacleOf(await leases.holder(marketId));
    } catch (error) {
      onlyUnavailable(error);
      return "nobody can say whether another process works it: the store cannot be reached";
    }
  }

  /** Shows the other processes that this one lives. */
  async #stayListed(leases: LeaseStore): Promise<void> {
    const { dependencies: { clock, config, log }, stopSignal, fail } = this.#parts;
    let isReached = true;
    while (!stopSignal.aborted) {
      await sleep(clock, config.global.leaseRenewMs, stopSignal);
      if (stopSignal.aborted) return;
      try {
        const beat = await leases.beat(new Map());
        isReached = true;
        if (beat.kind === "alive") continue;
        this.#isAlone = false;
        return fail(refusal(leases.self, beat.by));
      } catch (error) {
        onlyUnavailable(error);
        if (isReached) log.log("ERROR", "store_unavailable", { cause: String(error) });
        isReached = false;
      }
    }
  }
}

function obstacleOf(holder: LeaseView): string | null {
  if (holder === null) return null;
  const name = holder === "unreadable" ? "whose lease cannot be read" : holder.instanceId;
  return `another process works it: ${name}`;
}

function onlyUnavailable(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}
