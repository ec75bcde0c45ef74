import { AMM_USER_ID } from "../exchange/mod.ts";
import { type Seed, seedSchema } from "./seed.ts";

/** Password of every account of {@link defaultSeed}; a simulator has nothing to protect. */
const DEV_PASSWORD = "Passw0rd1";

/**
 * The state of an exchange that nobody gave a seed: the market maker's account, an administrator,
 * three users and three markets, two of them those of the example configuration.
 */
export function defaultSeed(nowMs: number): Seed {
  const nextYear = new Date(nowMs).getUTCFullYear() + 1;
  const end = `${nextYear}-12-31T23:59:59Z`;
  const user = (username: string, cash_cents: number) => ({
    username,
    email: `${username}@exchange.test`,
    password: DEV_PASSWORD,
    cash_cents,
  });
  const market = (id: string, title: string) => ({
    id,
    title,
    category: "demo",
    trading_end_at: end,
    resolution_date: end,
  });
  return seedSchema.parse({
    users: [
      {
        username: "amm_market_maker",
        password: DEV_PASSWORD,
        role: "amm",
        user_id: AMM_USER_ID,
        cash_cents: 1_000_000,
      },
      { ...user("operator", 0), role: "admin" },
      user("alice", 500_000),
      user("bob", 500_000),
      user("carol", 500_000),
    ],
    markets: [
      market("MKT-ELECTION", "Will the challenger win the election?"),
      market("MKT-RATES", "Will the central bank cut rates this year?"),
      market(`MKT-BTC-100K-${nextYear}`, `Will BTC exceed $100,000 by the end of ${nextYear}?`),
    ],
  });
}
