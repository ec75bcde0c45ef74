import { MemoryStore } from "../cache/memory_store.ts";
import type { StateStore } from "../cache/state_store.ts";
import type { LoadedConfig } from "../config/load_config.ts";
import type { ProcessConfig } from "../config/process_config.ts";
import { CallBoard, type CallObserver } from "../connector/call_statistics.ts";
import type { Connector } from "../connector/connector.ts";
import { RateBudget } from "../connector/rate_budget.ts";
import { DocumentSource, type FileText } from "../oracle/document_source.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import { liveConnector } from "./live_connector.ts";
import { createService } from "./service.ts";
import type { Service } from "./service_api.ts";

/** What the bot is put together from. */
export interface CompositionOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** A bot that is put together and not yet started, and the way to end what it trades with. */
export interface Composition {
  readonly service: Service;
  stopVenue(): void | Promise<void>;
}

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
 * The composition root: chooses venue and store by the mode, and wires everything. The only place
 * where the product knows the simulated exchange, which it loads in paper mode alone.
 * @throws Error if the configuration asks for something that is not there
 */
export async function composeService(options: CompositionOptions): Promise<Composition> {
  const { loaded: { config }, clock, random, log } = options;
  const calls = new CallBoard(clock);
  const rateBudget = new RateBudget({ clock, ...config.global });
  const store = storeOf(config);
  const venueOptions = { ...options, rateBudget, observe: calls.record };
  const venue = config.mode === "paper" ? await paper(venueOptions) : live(venueOptions);
  const service = createService({
    config,
    connector: venue.connector,
    store,
    calls,
    rateBudget,
    clock,
    random,
    log,
    prices: new DocumentSource({ fetch: (url, init) => fetch(url, init), readFile, clock }),
  });
  return { service, stopVenue: () => venue.stop() };
}

function storeOf({ global }: ProcessConfig): StateStore {
  if (global.stateStore === "memory") return new MemoryStore();
  throw new Error(
    "state_store redis is not part of this version yet: set state_store: memory to run without " +
      "persistence, knowing that a restart then forgets latches and the losses of the day",
  );
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
