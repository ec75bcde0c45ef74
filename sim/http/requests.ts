/** What the venue accepts: bodies and queries of its routes, for validation and documentation. */

import { z } from "zod";
import type { QuirkId } from "../exchange/mod.ts";
import { integer } from "./validation.ts";

/** Asks if a defect of the deployed exchange is switched on. */
export type HasQuirk = (quirk: QuirkId) => boolean;

const MAX_CLIENT_ORDER_ID = 64;
const MAX_CASH_CENTS = 10_000_000;
const MAX_BOOK_LEVELS = 99;

/** The query of every list (§1.6). */
export const pageQuery = z.object({
  limit: integer(z.int().min(1).max(100)).default(20),
  cursor: z.string().optional(),
});

/** `GET /markets` (§2.5). */
export const marketsQuery = pageQuery.extend({
  status: z.string().default("ACTIVE").describe("ALL for every status"),
  category: z.string().optional(),
});

/** `GET /markets/{market_id}/orderbook` (§2.7). */
export const bookQuery = z.object({
  levels: integer(z.int().min(1).max(MAX_BOOK_LEVELS)).default(10),
});

/** `GET /account/ledger` (§3.3). */
export const ledgerQuery = pageQuery.extend({ entry_type: z.string().optional() });

/** `GET /orders` (§4.2). */
export const ordersQuery = pageQuery.extend({
  market_id: z.string().optional(),
  status: z.string().optional().describe("one or several, separated by commas"),
  side: z.string().optional(),
  direction: z.string().optional(),
});

/** `GET /trades` (§4.5). */
export const tradesQuery = pageQuery.extend({ market_id: z.string().optional() });

const email = z.string().regex(/^[^@\s]+@[^@\s]+\.[^@\s]+$/);

/** `POST /auth/register` (§2.2). */
export const registerBody = z.object({
  username: z.string().min(3).max(64).regex(/^[A-Za-z0-9_]+$/),
  email,
  password: z.string().min(8).max(128).refine(
    (text) => /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text),
    "password must contain upper case, lower case and a digit",
  ),
});

/** `POST /auth/login` (§2.3). */
export const loginBody = z.object({ username: z.string(), password: z.string() });

/** `POST /auth/refresh` (§2.4). */
export const refreshBody = z.object({ refresh_token: z.string() });

/** `POST /account/deposit` and `/withdraw` (§3.2). */
export const cashBody = z.object({ amount_cents: integer(z.int().min(1).max(MAX_CASH_CENTS)) });

/** `POST /orders` (§4.1); the deployed exchange does not look at the length of the id. */
export function orderBody(has: HasQuirk) {
  const id = z.string().min(1).refine(
    (text) => !/ |^\s|\s$/.test(text),
    "client_order_id must not contain whitespace",
  );
  return z.object({
    client_order_id: has("Q-21") ? id : id.max(MAX_CLIENT_ORDER_ID),
    market_id: z.string(),
    side: z.enum(["YES", "NO"]),
    direction: z.enum(["BUY", "SELL"]),
    price_cents: integer(),
    quantity: integer(),
    time_in_force: z.enum(["GTC", "IOC"]).default("GTC"),
  });
}

/** A body of `POST /orders` that passed validation. */
export type OrderBody = z.output<ReturnType<typeof orderBody>>;

/** `POST /amm/orders/replace` (§5.1). */
export function replaceBody(has: HasQuirk) {
  return z.object({ old_order_id: z.string(), new_order: orderBody(has) });
}

/** `POST /amm/orders/batch-cancel` (§5.2). */
export const batchCancelBody = z.object({
  market_id: z.string(),
  cancel_scope: z.string().regex(/^(ALL|BUY_ONLY|SELL_ONLY)$/)
    .pipe(z.enum(["ALL", "BUY_ONLY", "SELL_ONLY"])).default("ALL"),
});

/** `POST /amm/mint` and `/burn` (§5.3, §5.4). */
export const pairsBody = z.object({
  market_id: z.string(),
  quantity: integer(z.int().gt(0)),
  idempotency_key: z.string().min(1).max(128),
});

/** `POST /admin/markets/{market_id}/resolve` (§5.5); the deployed exchange knows no VOID. */
export function resolveBody(has: HasQuirk) {
  return z.object({ outcome: z.enum(has("Q-20") ? ["YES", "NO"] : ["YES", "NO", "VOID"]) });
}
