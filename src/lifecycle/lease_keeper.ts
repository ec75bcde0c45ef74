import type { Beat, Instance, LeaseStore, LeaseView } from "../cache/lease_store.ts";
import { StoreError } from "../cache/store_error.ts";
import type { WorkPermit } from "../connector/work_permit.ts";
import { type CancelTimer, type Clock, sleep } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import type { DrainCause, LeaseAction, LeaseTiming } from "./lease.ts";
import { fairShare, marketToHandOver, tryingOrder } from "./lease_share.ts";
import { LeaseTable } from "./lease_table.ts";

/** A market while this process works it. */
export interface WorkedMarket {
  /** Settles when the start procedure has been tried once; does not reject. */
  readonly started: Promise<void>;
  /**
   * Takes everything of ours off the market and stops working it; does not reject.
   * @returns true once the venue lists none of our orders, false if the process stops before
   */
  drain(cause: DrainCause): Promise<boolean>;
  /** Own orders that may rest. */
  orderIds(): readonly string[];
}

/** Everything the keeper needs. */
export interface LeaseKeeperOptions {
  /** Its calls end within `timing.renewMs`: a failure is noticed before the next renewal. */
  readonly store: LeaseStore;
  readonly marketIds: readonly string[];
  readonly timing: LeaseTiming;
  /** `http_timeout_ms`. */
  readonly callTimeoutMs: number;
  /** `max_concurrent_markets`. */
  readonly maxMarkets: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Starts working a market. */
  readonly work: (marketId: string, permit: WorkPermit) => WorkedMarket;
  /** Told after every answered heartbeat. */
  readonly onBeat: (beat: Beat) => void;
}

/** So many markets at most are in the start procedure at a time. */
const MAX_STARTING = 16;
/** Processes that are started together see each other before the first takes everything. */
const BEATS_BEFORE_THE_FIRST_LEASE = 2;
/** Part of an interval by which processes that want the same market keep apart. */
const JITTER = 0.25;

/**
 * Keeps the leases of one process: renews what it holds, takes what is free up to its share, hands
 * over what is too much, and has a market cleared before its lease can run out. What time demands
 * is done in time, whatever the store does.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  /** All markets, those this process tries to get first in front. */
  readonly #order: readonly string[];
  readonly #worked = new Map<string, WorkedMarket>();
  readonly #starting = new Set<WorkedMarket>();
  /** Calls and drains under way; the end waits for them. */
  readonly #underWay = new Set<Promise<void>>();
  readonly #ended = new AbortController();
  #seen: ReadonlyMap<string, LeaseView> = new Map();
  #beats = 0;
  #isClosing = false;
  #cancelWatch: CancelTimer = () => {};

  /** The leases, market by market. */
  readonly table: LeaseTable;
  /** All processes that live, as of the last heartbeat. */
  instances: readonly Instance[] = [];
  /** Why no market can be had, or kept for sure; null if nothing is wrong. */
  problem: string | null = null;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#order = tryingOrder(options.marketIds, options.store.self.instanceId);
    this.table = new LeaseTable({ ...options, act: (id, action) => this.#act(id, action) });
  }

  /** Who has a market, as of the last heartbeat. */
  holder(marketId: string): LeaseView {
    return this.#seen.get(marketId) ?? null;
  }

  /** How many markets this process should work. */
  get share(): number {
    const { marketIds, maxMarkets } = this.#options;
    const sharing = this.instances.filter(({ assignment }) => assignment === "leased");
    return fairShare({ markets: marketIds.length, instances: sharing.length, maxMarkets });
  }

  /** True if this process has every market that it can have for the time being. */
  get isSettled(): boolean {
    if (this.problem !== null || this.#beats < BEATS_BEFORE_THE_FIRST_LEASE) return false;
    return this.#taken() >= this.share || this.#unheld().length === 0;
  }

  /** Works until it is closed. */
  async run(): Promise<void> {
    const { clock, random, timing: { renewMs } } = this.#options;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const sentAtMs = clock.monotonicMs();
      const isAnswered = await this.#beat(sentAtMs);
      if (isAnswered) {
        await sleep(clock, JITTER * renewMs * random.next(), signal);
        this.#takeShare();
      }
      const nextAtMs = sentAtMs + (isAnswered ? renewMs : renewMs / 2);
      await sleep(clock, Math.max(0, nextAtMs - clock.monotonicMs()), signal);
    }
  }

  /**
   * Gives everything back: markets are cleared, then their leases are released and the list is
   * left. A lease whose market could not be cleared is left to run out.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#untilNothingIsUnderWay();
    this.table.happenToAll({ kind: "given_up" });
    await this.#untilNothingIsUnderWay();
    this.#ended.abort();
    this.#cancelWatch();
    await this.#options.store.leave().catch(onlyUnavailable);
  }

  /** @returns true if the store answered */
  async #beat(sentAtMs: number): Promise<boolean> {
    const { store, onBeat } = this.#options;
    const clockOffsetMs = this.table.clockOffsetMs();
    const held = this.table.renewable();
    try {
      const beat = await store.beat(held);
      if (beat.kind === "alive") {
        this.table.noteProof(clockOffsetMs);
        this.#beats++;
        this.#takeIn(beat, held, sentAtMs);
      } else {
        const names = beat.by.map(({ instanceId }) => instanceId).join(", ");
        this.#noteFailure(`another process has taken the place of this one: ${names}`);
      }
      onBeat(beat);
      return beat.kind === "alive" && beat.instances !== null;
    } catch (error) {
      onlyUnavailable(error);
      this.#noteFailure(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      this.#watch();
    }
  }

  #takeIn(
    { instances, leases }: Extract<Beat, { kind: "alive" }>,
    held: ReadonlyMap<string, number>,
    sentAtMs: number,
  ): void {
    const { nonce } = this.#options.store.self;
    if (instances !== null) this.#noteInstances(instances);
    this.#noteProblem(obstacleIn(instances));
    this.#seen = leases;
    for (const [marketId, view] of leases) {
      const token = held.get(marketId);
      const isOurs = view !== null && view !== "unreadable" && view.nonce === nonce;
      if (token === undefined) {
        // Given to us without our hearing of it.
        if (isOurs && this.table.get(marketId).state === "FREE") this.#release(marketId, null);
      } else if (isOurs && view.token === token) {
        this.table.happen(marketId, { kind: "renewed", token, sentAtMs });
      } else {
        this.table.happen(marketId, { kind: "lost", token });
      }
    }
  }

  /** Hands a market over if another process has too few, and asks for those that nobody has. */
  #takeShare(): void {
    if (this.#isClosing || this.problem !== null) return;
    const unheld = this.#unheld();
    const leaving = this.table.inState("DRAINING").length;
    const surplus = marketToHandOver({
      held: this.#order.filter((marketId) => this.table.get(marketId).state === "HELD"),
      share: this.share,
      othersHold: this.#othersHold(),
      unheld: unheld.length + leaving,
    });
    if (surplus !== null) this.table.happen(surplus, { kind: "given_up" });
    if (this.#beats < BEATS_BEFORE_THE_FIRST_LEASE) return;
    const beginning = this.#starting.size + this.table.inState("ACQUIRING").length;
    const room = Math.min(this.share - this.#taken(), MAX_STARTING - beginning);
    for (const marketId of unheld.slice(0, Math.max(0, room))) this.#track(this.#ask(marketId));
  }

  async #ask(marketId: string): Promise<void> {
    const { store, clock } = this.#options;
    this.table.happen(marketId, { kind: "asked" });
    const sentAtMs = clock.monotonicMs();
    try {
      const answer = await store.acquire(marketId);
      if (answer.kind !== "granted") this.table.happen(marketId, { kind: "denied" });
      else if (this.#isClosing) this.table.happen(marketId, { kind: "unanswered" });
      else this.table.happen(marketId, { ...answer, sentAtMs });
    } catch (error) {
      onlyUnavailable(error);
      this.table.happen(marketId, { kind: "unanswered" });
    }
    this.#watch();
  }

  #release(marketId: string, token: number | null): void {
    this.#track(this.#options.store.release(marketId, token).catch(onlyUnavailable));
  }

  #act(marketId: string, action: LeaseAction): void {
    const { log } = this.#options;
    switch (action.kind) {
      case "start":
        return this.#start(marketId, action.token);
      case "drain":
        return this.#track(this.#drain(marketId, action));
      case "release":
        log.log("INFO", "lease_released", { marketId, fence: action.token });
        return this.#release(marketId, action.token);
      case "release_unseen":
        return this.#release(marketId, null);
      case "orders_may_remain": {
        const orderIds = this.#worked.get(marketId)?.orderIds() ?? [];
        log.log("ERROR", "orders_may_remain", { marketId, fence: action.token, orderIds });
      }
    }
  }

  #start(marketId: string, token: number): void {
    const { log, work } = this.#options;
    log.log("INFO", "lease_acquired", { marketId, fence: token });
    const worked = work(marketId, this.table.permit(marketId, token));
    this.#worked.set(marketId, worked);
    this.#starting.add(worked);
    void worked.started.then(() => this.#starting.delete(worked));
  }

  async #drain(
    marketId: string,
    { token, cause }: Extract<LeaseAction, { kind: "drain" }>,
  ): Promise<void> {
    const { log } = this.#options;
    if (cause === "given_up") log.log("INFO", "lease_given_up", { marketId, fence: token });
    else log.log("ERROR", "lease_lost", { marketId, fence: token, cause });
    const isClear = await this.#worked.get(marketId)?.drain(cause) ?? true;
    if (isClear) this.table.happen(marketId, { kind: "cleared", token });
    this.#watch();
  }

  /** Comes back when time alone changes a lease next. */
  #watch(): void {
    const { clock } = this.#options;
    this.#cancelWatch();
    const dueMs = this.table.nextChangeMs();
    if (dueMs === Infinity || this.#ended.signal.aborted) return;
    this.#cancelWatch = clock.after(Math.max(0, Math.ceil(dueMs - clock.monotonicMs())), () => {
      this.table.happenToAll({ kind: "time" });
      this.#watch();
    });
  }

  #noteInstances(instances: readonly Instance[]): void {
    const names = instances.map(({ instanceId }) => instanceId).sort();
    const before = this.instances.map(({ instanceId }) => instanceId).sort();
    this.instances = instances;
    if (names.join() === before.join()) return;
    const { log, marketIds, maxMarkets } = this.#options;
    log.log("INFO", "instances_changed", { instances: names, share: this.share });
    const capacity = names.length * maxMarkets;
    if (capacity >= marketIds.length) return;
    log.log("ERROR", "too_few_instances", { markets: marketIds.length, capacity });
  }

  #noteFailure(cause: string): void {
    this.#noteProblem(cause);
    this.table.happenToAll({ kind: "renewal_failed" });
  }

  #noteProblem(problem: string | null): void {
    const { log } = this.#options;
    const before = this.problem;
    this.problem = problem;
    if ((problem === null) === (before === null)) return;
    const markets = this.table.inState("HELD", "AT_RISK");
    if (problem === null) log.log("INFO", "leases_safe", { markets });
    else log.log("ERROR", "leases_at_risk", { cause: problem, markets });
  }

  /** Markets that count towards the share: those this process has, asks for or may get back. */
  #taken(): number {
    return this.table.inState("ACQUIRING", "HELD", "AT_RISK").length +
      this.table.inState("DRAINING").filter((id) => this.table.renewable().has(id)).length;
  }

  /** Markets that nobody has, those this process would try first in front. */
  #unheld(): readonly string[] {
    return this.#order.filter((marketId) =>
      this.#seen.get(marketId) === null && this.table.get(marketId).state === "FREE"
    );
  }

  #othersHold(): readonly number[] {
    const { nonce } = this.#options.store.self;
    const others = this.instances.filter((other) =>
      other.assignment === "leased" && other.nonce !== nonce
    );
    const holders = [...this.#seen.values()].map((view) =>
      view === null || view === "unreadable" ? null : view.nonce
    );
    return others.map((other) => holders.filter((holder) => holder === other.nonce).length);
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  async #untilNothingIsUnderWay(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}

/** What keeps every process from getting a market, null if nothing does. */
function obstacleIn(instances: readonly Instance[] | null): string | null {
  if (instances === null) return "the list of processes cannot be read";
  const greedy = instances.find(({ assignment }) => assignment === "all");
  return greedy === undefined ? null : `${greedy.instanceId} works all markets without leases`;
}

/** A store that cannot be reached is part of life; anything else is a defect. */
function onlyUnavailable(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}
