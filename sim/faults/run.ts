import type { Clock } from "../../src/runtime/clock.ts";
import { createService as productService } from "../../src/service/service.ts";
import { Digest } from "../harness/digest.ts";
import type { BotProcess, CreateService, Mutation } from "./bot_process.ts";
import type { SentCommand } from "./door.ts";
import { type Lack, lacking, type LivenessInvariant, ownOrders } from "./liveness.ts";
import { latchOf, type SafetyInvariant, SafetyWatch } from "./safety.ts";
import { type FaultSchedule, isStoreFault, isWireFault, type PlannedFault } from "./schedule.ts";
import { FaultWorld } from "./world.ts";

/** What was found wrong, once for each invariant of a run. */
export interface Violation {
  readonly seed: number;
  /** Number of the event after which it was seen. */
  readonly step: number;
  /** Time since the beginning of the run. */
  readonly atMs: number;
  readonly invariant: SafetyInvariant | LivenessInvariant;
  readonly what: string;
}

/** What came of a run. */
export interface FaultRunResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Stands for every command at the venue, every trade and every fault, in order. */
  readonly digest: string;
  readonly faultsInjected: number;
  readonly simSeconds: number;
  readonly wallMs: number;
}

/** How a run is done. */
export interface FaultRunOptions {
  readonly schedule: FaultSchedule;
  readonly wallClock: Pick<Clock, "monotonicMs">;
  /** Hears the whole story, a line at a time. */
  readonly tell?: (line: string) => void;
  readonly createService?: CreateService;
  /** What a test changes about every process, to see that it is noticed. */
  readonly mutation?: Mutation;
}

/** After the faults, everything must be well within this time: pauses end, sessions come back. */
const CALM_LIMIT_MS = 600_000;
/** Once nobody trades any more, views must agree within this time: a reconciliation and a half. */
const REST_LIMIT_MS = 90_000;
/** The last trades may have moved the price so far that it is watched for five minutes. */
const PAUSE_LIMIT_MS = 330_000;
/** No multiple of a quote interval: at some moment no order is on its way. */
const LOOK_AGAIN_MS = 3_700;
/** By then other people's orders stand between the order by hand and those who would fill it. */
const FOREIGN_AFTER_MS = 35_000;
const STOP_LIMIT_MS = 120_000;

/** Plays a schedule and says what was wrong. */
export async function runFaults(options: FaultRunOptions): Promise<FaultRunResult> {
  return await new FaultRun(options).play();
}

class FaultRun {
  readonly #options: FaultRunOptions;
  readonly #world: FaultWorld;
  readonly #watch: SafetyWatch;
  readonly #digest = new Digest();
  readonly #violations: Violation[] = [];
  #faults = 0;
  #step = 0;

  constructor(options: FaultRunOptions) {
    const { schedule, tell, createService = productService, mutation = {} } = options;
    this.#options = options;
    this.#world = new FaultWorld({
      ...{ schedule, createService, mutation, isTold: tell !== undefined },
      listener: {
        onSend: (process, command) => this.#watch.onSend(process, command),
        onSettled: (process, command) => this.#watch.onSettled(process, command),
        onListed: (process, text) => this.#watch.onListed(process, text),
        onArrival: (process, command) => this.#onArrival(process, command),
        onFault: (kind, what) => this.#onFault(kind, what),
        onStory: (who, what) => this.#tell(who, what),
      },
    });
    this.#watch = new SafetyWatch({
      world: this.#world,
      quietSinceMs: ({ index }) => this.#quietSinceMs(index),
      blame: (invariant, what) => this.#blame(invariant, what),
    });
    this.#world.venue.exchange.control.onTrade(({ tradeId, yesPrice, quantity }) => {
      this.#digest.add("trade", tradeId, yesPrice, quantity);
      this.#tell("venue", `trade ${tradeId}: ${quantity} at ${yesPrice}`);
    });
  }

  async play(): Promise<FaultRunResult> {
    const { schedule, wallClock } = this.#options;
    const startedMs = wallClock.monotonicMs();
    const { clock, marketIds } = this.#world;
    await this.#world.open();
    clock.after(FOREIGN_AFTER_MS, () => {
      for (const marketId of marketIds) this.#watch.placeForeign(marketId);
    });
    for (const fault of schedule.faults) this.#plan(fault);
    await this.#runUntil(clock.monotonicMs() + schedule.chaosMs);
    await this.#calm();
    await this.#stop();
    return {
      seed: schedule.seed,
      violations: this.#violations,
      digest: this.#digest.hex(),
      faultsInjected: this.#faults,
      simSeconds: Math.round(this.#world.elapsedMs()) / 1_000,
      wallMs: wallClock.monotonicMs() - startedMs,
    };
  }

  /** Everybody is released, and after a while everything must be well. */
  async #calm(): Promise<void> {
    this.#tell("run", "the faults are over");
    for (const process of this.#world.processes) if (process.isAlive) process.clock.thaw();
    await this.#untilWell(CALM_LIMIT_MS, () => {
      this.#release();
      return lacking(this.#world).filter(({ invariant }) => invariant !== "wrong_view");
    });
    this.#world.venue.stop();
    let lacks = await this.#untilWell(REST_LIMIT_MS, () => lacking(this.#world));
    if (lacks.length > 0 && lacks.every(({ invariant }) => invariant === "not_quoted")) {
      lacks = await this.#untilWell(PAUSE_LIMIT_MS, () => lacking(this.#world));
    }
    for (const { invariant, what } of lacks) this.#blame(invariant, what);
    this.#watch.auditVenue();
  }

  /** Lets time pass until nothing is lacking. @returns what still is when time is up */
  async #untilWell(limitMs: number, look: () => readonly Lack[]): Promise<readonly Lack[]> {
    const { clock } = this.#world;
    const endMs = clock.monotonicMs() + limitMs;
    let lacks: readonly Lack[];
    do {
      await this.#runUntil(clock.monotonicMs() + LOOK_AGAIN_MS);
      lacks = look();
    } while (lacks.length > 0 && clock.monotonicMs() < endMs);
    return lacks;
  }

  /** The operator releases whatever is killed. */
  #release(): void {
    for (const process of this.#world.processes) {
      if (!process.isAlive) continue;
      const { globalLatch } = process.service.status();
      const command = { kind: "release", operator: "night", reason: "all is calm" } as const;
      if (globalLatch !== null) process.service.admin("*", command);
      for (const marketId of this.#world.marketIds) {
        const isKilled = globalLatch === null && latchOf(process, marketId) !== null;
        if (isKilled) process.service.admin(marketId, command);
      }
    }
  }

  async #stop(): Promise<void> {
    const { clock, processes, venue, marketIds } = this.#world;
    const alive = processes.filter(({ isAlive }) => isAlive);
    let stopped = 0;
    for (const { service } of alive) void service.stop("the run is over").then(() => stopped++);
    await clock.runUntil(
      () => this.#afterStep() || stopped === alive.length,
      clock.monotonicMs() + STOP_LIMIT_MS,
    );
    if (stopped < alive.length) this.#blame("stuck", "a process does not stop");
    for (const marketId of marketIds) {
      const left = ownOrders(venue.exchange, marketId).length;
      if (left > 0) this.#blame("stop", `${marketId}: ${left} orders rest after the stop`);
    }
  }

  async #runUntil(limitMs: number): Promise<void> {
    await this.#world.clock.runUntil(() => this.#afterStep(), limitMs);
  }

  /** @returns false: the run goes on */
  #afterStep(): boolean {
    this.#step++;
    for (const process of this.#world.processes) {
      if (process.eventsLeft === null || !process.isAlive) continue;
      if (process.eventsLeft-- > 0) continue;
      this.#world.kill(process, process.downMs);
    }
    this.#watch.afterStep();
    return false;
  }

  #plan(fault: PlannedFault): void {
    if (isWireFault(fault) || isStoreFault(fault)) return;
    const { clock } = this.#world;
    clock.after(fault.atMs, () => {
      this.#onFault(fault.kind, JSON.stringify(fault));
      this.#happen(fault);
    });
  }

  #happen(fault: PlannedFault): void {
    const { clock, venue, leases, store, overrides, processes, marketIds } = this.#world;
    const { control } = venue.exchange;
    const process = "process" in fault ? processes[fault.process] : undefined;
    const marketId = "market" in fault && fault.market !== null ? marketIds[fault.market] : "*";
    switch (fault.kind) {
      case "store_emptied":
        leases.clear();
        store.clear();
        return overrides.clear();
      case "process_killed":
        if (process === undefined) return;
        process.eventsLeft = fault.events;
        process.downMs = fault.downMs;
        return;
      case "process_frozen":
        if (process === undefined || !process.isAlive) return;
        process.clock.freeze();
        clock.after(fault.forMs, () => process.isAlive && process.clock.thaw(fault));
        return;
      case "clock_jumped":
        return process?.clock.jumpWallClock(fault.byMs);
      case "market_status":
        control.patchMarket(marketId ?? "", { status: fault.status });
        clock.after(fault.forMs, () => {
          control.patchMarket(marketId ?? "", { status: "ACTIVE" });
        });
        return;
      case "venue_restarted":
        return control.restart();
      case "operator_kill":
        return this.#kill(marketId ?? "*");
      case "settings_written":
        return overrides.set(marketId ?? "", fault.setting, fault.value);
    }
  }

  #kill(marketId: string): void {
    const command = { kind: "kill", operator: "night", reason: "looks odd" } as const;
    for (const { service, isAlive } of this.#world.processes) {
      const worked = service.status().markets.map((market) => market.marketId);
      if (isAlive && (marketId === "*" || worked.includes(marketId))) {
        service.admin(marketId, command);
      }
    }
  }

  /** Since when nothing has been wrong with a process and its surroundings. */
  #quietSinceMs(index: number): number {
    const { clock, processes, elapsedMs } = this.#world;
    let sinceMs = processes[index]?.launchedAtMs ?? 0;
    for (const fault of this.#options.schedule.faults) {
      if (fault.atMs > elapsedMs()) continue;
      const endMs = fault.atMs + ("forMs" in fault ? fault.forMs : 0);
      sinceMs = Math.max(sinceMs, clock.monotonicMs() - elapsedMs() + endMs);
    }
    return sinceMs;
  }

  #onArrival(process: BotProcess, command: SentCommand): void {
    this.#digest.add(this.#world.elapsedMs(), process.name, JSON.stringify(command.body));
    this.#watch.onArrival(process, command);
  }

  #onFault(kind: PlannedFault["kind"], what: string): void {
    this.#faults++;
    this.#digest.add(kind, what);
    this.#tell("fault", `${kind} ${what}`);
  }

  #blame(invariant: Violation["invariant"], what: string): void {
    if (this.#violations.some((known) => known.invariant === invariant)) return;
    const { seed } = this.#options.schedule;
    const atMs = Math.round(this.#world.elapsedMs());
    this.#violations.push({ seed, step: this.#step, atMs, invariant, what });
    this.#tell("VIOLATION", `${invariant}: ${what}`);
  }

  #tell(who: string, what: string): void {
    const { tell } = this.#options;
    if (tell === undefined) return;
    const seconds = (this.#world.elapsedMs() / 1_000).toFixed(3).padStart(9);
    tell(`${seconds} s  #${this.#step}  ${who}: ${what}`);
  }
}
