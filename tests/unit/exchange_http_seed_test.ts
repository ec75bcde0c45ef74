import assert from "node:assert/strict";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { defaultSeed } from "../../sim/http/default_seed.ts";
import { parseSeed, type Seed } from "../../sim/http/seed.ts";
import { seededVenue } from "../../sim/http/seeded_venue.ts";
import { ScenarioError } from "../../sim/scenario/load.ts";

const START_MS = Date.parse("2026-11-22T06:13:40Z");
const AMM = { username: "amm_market_maker", password: "pw", role: "amm", cash_cents: 1_000 };
const ANN = { username: "ann", password: "pw", cash_cents: 500 };

function planted(seed: Seed) {
  return seededVenue(seed, { clock: new VirtualClock(START_MS), random: seededRandom(1) });
}

/** What is wrong with a seed, one line each. */
function mistakes(seed: unknown): readonly string[] {
  try {
    parseSeed("s.json", JSON.stringify(seed, null, 1));
  } catch (error) {
    assert.ok(error instanceof ScenarioError);
    return error.message.split("\n").slice(1);
  }
  return [];
}

Deno.test("seed: the recorded state opens with its users, markets and pairs", () => {
  const file = new URL("../fixtures/exchange-wire-seed.json", import.meta.url);
  const seed = parseSeed("exchange-wire-seed.json", Deno.readTextFileSync(file));
  const { exchange, users } = planted(seed);
  assert.deepEqual(users.all().map(({ username, role }) => `${username} ${role}`), [
    "amm_market_maker amm",
    "alice user",
    "bob user",
    "carol user",
  ]);
  assert.equal(exchange.account(AMM_USER_ID).availableCents, 1_000_000);
  assert.equal(exchange.markets().length, 62);
  assert.equal(exchange.markets()[0]?.marketId, "MKT-LAB-58", "the last one is the newest");
  assert.equal(exchange.markets().at(-1)?.marketId, "MKT-BTC-100K-2026");
  const { yes, no, yesCostCents } = exchange.position(AMM_USER_ID, "MKT-LAB-20");
  assert.deepEqual([yes, no, yesCostCents], [500, 500, 25_000]);
  assert.equal(exchange.market("MKT-LAB-20").reserveCents, 50_000);
  assert.deepEqual(exchange.control.violations(), []);
});

Deno.test("seed: what is left out takes the venue's defaults", () => {
  const seed = parseSeed("s", JSON.stringify({ users: [AMM, ANN], markets: [{ id: "M" }] }));
  const { exchange, users, tokens } = planted(seed);
  const { title, status, takerFeeBps, tradingEndAtMs } = exchange.market("M");
  assert.deepEqual([title, status, takerFeeBps, tradingEndAtMs], ["M", "ACTIVE", 20, null]);
  assert.equal(users.named("amm_market_maker")?.email, "amm@system.internal");
  assert.equal(users.named("ann")?.email, "ann@exchange.test");
  assert.match(users.named("ann")?.userId ?? "", /^[0-9a-f-]{14}4[0-9a-f]{3}-[89ab]/);
  assert.equal(tokens.accessSeconds, 1800);
});

Deno.test("seed: every mistake is named, with its place and what would be right", () => {
  assert.deepEqual(
    mistakes({
      user: [],
      access_token_seconds: 0,
      users: [{ ...ANN, cash_cents: -1, role: "boss" }, { username: "a b" }],
      markets: [{ id: "M", trading_start_at: "tomorrow", maker_fee_bp: 3 }],
    }).map((line) => line.replace(/^s\.json:\d+:\d+ /, "").split(" [")[0]),
    [
      "access_token_seconds: must be a whole number from 1 to 10000000, but is 0",
      'users[0].role: must be one of amm, admin, user, but is "boss"',
      "users[0].cash_cents: must be a whole number from 0 to 1000000000000, but is -1",
      'users[1].username: must be 3 to 64 letters, digits or underscores, but is "a b"',
      "users[1].password: is missing; must be text of 1 to 500 characters",
      'markets[0].trading_start_at: must be a time such as 2026-12-31T23:59:59Z, but is "tomorrow"',
      "markets[0].maker_fee_bp: is not known here (did you mean maker_fee_bps?); allowed id, title, " +
      "description, category, status, min_price_cents, max_price_cents, max_order_quantity, " +
      "max_position_per_user, max_order_amount_cents, maker_fee_bps, taker_fee_bps, " +
      "trading_start_at, trading_end_at, resolution_date",
      "user: is not known here (did you mean users?); allowed about, access_token_seconds, " +
      "refresh_token_seconds, users, markets, amm_shares",
    ],
  );
});

const UUID = "12ecf566-3eb9-4fba-9376-4743cf92f699";
const CONTRADICTIONS: readonly (readonly [string, unknown, RegExp])[] = [
  ["two users of one name", { users: [ANN, ANN] }, /users\[1\]\.username: belongs to another user/],
  [
    "two users of one id",
    { users: [{ ...ANN, user_id: UUID }, { ...ANN, username: "bob", user_id: UUID }] },
    /users\[1\]\.user_id: belongs to another user/,
  ],
  [
    "two market makers",
    { users: [AMM, { ...AMM, username: "another" }] },
    /users: has more than one user with role amm/,
  ],
  ["a market maker of another id", { users: [{ ...AMM, user_id: UUID }] }, /role amm/],
  ["the market maker's id for a user", { users: [{ ...ANN, user_id: AMM_USER_ID }] }, /role amm/],
  [
    "two markets of one id",
    { users: [AMM], markets: [{ id: "M" }, { id: "M" }] },
    /markets\[1\]\.id: belongs to another market/,
  ],
  [
    "pairs in no market",
    { users: [AMM], amm_shares: { M: 1 } },
    /amm_shares\.M: names no market of this file/,
  ],
  [
    "pairs of nobody",
    { users: [ANN], markets: [{ id: "M" }], amm_shares: { M: 1 } },
    /amm_shares\.M: needs a user with role amm/,
  ],
  [
    "prices that leave nothing between them",
    { users: [AMM], markets: [{ id: "M", min_price_cents: 60, max_price_cents: 50 }] },
    /markets\[0\]\.min_price_cents: is over max_price_cents/,
  ],
  ["a day that does not exist", {
    users: [AMM],
    markets: [{ id: "M", resolution_date: "2026-13-01T00:00:00Z" }],
  }, /markets\[0\]\.resolution_date: must be a time that exists/],
  ["nobody at all", { users: [] }, /users: must be a list of 1 to 1000 entries/],
];

for (const [what, seed, mistake] of CONTRADICTIONS) {
  Deno.test(`seed: ${what} cannot be`, () => {
    const found = mistakes(seed);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0] ?? "", mistake);
  });
}

Deno.test("seed: a file that is no JSON says where it breaks", () => {
  assert.throws(() => parseSeed("s.json", '{"users": [}'), /s\.json:1:\d+/);
  assert.throws(() => parseSeed("s.json", ""), /Cannot use s\.json: it is empty/);
});

Deno.test("seed: without a file there are a market maker, an operator, three users, three markets", () => {
  const { exchange, users } = planted(defaultSeed(START_MS));
  assert.deepEqual(users.all().map(({ username, role }) => `${username} ${role}`), [
    "amm_market_maker amm",
    "operator admin",
    "alice user",
    "bob user",
    "carol user",
  ]);
  assert.ok(exchange.markets().every(({ tradingEndAtMs }) => Number(tradingEndAtMs) > START_MS));
  assert.deepEqual(exchange.markets().map(({ marketId }) => marketId), [
    "MKT-BTC-100K-2027",
    "MKT-RATES",
    "MKT-ELECTION",
  ]);
});
