/**
 * L-10: each field of each kind of recorded answer is taken away in turn, and then given another
 * type. The call must end malformed (a read) or unknown (a command); never as a zero, an empty list
 * or another figure. The fields whose absence is not noticed are those that the bot does not read,
 * listed here.
 */

import assert from "node:assert/strict";
import { VenueError } from "../../src/connector/connector.ts";
import { isRecord } from "../../src/connector/rest/wire.ts";
import {
  callOf,
  COMMANDS,
  READS,
  type RecordedExchange,
  recordedExchanges,
  responseOf,
} from "../support/recorded.ts";
import { json, ScriptedVenue } from "../support/rest_venue.ts";
import { page } from "../support/wire_samples.ts";

type Path = readonly (string | number)[];

const ENVELOPE = ["message", "timestamp", "request_id"];
const ORDER = ["book_type", "cancel_reason", "price_type", "time_in_force", "updated_at"];

/** Fields that the bot does not read, by route; list positions are written as `*`. */
const UNUSED: Readonly<Record<string, readonly string[]>> = {
  "POST /auth/login": [...ENVELOPE, "data.token_type", "data.user.username", "data.user.email"],
  "GET /account/balance": [
    ...ENVELOPE,
    "data.user_id",
    "data.available_balance_display",
    "data.frozen_balance_display",
    "data.total_balance_cents",
    "data.total_balance_display",
  ],
  "GET /markets/{}": [
    ...ENVELOPE,
    "data.description",
    "data.category",
    "data.reserve_balance_cents",
    "data.reserve_balance_display",
    "data.pnl_pool_cents",
    "data.pnl_pool_display",
    "data.total_yes_shares",
    "data.total_no_shares",
    "data.resolved_at",
    "data.settled_at",
  ],
  "GET /markets/{}/orderbook": [
    ...ENVELOPE,
    "data.updated_at",
    "data.no",
    "data.no.bids",
    "data.no.asks",
    "data.no.bids.*.price_cents",
    "data.no.bids.*.total_quantity",
    "data.no.asks.*.price_cents",
    "data.no.asks.*.total_quantity",
  ],
  "GET /positions/{}": ENVELOPE,
  "GET /orders": ORDER.map((field) => `items.*.${field}`),
  "GET /orders/{}": ORDER,
  "GET /trades": [
    ...ENVELOPE,
    "data.items.*.buy_realized_pnl",
    "data.items.*.sell_realized_pnl",
  ],
  "POST /orders": [
    "netting_result",
    "netting_result.netting_qty",
    "netting_result.refund_amount",
    "trades.*.scenario",
    ...ORDER.map((field) => `order.${field}`),
  ],
  "POST /orders/{}/cancel": [],
  "POST /amm/orders/replace": [
    ...ENVELOPE,
    "data.old_order_filled_quantity",
    "data.old_order_original_quantity",
  ],
  "POST /amm/orders/batch-cancel": [
    ...ENVELOPE,
    "data.total_unfrozen_funds_cents",
    "data.total_unfrozen_yes_shares",
    "data.total_unfrozen_no_shares",
  ],
};

/** The recorded successes of a route that say most, at most three of each. */
function richest(route: string): readonly RecordedExchange[] {
  return recordedExchanges()
    .filter((exchange) => routeOf(exchange) === route && exchange.status < 300)
    .filter(({ note }) => note !== "same client_order_id, other market")
    .sort((a, b) => JSON.stringify(b.body).length - JSON.stringify(a.body).length)
    .slice(0, 3);
}

/** The route with ids and market names as `{}`. */
function routeOf({ route }: RecordedExchange): string {
  return route.replace(/^(.* \/(?:markets|positions|orders))\/[^/]+/, "$1/{}");
}

async function outcome(exchange: RecordedExchange, body: unknown): Promise<unknown> {
  const call = callOf([...READS, ...COMMANDS], exchange);
  assert.ok(call !== undefined);
  const venue = new ScriptedVenue();
  const answer = () => responseOf(exchange, body);
  venue.on(
    exchange.route,
    ...(exchange.route === "GET /orders" ? [answer, json(200, page([]))] : [answer]),
  );
  return await venue.run(call(venue.connector, exchange)).catch((error: unknown) => error);
}

function isRefused(result: unknown): boolean {
  if (result instanceof VenueError) return result.kind === "malformed";
  return isRecord(result) && result.kind === "unknown";
}

/** Every field of every object inside a value. */
function fieldsOf(value: unknown, at: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => fieldsOf(entry, [...at, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [...at, name],
    ...fieldsOf(inner, [...at, name]),
  ]);
}

/** A copy with one field changed; `undefined` takes it away. */
function changed(value: unknown, path: Path, replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((entry, index) => index === head ? changed(entry, rest, replacement) : entry);
  }
  return isRecord(value) ? { ...value, [head]: changed(value[head], rest, replacement) } : value;
}

function nameOf(path: Path): string {
  return path.map((part) => typeof part === "number" ? "*" : part).join(".");
}

for (
  const [what, replacement] of [["missing", undefined], ["of another type", {
    wrong: true,
  }]] as const
) {
  for (const [route, unused] of Object.entries(UNUSED)) {
    Deno.test(`fields: ${route} notices every field that is ${what}, except those it does not read`, async () => {
      const unnoticed = new Set<string>();
      const exchanges = richest(route);
      assert.ok(exchanges.length > 0);
      for (const exchange of exchanges) {
        const whole = await outcome(exchange, exchange.body);
        assert.ok(!isRefused(whole));
        for (const path of fieldsOf(exchange.body)) {
          const result = await outcome(exchange, changed(exchange.body, path, replacement));
          if (isRefused(result)) continue;
          assert.deepEqual(result, whole, `${nameOf(path)} changed the figures`);
          unnoticed.add(nameOf(path));
        }
      }
      assert.deepEqual([...unnoticed].filter((name) => !unused.includes(name)), []);
    });
  }
}

Deno.test("fields: the list of unread fields holds nothing that is not in the recordings", () => {
  for (const [route, unused] of Object.entries(UNUSED)) {
    const all = recordedExchanges().filter((exchange) => routeOf(exchange) === route);
    const known = new Set(all.flatMap(({ body }) => fieldsOf(body)).map(nameOf));
    assert.deepEqual(unused.filter((name) => !known.has(name)), [], route);
  }
});
