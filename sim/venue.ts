import { PAIR_CENTS } from "../src/models/money.ts";
import type { Clock } from "../src/runtime/clock.ts";
import type { Random } from "../src/runtime/random.ts";
import { FakeExchange } from "./exchange/fake_exchange.ts";
import type { ExchangeSettings } from "./exchange/settings.ts";
import { AMM_USER_ID } from "./exchange/types.ts";
import { type PricePath, pricePath } from "./price_path.ts";
import type { SimulatedMarket } from "./scenario/schema.ts";
import { createTrader } from "./traders/mod.ts";
import { alignedStreams, singleStream, type TraderStreams } from "./traders/streams.ts";
import type { Trader } from "./traders/trader.ts";
import { openDesk } from "./traders/venue_desk.ts";

/** What a simulated venue is made of. */
export interface VenueOptions {
  readonly markets: readonly SimulatedMarket[];
  /** Cash of the bot's account, cents. */
  readonly botCashCents: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings?: Partial<ExchangeSettings>;
  /** Traders come at the same times and in the same moods whoever makes the market; default no. */
  readonly alignedFlow?: boolean;
}

/** The fake exchange with its markets, and the people who trade there. */
export interface SimulatedVenue {
  readonly exchange: FakeExchange;
  /**
   * The true price of a market now, cents.
   * @throws RangeError for a market that does not exist
   */
  trueCents(marketId: string): number;
  /**
   * What a YES share of a market pays, cents: by its outcome, or, as long as it has none, by one
   * drawn with the true probability of the moment; the draw is the same whenever it is asked for.
   * @throws RangeError for a market that does not exist
   */
  payoutCents(marketId: string): number;
  /** Ends a market and pays its holders; from then on its true price is what it paid. */
  resolve(marketId: string, result: "YES" | "NO" | "path"): void;
  /** Lets the traders in. */
  start(): void;
  /** Sends the traders home; the exchange stays. */
  stop(): void;
}

/** More than any trader can spend, so that cash is not what limits the flow. */
const TRADER_CASH_CENTS = 1_000_000_000;

/** Sets up a venue: all that happens in it follows from the clock and the random stream. */
export function simulatedVenue(options: VenueOptions): SimulatedVenue {
  const { markets, botCashCents, clock, random, settings = {}, alignedFlow } = options;
  const exchange = new FakeExchange({ clock, settings });
  exchange.control.createUser({ userId: AMM_USER_ID, username: "bot", cashCents: botCashCents });
  const startMs = clock.monotonicMs();
  const elapsedMs = () => clock.monotonicMs() - startMs;
  const paths = new Map<string, PricePath>();
  const fates = new Map<string, number>();
  const traders: Trader[] = [];
  for (const market of markets) {
    const stream = random.fork(`market ${market.id}`);
    const path = pricePath({
      spec: market.path,
      endsInMs: market.endsIn,
      random: stream.fork("path"),
    });
    paths.set(market.id, path);
    fates.set(market.id, stream.fork("outcome").next());
    openMarket(exchange, market, clock.nowMs());
    const streams = alignedFlow === true ? alignedStreams : singleStream;
    const admission = { exchange, market, path, clock, random: stream, elapsedMs, streams };
    traders.push(...admitTraders(admission));
  }
  const outcomes = new Map<string, "YES" | "NO">();
  const trueCents = (marketId: string) => {
    const path = paths.get(marketId);
    if (path === undefined) throw new RangeError(`Cannot find a path for market ${marketId}`);
    const outcome = outcomes.get(marketId);
    if (outcome !== undefined) return outcome === "YES" ? PAIR_CENTS : 0;
    return path.at(elapsedMs());
  };
  return {
    exchange,
    trueCents,
    payoutCents: (marketId) =>
      trueCents(marketId) > PAIR_CENTS * (fates.get(marketId) ?? NaN) ? PAIR_CENTS : 0,
    resolve(marketId, result) {
      const likelier = trueCents(marketId) >= 50 ? "YES" : "NO";
      const outcome = result === "path" ? likelier : result;
      exchange.control.resolve(marketId, outcome);
      outcomes.set(marketId, outcome);
    },
    start: () => traders.forEach((trader) => trader.start()),
    stop: () => traders.forEach((trader) => trader.stop()),
  };
}

function openMarket(exchange: FakeExchange, market: SimulatedMarket, nowMs: number): void {
  exchange.control.createMarket({
    marketId: market.id,
    title: market.title ?? market.id,
    makerFeeBps: market.makerFeeBps,
    takerFeeBps: market.takerFeeBps,
    tradingStartAtMs: nowMs - market.age,
    tradingEndAtMs: nowMs + market.endsIn,
    resolutionDateMs: nowMs + market.endsIn,
  });
}

/** Who is let into which market. */
export interface Admission {
  readonly exchange: FakeExchange;
  readonly market: Pick<SimulatedMarket, "id" | "traders">;
  /** The truth that some of the traders know. */
  readonly path: PricePath;
  readonly clock: Clock;
  readonly random: Random;
  /** Time since the path began. */
  readonly elapsedMs: () => number;
  /** Makes the streams of a trader from his random stream; {@link singleStream} if left out. */
  readonly streams?: (random: Random) => TraderStreams;
}

/** Gives every trader of a market an account, a desk and a random stream of his own. */
export function admitTraders(
  { exchange, market, path, clock, random, elapsedMs, streams = singleStream }: Admission,
): Trader[] {
  return market.traders.map((spec, index) => {
    const userId = `${market.id}-${index}-${spec.kind}`;
    exchange.control.createUser({ userId, cashCents: TRADER_CASH_CENTS });
    return createTrader(spec, {
      desk: openDesk({ exchange, marketId: market.id, userId }),
      clock,
      ...streams(random.fork(userId)),
      insight: {
        trueCents: () => path.at(elapsedMs()),
        nextMoveInMs: () => {
          const nextMs = path.nextMoveMs(elapsedMs());
          return nextMs === null ? null : nextMs - elapsedMs();
        },
      },
    });
  });
}
