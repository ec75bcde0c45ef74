import type { LeaseStore } from "../../src/cache/lease_store.ts";
import type { LoadedConfig } from "../../src/config/load_config.ts";
import { type EventName, EVENTS } from "../../src/runtime/events.ts";
import type { LogFields, Logger } from "../../src/runtime/log.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import { toWire } from "../../src/runtime/wire.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { venueOfTheBot } from "../http/http_connector.ts";
import { LeaseWorld } from "../lease_world.ts";
import { scenarioSchema } from "../scenario/schema.ts";
import { type SimulatedVenue, simulatedVenue } from "../venue.ts";
import { BotProcess, type CreateService, type Mutation } from "./bot_process.ts";
import { listenedFetch, type SentCommand } from "./door.ts";
import { WorldOverrides } from "./overrides.ts";
import type { FaultSchedule, PlannedFault } from "./schedule.ts";
import { faultConfig, FUNDING_CENTS, marketNames } from "./settings.ts";
import { StoreLine, storeOver, WorldStore } from "./store.ts";
import { FaultyWire } from "./wire.ts";

/** Hears what happens in a world. */
export interface WorldListener {
  /** A process sends a command; it may still be lost. */
  onSend(process: BotProcess, command: SentCommand): void;
  /** A process has a definitive answer to a command. */
  onSettled(process: BotProcess, command: SentCommand): void;
  /** A process has read a list of orders. */
  onListed(process: BotProcess, text: string): void;
  /** A command of a process is at the venue. */
  onArrival(process: BotProcess, command: SentCommand): void;
  /** A fault met a call, or something planned happens. */
  onFault(kind: PlannedFault["kind"], what: string): void;
  /** Something to read in a trace. */
  onStory(who: string, what: string): void;
}

/** What a world is made of. */
export interface WorldOptions {
  readonly schedule: FaultSchedule;
  readonly createService: CreateService;
  readonly listener: WorldListener;
  /** What a test changes about every process. */
  readonly mutation?: Mutation;
  /** Keeps the log of the bots in the story. */
  readonly isTold: boolean;
}

const START_MS = Date.UTC(2026, 0, 5, 12);
/** The store has been there for a while. */
const HEAD_START_MS = 20_000;

/** Venue, traders, store and processes of a run, all under one clock. */
export class FaultWorld {
  readonly clock = new VirtualClock(START_MS);
  readonly venue: SimulatedVenue;
  readonly leases: LeaseWorld;
  readonly store: WorldStore;
  readonly overrides: WorldOverrides;
  readonly marketIds: readonly string[];
  readonly loaded: LoadedConfig;
  /** The newest process of every number. */
  readonly processes: BotProcess[] = [];
  /**
   * True once a process had to build a ledger anew, or trade list and balance may have contradicted
   * each other: what belongs to the market can only be estimated then.
   */
  isCashEstimated: boolean;
  readonly #options: WorldOptions;
  readonly #random: Random;
  readonly #enter: ReturnType<typeof venueOfTheBot>;
  #launched = 0;

  constructor(options: WorldOptions) {
    const { schedule } = options;
    this.#options = options;
    this.isCashEstimated = schedule.faults.some(({ kind }) => kind === "stale_read");
    this.#random = seededRandom(schedule.seed).fork("world");
    this.marketIds = marketNames(schedule.markets);
    this.loaded = faultConfig(schedule);
    this.venue = simulatedVenue({
      markets: populated(this.marketIds),
      botCashCents: FUNDING_CENTS * schedule.markets,
      clock: this.clock,
      random: this.#random.fork("venue"),
      settings: { quirks: new Set(schedule.quirks) },
    });
    this.#enter = venueOfTheBot({
      exchange: this.venue.exchange,
      clock: this.clock,
      random: this.#random.fork("door"),
    });
    this.leases = new LeaseWorld(this.clock);
    this.store = new WorldStore(this.leases, this.clock);
    this.overrides = new WorldOverrides(this.clock);
  }

  /** Time since the beginning of the run. */
  readonly elapsedMs = (): number => this.clock.monotonicMs() - HEAD_START_MS;

  /** Lets the traders and the first processes in. */
  async open(): Promise<void> {
    await this.#ageStore();
    this.venue.start();
    for (let index = 0; index < this.#options.schedule.processes; index++) this.launch(index);
  }

  /** Starts a process; whoever had its number is dead. */
  launch(index: number): BotProcess {
    const { schedule, createService, mutation = {}, listener } = this.#options;
    const name = `bot-${index + 1}${"'".repeat(this.#restarts(index))}`;
    const random = this.#random.fork(`process ${this.#launched++}`);
    const line = new StoreLine({
      ...{ schedule, process: index, clock: this.clock, elapsedMs: this.elapsedMs },
      random: random.fork("line"),
      onFault: (kind, call) => listener.onFault(kind, `${name} ${call}`),
    });
    const process: BotProcess = new BotProcess({
      ...{ name, index, createService, mutation, loaded: this.loaded, worldClock: this.clock },
      fetch: this.#wireOf(index, name, random.fork("wire"), () => process),
      store: storeOver(this.store, line),
      leases: this.#leasesOf(name, line, random),
      overrides: this.overrides.over(line),
      random: random.fork("bot"),
      log: listeningLogger((event, fields) => this.#onEvent(name, event, fields)),
    });
    this.processes[index] = process;
    listener.onStory(name, "is started");
    process.service.start().catch((error: unknown) => {
      listener.onFault("process_killed", `${name} did not start: ${error}`);
      listener.onStory(name, `did not start: ${error}`);
    });
    void process.service.failed.then((why) => {
      listener.onStory(name, `ends: ${why}`);
      if (process.isAlive) this.#endAndRestart(process);
    });
    return process;
  }

  /** `kill -9`, and a new start. */
  kill(process: BotProcess, downMs: number): void {
    if (!process.isAlive) return;
    process.clock.kill();
    this.#options.listener.onFault("process_killed", process.name);
    this.clock.after(downMs, () => {
      if (this.processes[process.index] === process) this.launch(process.index);
    });
  }

  #onEvent(name: string, event: EventName, fields: LogFields): void {
    if (event === "state_lost") this.isCashEstimated = true;
    if (!this.#options.isTold) return;
    const line = `${EVENTS[event].level} ${event} ${JSON.stringify(toWire(fields))}`;
    this.#options.listener.onStory(name, line);
  }

  /** Another process has its place: it goes, and is started again. */
  #endAndRestart(process: BotProcess): void {
    void process.service.stop("it has no place").then(() => {
      process.clock.kill();
      if (this.processes[process.index] === process) this.launch(process.index);
    });
  }

  #restarts(index: number): number {
    return this.processes[index]?.name.split("'").length ?? 0;
  }

  /** A store that has just been started gives no leases. */
  async #ageStore(): Promise<void> {
    const [marketId = ""] = this.marketIds;
    const self = { instanceId: "setup", nonce: "setup", assignment: "leased" } as const;
    const store = this.leases.storeOf({
      self,
      marketIds: this.marketIds,
      ttlMs: HEAD_START_MS / 2,
    });
    await store.acquire(marketId);
    await this.clock.advance(HEAD_START_MS);
  }

  #wireOf(index: number, name: string, random: Random, process: () => BotProcess) {
    const { schedule, listener } = this.#options;
    const arrive = listenedFetch(this.#enter, {
      onCommand: (command) => listener.onArrival(process(), command),
      onEnd: (call, end) => listener.onStory("venue", `${call} of ${name}: ${end}`),
    });
    const wire = new FaultyWire({
      ...{ arrive, schedule, process: index, clock: this.clock, random },
      elapsedMs: this.elapsedMs,
      onFault: (kind, request) => {
        listener.onFault(kind, `${name} ${request}`);
        listener.onStory(name, `${kind} meets ${request}`);
      },
    });
    return listenedFetch(wire.fetch, {
      onCommand: (command) => {
        listener.onStory(name, `sends ${command.call} ${JSON.stringify(command.body)}`);
        listener.onSend(process(), command);
      },
      onEnd: () => {},
      onSettled: (command) => listener.onSettled(process(), command),
      onListed: (text) => listener.onListed(process(), text),
    });
  }

  #leasesOf(name: string, line: StoreLine, random: Random): LeaseStore {
    const { global } = this.loaded.config;
    const inner = this.leases.storeOf({
      self: {
        instanceId: name.replaceAll("'", "-r"),
        nonce: hex(random),
        assignment: global.marketAssignment,
      },
      marketIds: global.marketAssignment === "leased" ? this.marketIds : [],
      ttlMs: global.leaseTtlMs,
    });
    return {
      self: inner.self,
      beat: (held) => line.call("beat", () => inner.beat(held)),
      acquire: (marketId) => line.call("acquire", () => inner.acquire(marketId)),
      release: (marketId, token) => line.call("release", () => inner.release(marketId, token)),
      holder: (marketId) => line.call("holder", () => inner.holder(marketId)),
      leave: () => line.call("leave", () => inner.leave()),
      close: () => inner.close(),
    };
  }
}

/** A log that is heard line by line; what every cycle thinks is left out. */
function listeningLogger(
  hear: (event: EventName, fields: LogFields) => void,
  base: LogFields = {},
): Logger {
  return {
    log: (_level, event, fields = {}) => hear(event, { ...base, ...fields }),
    enabled: (level) => level !== "DEBUG",
    child: (fields) => listeningLogger(hear, { ...base, ...fields }),
  };
}

function hex(random: Random): string {
  return Math.floor(random.next() * 2 ** 32).toString(16).padStart(8, "0");
}

function populated(marketIds: readonly string[]) {
  return scenarioSchema.parse({
    name: "faults",
    description: "people who trade while things go wrong",
    duration: "1h",
    markets: marketIds.map((id) => ({
      id,
      anchor: 50,
      path: { start: 50, diffusion: "logit", logit_volatility: 0.4 },
      traders: [
        { kind: "noise", rate_per_hour: 600, size: 6 },
        { kind: "crowd", start_price: 50, orders: 2, size: 20, offset_cents: 8, refresh: "30s" },
        { kind: "informed", rate_per_hour: 120, size: 10 },
      ],
    })),
  }).markets;
}
