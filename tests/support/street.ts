import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { QuoteWatch, restingQuotes } from "../../sim/harness/quote_watch.ts";
import { pathSchema, pricePath } from "../../sim/price_path.ts";
import { traderSpecSchema } from "../../sim/traders/mod.ts";
import { admitTraders } from "../../sim/venue.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import type { Random } from "../../src/runtime/random.ts";
import { MARKET, type TestVenue } from "./venue.ts";

/** Who trades in the market of a test, and how its truth moves. */
export interface StreetOptions {
  readonly venue: TestVenue;
  readonly random: Random;
  /** As a scenario writes it. */
  readonly path: Readonly<Record<string, unknown>>;
  /** As a scenario writes them. */
  readonly traders: readonly Readonly<Record<string, unknown>>[];
}

/** The people who trade with the bot. */
export interface Street {
  start(): void;
  stop(): void;
}

/** Gives simulated traders accounts at the venue of a test. */
export function openStreet({ venue, random, path, traders }: StreetOptions): Street {
  const { exchange, clock } = venue;
  const startMs = clock.monotonicMs();
  const admitted = admitTraders({
    exchange,
    market: { id: MARKET, traders: traders.map((spec) => traderSpecSchema.parse(spec)) },
    path: pricePath({
      spec: pathSchema.parse(path),
      endsInMs: 720 * HOUR_MS,
      random: random.fork("path"),
    }),
    clock,
    random,
    elapsedMs: () => clock.monotonicMs() - startMs,
  });
  return {
    start: () => admitted.forEach((trader) => trader.start()),
    stop: () => admitted.forEach((trader) => trader.stop()),
  };
}

/** For how much of the time the bot has quoted both sides. */
export interface Uptime {
  /** In orders that the venue shows, 0 to 1. */
  resting(): number;
  /** In orders that can really match, 0 to 1. */
  matchable(): number;
}

/** Watches the quotes at the venue from now on; the bot must be on the wire. */
export function watchQuotes(venue: TestVenue): Uptime {
  const { exchange, clock } = venue;
  const resting = new QuoteWatch();
  const matchable = new QuoteWatch();
  const startMs = clock.monotonicMs();
  const elapsedMs = () => clock.monotonicMs() - startMs;
  const look = () => {
    resting.see(elapsedMs(), restingQuotes(exchange.openOrders(AMM_USER_ID, MARKET)));
    matchable.see(elapsedMs(), restingQuotes(exchange.control.matchable(AMM_USER_ID, MARKET)));
  };
  venue.onAnswer = ({ call }) => {
    if (/^(place|cancel|replace)/.test(call)) look();
  };
  exchange.control.onTrade(look);
  exchange.control.onFailedPlacement(look);
  look();
  return {
    resting: () => resting.uptime(elapsedMs()),
    matchable: () => matchable.uptime(elapsedMs()),
  };
}
