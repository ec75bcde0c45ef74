import type { Connector } from "../../src/connector/connector.ts";
import { CallBoard } from "../../src/connector/call_statistics.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import type { Fetch } from "../../src/connector/rest/http_transport.ts";
import type { LeaseStore } from "../../src/cache/lease_store.ts";
import type { StateStore } from "../../src/cache/state_store.ts";
import { ConfigWatcher } from "../../src/config/hot/watcher.ts";
import type { OverrideStore } from "../../src/config/hot/override_store.ts";
import type { LoadedConfig } from "../../src/config/load_config.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import type { Logger } from "../../src/runtime/log.ts";
import type { Random } from "../../src/runtime/random.ts";
import { liveConnector } from "../../src/service/live_connector.ts";
import type { Service, ServiceDependencies } from "../../src/service/service_api.ts";
import { BOT_ACCESS } from "../http/http_connector.ts";
import { ProcessClock } from "../process_clock.ts";

/** How a service is put together; a mutant of a test is another way. */
export type CreateService = (dependencies: ServiceDependencies) => Service;

/** What a test may put between a process and what it depends on. */
export interface Mutation {
  readonly fetch?: (inner: Fetch) => Fetch;
  readonly connector?: (inner: Connector) => Connector;
  readonly store?: (inner: StateStore) => StateStore;
  readonly leases?: (inner: LeaseStore) => LeaseStore;
  readonly clock?: (inner: Clock) => Clock;
  readonly overrides?: (inner: OverrideStore) => OverrideStore;
  readonly service?: (inner: Service) => Service;
}

/** What a process is made of. */
export interface BotProcessOptions {
  readonly name: string;
  /** Number of the process; a restarted one keeps it. */
  readonly index: number;
  readonly loaded: LoadedConfig;
  readonly worldClock: Clock;
  readonly fetch: Fetch;
  readonly store: StateStore;
  readonly leases: LeaseStore;
  readonly overrides: OverrideStore;
  readonly random: Random;
  readonly log: Logger;
  readonly createService: CreateService;
  readonly mutation: Mutation;
}

const identity = <T>(inner: T): T => inner;

/** One process of the bot, as the composition root puts it together, and its end. */
export class BotProcess {
  readonly name: string;
  readonly index: number;
  readonly launchedAtMs: number;
  readonly clock: ProcessClock;
  readonly service: Service;
  readonly watcher: ConfigWatcher;
  /** How many events it has left to live, null while it is not about to die. */
  eventsLeft: number | null = null;
  /** How long it is down before it is started again. */
  downMs = 0;

  constructor(options: BotProcessOptions) {
    const { worldClock, loaded, random, log, mutation } = options;
    this.name = options.name;
    this.index = options.index;
    this.launchedAtMs = worldClock.monotonicMs();
    this.clock = new ProcessClock(worldClock);
    const clock = (mutation.clock ?? identity)(this.clock);
    const global = { ...loaded.config.global, ...BOT_ACCESS };
    const config = { ...loaded.config, global };
    const calls = new CallBoard(clock);
    const rateBudget = new RateBudget({ clock, ...global });
    const { fetch } = this.clock.outside({ fetch: (mutation.fetch ?? identity)(options.fetch) });
    const overrides = this.clock.outside((mutation.overrides ?? identity)(options.overrides));
    this.watcher = new ConfigWatcher({ base: { ...loaded, config }, store: overrides, clock, log });
    const connector = liveConnector({
      ...{ global, fetch, clock, random, log, rateBudget },
      observe: calls.record,
    });
    this.service = (mutation.service ?? identity)(options.createService({
      ...{ config, calls, rateBudget, clock, random, log },
      configFeed: this.watcher,
      connector: (mutation.connector ?? identity)(connector),
      store: this.clock.outside((mutation.store ?? identity)(options.store)),
      leases: this.clock.outside((mutation.leases ?? identity)(options.leases)),
    }));
  }

  /** True as long as it has not died. */
  get isAlive(): boolean {
    return this.clock.isAlive;
  }
}
