import type { WorkPermit } from "../connector/work_permit.ts";
import type { Clock } from "../runtime/clock.ts";
import {
  FREE,
  isExclusive,
  type Lease,
  type LeaseAction,
  type LeaseEvent,
  type LeaseTiming,
  mayPlace,
  nextChangeMs,
  step,
  tokenOf,
} from "./lease.ts";

/** What the table is made of. */
export interface LeaseTableOptions {
  readonly marketIds: readonly string[];
  readonly timing: LeaseTiming;
  /** `http_timeout_ms`: how long a call to the venue may take. */
  readonly callTimeoutMs: number;
  readonly clock: Clock;
  /** Carries out what a change of a lease asks for. */
  readonly act: (marketId: string, action: LeaseAction) => void;
}

/**
 * While a machine sleeps, its monotonic clock may stand still and leases end unnoticed, but its
 * wall clock shows it afterwards. A jump ahead by more than this is taken for sleep.
 */
const MAX_CLOCK_JUMP_MS = 1000;

/** The leases of one process, market by market, and what they allow at this moment. */
export class LeaseTable {
  readonly #options: LeaseTableOptions;
  readonly #leases: Map<string, Lease>;
  /** Wall clock minus monotonic clock when the leases were last proven. */
  #provenOffsetMs: number;

  constructor(options: LeaseTableOptions) {
    this.#options = options;
    this.#leases = new Map(options.marketIds.map((marketId) => [marketId, FREE]));
    this.#provenOffsetMs = this.clockOffsetMs();
  }

  /** The lease of a market. */
  get(marketId: string): Lease {
    return this.#leases.get(marketId) ?? FREE;
  }

  /** Markets in some of the states. */
  inState(...states: readonly Lease["state"][]): readonly string[] {
    return [...this.#leases].filter(([, { state }]) => states.includes(state)).map(([id]) => id);
  }

  /** Fencing tokens of the leases that are worth a renewal, by market. */
  renewable(): ReadonlyMap<string, number> {
    return new Map([...this.#leases].flatMap(([marketId, lease]) => {
      const token = tokenOf(lease);
      const isLost = lease.state === "DRAINING" && lease.cause === "lost";
      return token === null || isLost ? [] : [[marketId, token]];
    }));
  }

  /** Lets something happen to the lease of a market. */
  happen(marketId: string, event: LeaseEvent): void {
    const { clock, timing, act } = this.#options;
    const { lease, actions } = step(this.get(marketId), event, clock.monotonicMs(), timing);
    this.#leases.set(marketId, lease);
    for (const action of actions) act(marketId, action);
  }

  /** Lets the same happen to all leases. */
  happenToAll(event: LeaseEvent): void {
    for (const marketId of this.#leases.keys()) this.happen(marketId, event);
  }

  /** When time alone changes a lease next, monotonic ms. */
  nextChangeMs(): number {
    const { timing } = this.#options;
    return Math.min(...[...this.#leases.values()].map((lease) => nextChangeMs(lease, timing)));
  }

  /** How far the wall clock is ahead of the monotonic one; to be taken before a request is sent. */
  clockOffsetMs(): number {
    const { clock } = this.#options;
    return clock.nowMs() - clock.monotonicMs();
  }

  /** Notes that the leases were proven by a request that was sent when the clocks stood so. */
  noteProof(clockOffsetMs: number): void {
    this.#provenOffsetMs = clockOffsetMs;
  }

  /** The right to work a market under a token; it ends with the lease. */
  permit(marketId: string, token: number): WorkPermit {
    const lease = (): Lease => {
      const present = this.get(marketId);
      return tokenOf(present) === token && !this.#hasSlept() ? present : FREE;
    };
    const { clock, timing, callTimeoutMs } = this.#options;
    const mayPlaceNow = () =>
      mayPlace(lease(), { nowMs: clock.monotonicMs(), callTimeoutMs }, timing);
    return {
      token,
      mayPlace: mayPlaceNow,
      mayChangePairs: () => lease().state === "HELD" && mayPlaceNow(),
      isExclusive: () => isExclusive(lease(), clock.monotonicMs()),
      reportFenced: () => this.happen(marketId, { kind: "lost", token }),
    };
  }

  #hasSlept(): boolean {
    return this.clockOffsetMs() - this.#provenOffsetMs > MAX_CLOCK_JUMP_MS;
  }
}
