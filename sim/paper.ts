import { z } from "zod";
import type { MarketConfig } from "../src/config/registry.ts";
import type { CallObserver } from "../src/connector/call_statistics.ts";
import type { Connector } from "../src/connector/connector.ts";
import type { Clock } from "../src/runtime/clock.ts";
import type { Random } from "../src/runtime/random.ts";
import { camelKeys } from "./camel_keys.ts";
import type { FakeExchange } from "./exchange/fake_exchange.ts";
import { InProcessConnector } from "./exchange/in_process_connector.ts";
import { block } from "./fields.ts";
import { pathSchema } from "./price_path.ts";
import { parseWritten, type Written } from "./scenario/load.ts";
import { marketIdSchema, type SimulatedMarket, venueShape } from "./scenario/schema.ts";
import { traderSpecSchema } from "./traders/mod.ts";
import { simulatedVenue } from "./venue.ts";

const paperMarketSchema = block({ ...venueShape, path: pathSchema.optional() })
  .transform(camelKeys);

/** The `paper` block of a configuration: who trades in which market, and how its truth moves. */
export const paperSchema = block({
  markets: z.record(marketIdSchema, paperMarketSchema).default({}),
});

type PaperMarket = z.output<typeof paperMarketSchema>;

/** What a {@link paperVenue} is made of. */
export interface PaperOptions {
  /** The `paper` block as it is written; null for none. */
  readonly paper: Written;
  /** The markets that the bot works, by id. */
  readonly markets: ReadonlyMap<string, MarketConfig>;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe?: CallObserver;
}

/** The venue of paper mode. */
export interface PaperVenue {
  readonly connector: Connector;
  readonly exchange: FakeExchange;
  /** Lets the traders in. */
  start(): void;
  /** Sends the traders home; the exchange stays. */
  stop(): void;
}

/**
 * Traders of a market that the block says nothing about: enough for something to happen every
 * minute.
 */
const DEFAULT_TRADERS = z.array(traderSpecSchema).parse([
  { kind: "noise", rate_per_hour: 240, size: 5 },
  { kind: "informed", rate_per_hour: 30, size: 5 },
]);

/**
 * The fake exchange with all markets of the bot and simulated traders. A market that the block does
 * not describe gets a true price at its anchor and a few ordinary traders.
 * @throws ScenarioError with everything that is wrong with the block
 */
export function paperVenue({ paper, markets, clock, random, observe }: PaperOptions): PaperVenue {
  const written = { ...paper, value: paper.value ?? {} };
  const described = parseWritten("the paper block of the configuration", written, paperSchema);
  const configs = [...markets.values()];
  const venue = simulatedVenue({
    markets: configs.map((config) => simulated(config, described.markets[config.marketId])),
    botCashCents: configs.reduce((sum, config) => sum + config.initialFundingCents, 0),
    clock,
    random,
  });
  const { exchange } = venue;
  const connector = new InProcessConnector({
    exchange,
    clock,
    ...(observe === undefined ? {} : { observe }),
  });
  return { connector, exchange, start: () => venue.start(), stop: () => venue.stop() };
}

function simulated(config: MarketConfig, described: PaperMarket | undefined): SimulatedMarket {
  const { marketId, anchorPriceCents } = config;
  const market = described ?? { ...paperMarketSchema.parse({}), traders: DEFAULT_TRADERS };
  const path = market.path ?? pathSchema.parse({ start: anchorPriceCents, diffusion: "logit" });
  return { ...market, id: marketId, path };
}
