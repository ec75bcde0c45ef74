import type { Clock } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import { AMM_USER_ID, type ExchangeSettings, FakeExchange } from "../exchange/mod.ts";
import type { Seed, SeedMarket, SeedUser } from "./seed.ts";
import { TokenIssuer } from "./tokens.ts";
import { hexDigits, newUserId, UserDirectory } from "./users.ts";

const AMM_EMAIL = "amm@system.internal";

/** What a seed is planted in. */
export interface SeedOptions {
  readonly clock: Clock;
  /** Draws the key of the tokens and the user ids that the seed does not give. */
  readonly random: Random;
  readonly settings?: Partial<ExchangeSettings>;
}

/** An exchange, who can log in there, and what they log in with. */
export interface SeededVenue {
  readonly exchange: FakeExchange;
  readonly users: UserDirectory;
  readonly tokens: TokenIssuer;
}

/** What users and markets are added to. */
type Registry = Pick<SeededVenue, "exchange" | "users">;

/** Opens an exchange with the users and markets of a seed. */
export function seededVenue(
  seed: Seed,
  { clock, random, settings = {} }: SeedOptions,
): SeededVenue {
  const venue = {
    exchange: new FakeExchange({ clock, settings }),
    users: new UserDirectory(),
    tokens: new TokenIssuer({
      secret: hexDigits(random, 64),
      accessSeconds: seed.access_token_seconds,
      refreshSeconds: seed.refresh_token_seconds,
      nowMs: () => clock.nowMs(),
    }),
  };
  for (const user of seed.users) addUser(venue, user, random);
  seed.markets.forEach((market, index) =>
    // Markets are listed by age: they were created one after the other, the last one now.
    addMarket(venue, market, clock.nowMs() - (seed.markets.length - 1 - index))
  );
  for (const [marketId, pairs] of Object.entries(seed.amm_shares)) {
    venue.exchange.control.seedPairs(AMM_USER_ID, marketId, pairs);
  }
  return venue;
}

/** Creates a user with his login. */
export function addUser({ exchange, users }: Registry, user: SeedUser, random: Random): void {
  const { username, password, role } = user;
  const userId = role === "amm" ? AMM_USER_ID : user.user_id ?? newUserId(random);
  const email = user.email ?? (role === "amm" ? AMM_EMAIL : `${username}@exchange.test`);
  users.add({ userId, username, email, role }, password);
  exchange.control.createUser({ userId, username, cashCents: user.cash_cents });
}

/** Creates a market. */
export function addMarket(
  { exchange }: Registry,
  market: SeedMarket,
  createdAtMs: number,
): void {
  exchange.control.createMarket({
    marketId: market.id,
    title: market.title ?? market.id,
    description: market.description,
    category: market.category,
    status: market.status,
    minPrice: market.min_price_cents,
    maxPrice: market.max_price_cents,
    maxOrderQuantity: market.max_order_quantity,
    maxPositionPerUser: market.max_position_per_user,
    maxOrderAmountCents: market.max_order_amount_cents,
    makerFeeBps: market.maker_fee_bps,
    takerFeeBps: market.taker_fee_bps,
    tradingStartAtMs: market.trading_start_at,
    tradingEndAtMs: market.trading_end_at,
    resolutionDateMs: market.resolution_date,
    createdAtMs,
  });
}
