import type { Beat, LeaseStore } from "../cache/lease_store.ts";
import type { WorkPermit } from "../connector/work_permit.ts";
import { LeaseKeeper, type WorkedMarket } from "../lifecycle/lease_keeper.ts";
import type { AssignmentParts, MarketAssignment } from "./market_assignment.ts";
import type { LeaseReport, MarketLeaseReport } from "./service_api.ts";

/** Works the markets whose leases this process holds (`market_assignment: leased`). */
export class LeasedMarkets implements MarketAssignment {
  readonly #parts: AssignmentParts;
  readonly #store: LeaseStore;
  readonly #keeper: LeaseKeeper;

  constructor(parts: AssignmentParts, store: LeaseStore) {
    const { config: { global }, clock, random, log } = parts.dependencies;
    this.#parts = parts;
    this.#store = store;
    this.#keeper = new LeaseKeeper({
      store,
      marketIds: global.marketIds,
      timing: {
        ttlMs: global.leaseTtlMs,
        renewMs: global.leaseRenewMs,
        cancelMarginMs: global.leaseCancelMarginMs,
      },
      callTimeoutMs: global.httpTimeoutMs,
      maxMarkets: global.maxConcurrentMarkets,
      clock,
      random: random.fork("leases"),
      log,
      work: (marketId, permit) => this.#work(marketId, permit),
      onBeat: (beat) => this.#onBeat(beat),
    });
  }

  get isSettled(): boolean {
    return this.#keeper.isSettled;
  }

  start(): Promise<boolean> {
    void this.#keeper.run();
    return Promise.resolve(true);
  }

  stop(): Promise<void> {
    return this.#keeper.close();
  }

  report(): LeaseReport {
    const { marketIds } = this.#parts.dependencies.config.global;
    const { instances, share, problem } = this.#keeper;
    return {
      instanceId: this.#store.self.instanceId,
      instances: instances.map(({ instanceId }) => instanceId).sort(),
      share,
      problem,
      markets: marketIds.map((marketId) => this.#reportOf(marketId)),
    };
  }

  #reportOf(marketId: string): MarketLeaseReport {
    const { clock } = this.#parts.dependencies;
    const lease = this.#keeper.table.get(marketId);
    const seen = this.#keeper.holder(marketId);
    const own = "token" in lease ? lease : null;
    const holder = own === null ? seen : this.#store.self;
    return {
      marketId,
      state: lease.state,
      holder: holder === "unreadable" ? holder : holder?.instanceId ?? null,
      fence: own?.token ?? null,
      provenForMs: own === null ? null : Math.max(0, own.provenUntilMs - clock.monotonicMs()),
    };
  }

  #work(marketId: string, permit: WorkPermit): WorkedMarket {
    const { dependencies: { config }, roster } = this.#parts;
    const market = config.markets.get(marketId);
    if (market === undefined) throw new RangeError(`Cannot work ${marketId}: it is not configured`);
    return roster.work({ market, permit, obstacle: () => Promise.resolve(null) });
  }

  #onBeat(beat: Beat): void {
    const { dependencies: { rateBudget }, seat, fail, onProgress } = this.#parts;
    if (beat.kind === "excluded") return fail(seat?.refuse(beat.by) ?? "it is excluded");
    if (beat.instances !== null) rateBudget.shareBetween(beat.instances.length);
    onProgress();
  }
}
