import type { LoadedConfig } from "../config/load_config.ts";
import { CallBoard, type CallObserver } from "../connector/call_statistics.ts";
import type { Connector } from "../connector/connector.ts";
import { RateBudget } from "../connector/rate_budget.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import { liveConnector } from "./live_connector.ts";
import { newInstance, openLeases } from "./open_leases.ts";
import { openStore } from "./open_store.ts";
import { createService } from "./service.ts";
import type { Service } from "./service_api.ts";

/** What the bot is put together from. */
export interface CompositionOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** A bot that is put together and not yet started, and the way to end what it works with. */
export interface Composition {
  readonly service: Service;
  /** Ends the venue, if it is a simulated one, and the connections to the stores. */
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
  const service = createService({
    config,
    connector: venue.connector,
    store,
    ...(leases === null ? {} : { leases }),
    calls,
    rateBudget,
    clock,
    random,
    log,
  });
  return {
    service,
    stopVenue: async () => {
      venue.stop();
      await Promise.all([close(), leases?.close()]);
    },
  };
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
