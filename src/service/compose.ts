import { MemoryConfig } from "../cache/memory_config.ts";
import { RedisConfig } from "../cache/redis_config.ts";
import { ConfigEditor, type EditorOptions } from "../config/hot/editor.ts";
import { ConfigWatcher } from "../config/hot/watcher.ts";
import type { LoadedConfig } from "../config/load_config.ts";
import type { GlobalConfig } from "../config/registry.ts";
import { CallBoard, type CallObserver } from "../connector/call_statistics.ts";
import type { Connector } from "../connector/connector.ts";
import { RateBudget } from "../connector/rate_budget.ts";
import { DocumentSource, type FileText } from "../oracle/document_source.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import { openTracer } from "../runtime/otel_tracer.ts";
import type { Random } from "../runtime/random.ts";
import { liveConnector } from "./live_connector.ts";
import { newInstance, openLeases } from "./open_leases.ts";
import { openStore } from "./open_store.ts";
import type { Operations } from "./operations.ts";
import { createService } from "./service.ts";
import type { Service, ServiceStatus } from "./service_api.ts";

/** What the bot is put together from. */
export interface CompositionOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Told when a setting of the process has changed while it runs. */
  readonly onGlobal?: (global: GlobalConfig) => void;
}

/** A bot that is put together and not yet started, and the way to end what it works with. */
export interface Composition {
  readonly service: Service;
  readonly operations: Operations;
  /** Ends the venue, if it is a simulated one, and the connections to the stores. */
  stopVenue(): void | Promise<void>;
}

/** No cycle waits for the overrides, so they may take their time. */
const OVERRIDES_TIMEOUT_MS = 5000;

/** A venue to trade at. */
interface Venue {
  readonly connector: Connector;
  stop(): void;
}

/** What a venue reports to. */
interface VenueOptions extends CompositionOptions {
  readonly rateBudget: RateBudget;
  readonly observe: CallObserver;
}

/**
 * The composition root: chooses venue and store by the configuration, and wires everything. The
 * only place where the product knows the simulated exchange, which it loads in paper mode alone. A
 * venue or a store that cannot be reached is no error: the bot waits for it.
 */
export async function composeService(options: CompositionOptions): Promise<Composition> {
  const { loaded: { config }, clock, random, log } = options;
  const calls = new CallBoard(clock);
  const rateBudget = new RateBudget({ clock, ...config.global });
  const { global } = config;
  const self = newInstance(global, Deno.hostname(), random);
  const [{ store, close }, leases] = await Promise.all([
    openStore({ global, instanceId: self.instanceId, log }),
    openLeases(global, self),
  ]);
  const venueOptions = { ...options, rateBudget, observe: calls.record };
  const venue = config.mode === "paper" ? await paper(venueOptions) : live(venueOptions);
  const overrides = await overridesOf(options);
  const watcher = new ConfigWatcher({
    ...options,
    base: options.loaded,
    store: overrides.store,
    keepsRecords: (target) => keepsRecords(service.status(), target),
  });
  const service: Service = createService({
    config,
    configFeed: watcher,
    connector: venue.connector,
    store,
    ...(leases === null ? {} : { leases }),
    calls,
    rateBudget,
    clock,
    random,
    log,
    tracer: openTracer(),
    prices: new DocumentSource({ fetch: (url, init) => fetch(url, init), readFile, clock }),
  });
  return {
    service,
    operations: operationsOf({
      ...options,
      base: options.loaded,
      store: overrides.store,
      watcher,
      calls,
    }),
    stopVenue: async () => {
      venue.stop();
      await Promise.all([close(), leases?.close(), overrides.close()]);
    },
  };
}

/** The way for operators into a bot; their changes are looked for at once. */
function operationsOf(
  { watcher, calls, ...parts }: Pick<EditorOptions, "base" | "store" | "clock" | "log"> & {
    readonly watcher: ConfigWatcher;
    readonly calls: CallBoard;
  },
): Operations {
  return {
    editor: new ConfigEditor({
      ...parts,
      inForce: () => watcher.hot,
      onWritten: () => watcher.check(),
    }),
    rejectedCounts: () => watcher.rejectedCounts,
    isOverridden: (marketId) => watcher.isOverridden(marketId),
    onCall: (observer) => calls.onCall(observer),
  };
}

/**
 * True if this process writes the records of changes: of a market whoever holds it, of the settings
 * of the process whoever comes first.
 */
function keepsRecords({ leases }: ServiceStatus, target: string): boolean {
  if (leases === null) return true;
  if (target === "global") return leases.instances[0] === leases.instanceId;
  return leases.markets.some(({ marketId, fence }) => marketId === target && fence !== null);
}

/** Where operators leave changes of the configuration. */
async function overridesOf({ loaded: { config: { global } }, clock }: CompositionOptions) {
  if (global.stateStore === "memory") {
    return { store: new MemoryConfig(clock), close: () => Promise.resolve() };
  }
  // Loaded late: the package looks through the environment, which paper trading does not need.
  const { RedisLink } = await import("../cache/redis_link.ts");
  const link = new RedisLink({ url: global.redisUrl, timeoutMs: OVERRIDES_TIMEOUT_MS });
  // The first read tells that the server is away, and the link goes on trying.
  await link.open().catch(() => {});
  return { store: new RedisConfig(link), close: () => link.close() };
}

/** More is no price document. */
const MAX_FILE_BYTES = 1_000_000;

/** A file that another program writes; a device or a pipe would never end. */
async function readFile(path: string): Promise<FileText> {
  const { isFile, size, mtime } = await Deno.stat(path);
  if (!isFile || size > MAX_FILE_BYTES) {
    throw new RangeError(`it must be a file of at most ${MAX_FILE_BYTES} bytes`);
  }
  return { text: await Deno.readTextFile(path), changedAtMs: mtime?.getTime() ?? null };
}

/** The fake exchange inside the process, with simulated traders, in real time. */
async function paper({ loaded, clock, random, observe }: VenueOptions): Promise<Venue> {
  const { paperVenue } = await import("../../sim/mod.ts");
  const venue = paperVenue({
    paper: loaded.paper,
    markets: loaded.config.markets,
    clock,
    random: random.fork("paper"),
    observe,
  });
  venue.start();
  return venue;
}

/** A real venue over REST. */
function live({ loaded, ...parts }: VenueOptions): Venue {
  const { global } = loaded.config;
  const connector = liveConnector({ global, fetch: (url, init) => fetch(url, init), ...parts });
  return { connector, stop: () => {} };
}
