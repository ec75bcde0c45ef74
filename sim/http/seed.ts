/** The state an exchange starts from, as a file describes it. */

import { z } from "zod";
import { AMM_USER_ID } from "../exchange/mod.ts";
import { block, expecting, listOf, oneOf, someText, textLike, wholeNumber } from "../fields.ts";
import { parseText } from "../scenario/load.ts";
import { marketIdSchema } from "../scenario/schema.ts";
import { VENUE_LIFETIMES } from "./tokens.ts";

const MAX_CASH_CENTS = 1_000_000_000_000;
const MAX_SECONDS = 10_000_000;

const utcTime = textLike(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/,
  "a time such as 2026-12-31T23:59:59Z",
).transform((text) => Date.parse(text)).pipe(z.number(expecting("a time that exists")));
const time = utcTime.nullable().default(null);
const basisPoints = wholeNumber(0, 1000);
const price = wholeNumber(1, 99);
const userId = textLike(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a lower-case UUID");

/** A market, as `--seed-file` describes it. */
export const seedMarketSchema = block({
  id: marketIdSchema,
  title: someText().optional(),
  description: someText().nullable().default(null),
  category: someText().nullable().default(null),
  status: oneOf("DRAFT", "ACTIVE", "SUSPENDED", "HALTED").default("ACTIVE"),
  min_price_cents: price.default(1),
  max_price_cents: price.default(99),
  max_order_quantity: wholeNumber(1, 1_000_000).default(10_000),
  max_position_per_user: wholeNumber(1, 1_000_000_000).default(25_000),
  max_order_amount_cents: wholeNumber(1, 1_000_000_000).default(1_000_000),
  maker_fee_bps: basisPoints.default(10),
  taker_fee_bps: basisPoints.default(20),
  trading_start_at: time,
  trading_end_at: time,
  resolution_date: time,
});

/** A user, as `--seed-file` describes him. */
export const seedUserSchema = block({
  /** A short name for people. */
  name: someText().optional(),
  username: textLike(/^[A-Za-z0-9_]{3,64}$/, "3 to 64 letters, digits or underscores"),
  email: textLike(/^[^@\s]+@[^@\s]+$/, "an e-mail address").optional(),
  password: someText(),
  role: oneOf("amm", "admin", "user").default("user"),
  user_id: userId.optional(),
  cash_cents: wholeNumber(0, MAX_CASH_CENTS).default(0),
});

const plainSeedSchema = block({
  about: listOf(someText(), 0, 100).optional(),
  access_token_seconds: wholeNumber(1, MAX_SECONDS).default(VENUE_LIFETIMES.accessSeconds),
  refresh_token_seconds: wholeNumber(1, MAX_SECONDS).default(VENUE_LIFETIMES.refreshSeconds),
  users: listOf(seedUserSchema, 1, 1_000),
  markets: listOf(seedMarketSchema, 0, 2_000).default([]),
  /** Pairs that the AMM holds, by market. */
  amm_shares: z.record(z.string(), wholeNumber(1, 1_000_000)).default({}),
});

/** The format of `--seed-file`. */
export const seedSchema = plainSeedSchema.superRefine((seed, context) => {
  for (const { path, message } of contradictions(seed)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

/** What a seed file says. */
export type Seed = z.output<typeof plainSeedSchema>;
/** A user of a seed file. */
export type SeedUser = z.output<typeof seedUserSchema>;
/** A market of a seed file. */
export type SeedMarket = z.output<typeof seedMarketSchema>;

/**
 * Reads a seed file, JSON or YAML.
 * @param file name for messages
 * @throws ScenarioError with every mistake, where it stands and what would be right
 */
export function parseSeed(file: string, text: string): Seed {
  return parseText(file, text, seedSchema);
}

/** Where fields contradict each other, and what is wrong there. */
interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function* contradictions(seed: Seed): Generator<Contradiction> {
  yield* userContradictions(seed);
  yield* marketContradictions(seed);
  const hasAmm = seed.users.some(({ role }) => role === "amm");
  for (const marketId of Object.keys(seed.amm_shares)) {
    const path = ["amm_shares", marketId];
    const isThere = seed.markets.some(({ id }) => id === marketId);
    if (!isThere) yield { path, message: "names no market of this file" };
    if (!hasAmm) yield { path, message: "needs a user with role amm" };
  }
}

function* userContradictions({ users }: Seed): Generator<Contradiction> {
  for (const field of ["username", "email", "user_id"] as const) {
    for (const index of repeats(users.map((user) => user[field]))) {
      yield { path: ["users", index, field], message: "belongs to another user already" };
    }
  }
  if (users.filter(({ role }) => role === "amm").length > 1) {
    yield { path: ["users"], message: "has more than one user with role amm" };
  }
  for (const [index, { role, user_id }] of users.entries()) {
    const hasAmmId = user_id === AMM_USER_ID || (role === "amm" && user_id === undefined);
    if (hasAmmId === (role === "amm")) continue;
    const message = `${AMM_USER_ID} is the id of the user with role amm`;
    yield { path: ["users", index, "user_id"], message };
  }
}

function* marketContradictions({ markets }: Seed): Generator<Contradiction> {
  for (const index of repeats(markets.map(({ id }) => id))) {
    yield { path: ["markets", index, "id"], message: "belongs to another market already" };
  }
  for (const [index, { min_price_cents, max_price_cents }] of markets.entries()) {
    if (min_price_cents <= max_price_cents) continue;
    yield { path: ["markets", index, "min_price_cents"], message: "is over max_price_cents" };
  }
}

/** Where a list repeats a value that it had before; undefined does not count. */
function repeats(values: readonly (string | undefined)[]): readonly number[] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index ? [index] : []
  );
}
