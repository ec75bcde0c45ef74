import assert from "node:assert/strict";
import { isRecord } from "../../src/connector/rest/wire.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import type { ExchangeSettings } from "../../sim/exchange/mod.ts";
import { exchangeApp, type ExchangeAppOptions } from "../../sim/http/exchange_app.ts";
import { parseSeed } from "../../sim/http/seed.ts";
import { type SeededVenue, seededVenue } from "../../sim/http/seeded_venue.ts";

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text of an answer that is none. */
  readonly body: unknown;
}

/** The market of most tests; `MKT-2` is there too. */
export const MARKET = "MKT-1";

const PASSWORD = "Passw0rd1";
const CASH_CENTS = 900_000;
const SEED = {
  users: [
    { username: "amm_market_maker", password: PASSWORD, role: "amm", cash_cents: CASH_CENTS },
    { username: "operator", password: PASSWORD, role: "admin" },
    ...["ann", "bob", "cat"].map((username) => ({
      username,
      password: PASSWORD,
      cash_cents: CASH_CENTS,
    })),
  ],
  markets: [{ id: MARKET }, { id: "MKT-2" }],
  amm_shares: { [MARKET]: 100 },
};

/** Who sends a request; null for somebody without a token. */
export type Caller = "amm" | "operator" | "ann" | "bob" | "cat" | null;

/** What differs from the reference exchange without limits. */
export interface HttpVenueOptions
  extends Pick<ExchangeAppOptions, "limits" | "latencyMs" | "control"> {
  readonly settings?: Partial<ExchangeSettings>;
}

/** The exchange over HTTP inside the test: no socket, virtual time. */
export class HttpVenue {
  readonly clock = new VirtualClock(Date.parse("2026-11-22T06:13:40Z"));
  readonly venue: SeededVenue;
  readonly app;
  /** Errors that are defects of the simulator. */
  readonly defects: unknown[] = [];

  constructor({ settings = {}, ...options }: HttpVenueOptions = {}) {
    const random = seededRandom(1);
    const seed = parseSeed("test", JSON.stringify(SEED));
    this.venue = seededVenue(seed, { clock: this.clock, random, settings });
    this.app = exchangeApp({
      ...this.venue,
      ...options,
      clock: this.clock,
      random,
      onDefect: (error) => this.defects.push(error),
    });
  }

  /** The user id behind a name. */
  idOf(caller: NonNullable<Caller>): string {
    return this.venue.users.named(nameOf(caller))?.userId ?? "";
  }

  /** Sends a request as it is, and reads the answer as far as the clock runs without a push. */
  async request(path: string, init: RequestInit = {}): Promise<HttpAnswer> {
    const response = await this.app.request(path, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type") === "application/json";
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  }

  /** Reads, below the prefix of the API. */
  get(caller: Caller, path: string): Promise<HttpAnswer> {
    return this.request(`/api/v1${path}`, { headers: this.#session(caller) });
  }

  /** Does something, below the prefix of the API. */
  post(caller: Caller, path: string, body?: unknown): Promise<HttpAnswer> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.request(`/api/v1${path}`, {
      method: "POST",
      headers: { ...this.#session(caller), "content-type": "application/json" },
      body: body === undefined ? null : text,
    });
  }

  /** Sends an order such as `BUY YES 60 x 10`. */
  place(caller: Caller, text: string, changes: object = {}): Promise<HttpAnswer> {
    return this.post(caller, "/orders", orderOf(text, changes));
  }

  /** Sends an order that is accepted, and gives its id. */
  async placed(caller: Caller, text: string, changes: object = {}): Promise<string> {
    const { status, body } = await this.place(caller, text, changes);
    assert.equal(status, 201, JSON.stringify(body));
    return String(at(body, "order.id"));
  }

  /** Replaces an order of the AMM. */
  replace(oldOrderId: string, text: string, changes: object = {}): Promise<HttpAnswer> {
    const new_order = orderOf(text, changes);
    return this.post("amm", "/amm/orders/replace", { old_order_id: oldOrderId, new_order });
  }

  #session(caller: Caller): Record<string, string> {
    if (caller === null) return {};
    return { authorization: `Bearer ${this.venue.tokens.issue(this.idOf(caller), "access")}` };
  }
}

function nameOf(caller: NonNullable<Caller>): string {
  return caller === "amm" ? "amm_market_maker" : caller;
}

let orders = 0;

/** The body of an order such as `SELL NO 40 x 5 IOC`. */
export function orderOf(text: string, changes: object = {}): Record<string, unknown> {
  const [direction, side, price, , quantity, time_in_force = "GTC"] = text.split(" ");
  return {
    client_order_id: `test-${++orders}`,
    market_id: MARKET,
    side,
    direction,
    price_cents: Number(price),
    quantity: Number(quantity),
    time_in_force,
    ...changes,
  };
}

/** The value at a dotted path, such as `data.items.0.id` or `data.items.length`. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, name) => {
    if (Array.isArray(inner)) return name === "length" ? inner.length : inner[Number(name)];
    return isRecord(inner) ? inner[name] : undefined;
  }, value);
}

/** Status and code of an answer; code 0 if it has none. */
export function verdict({ status, body }: HttpAnswer): readonly [status: number, code: unknown] {
  return [status, at(body, "code") ?? 0];
}
