/** The recorded exchanges of the venue, see `tests/fixtures/exchange-wire/README.md`. */

import type { Connector, PairRequest, PlaceRequest } from "../../src/connector/connector.ts";
import { isIdentifier } from "../../src/connector/rest/identifiers.ts";
import { isRecord } from "../../src/connector/rest/wire.ts";
import { isPrice, shares } from "../../src/models/money.ts";
import { PLACE } from "./wire_samples.ts";

const DIRECTORY = new URL("../fixtures/exchange-wire/", import.meta.url);

/** One recorded request with its response. */
export interface RecordedExchange {
  readonly file: string;
  readonly note: string;
  /** Method and path without prefix and query, such as `GET /orders/1`. */
  readonly route: string;
  /** Path segments after the prefix. */
  readonly segments: readonly string[];
  /** `market_id` of the query, empty if there is none. */
  readonly queryMarket: string;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text of an answer that is none. */
  readonly body: unknown;
}

/** All exchanges of all files, wherever they are nested. */
export function recordedExchanges(): readonly RecordedExchange[] {
  const files = [...Deno.readDirSync(DIRECTORY)].map(({ name }) => name);
  const found: RecordedExchange[] = [];
  for (const file of files.filter((name) => name.endsWith(".json")).sort()) {
    collect(JSON.parse(Deno.readTextFileSync(new URL(file, DIRECTORY))), file, found);
  }
  return found;
}

/** The recorded response as `fetch` would give it, with another body if there is one. */
export function responseOf(exchange: RecordedExchange, body: unknown = exchange.body): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, { status: exchange.status, headers: exchange.headers });
}

/** The payload: what is inside the envelope, if there is one. */
export function payloadOf({ body }: RecordedExchange): Readonly<Record<string, unknown>> {
  const payload = isRecord(body) && "data" in body ? body.data : body;
  return isRecord(payload) ? payload : {};
}

/** Makes the call that stands behind an exchange. */
export type RecordedCall = (connector: Connector, exchange: RecordedExchange) => Promise<unknown>;

/** Reads of the bot by their route. */
export const READS: readonly (readonly [RegExp, RecordedCall])[] = [
  [/^POST \/auth\/login$/, (c) => c.identity()],
  [/^GET \/account\/balance$/, (c) => c.balance()],
  [/^GET \/markets\/[^/]+$/, (c, { segments }) => c.market(segments[1] ?? "")],
  [/^GET \/markets\/[^/]+\/orderbook$/, (c, { segments }) => c.orderBook(segments[1] ?? "")],
  [/^GET \/positions\/[^/]+$/, (c, { segments }) => c.position(segments[1] ?? "")],
  [/^GET \/orders$/, (c, { queryMarket }) => c.openOrders(queryMarket || "MKT-1")],
  [/^GET \/orders\/[^/]+$/, (c, { segments }) => c.order(segments[1] ?? "")],
  [/^GET \/trades$/, (c) => c.trades({ limit: 100 })],
];

/** Commands of the bot by their route. */
export const COMMANDS: readonly (readonly [RegExp, RecordedCall])[] = [
  [/^POST \/orders$/, (c, { sent }) => c.place(placeOf(sent))],
  [/^POST \/orders\/[^/]+\/cancel$/, (c, { segments }) => c.cancel(segments[1] ?? "")],
  [
    /^POST \/amm\/orders\/replace$/,
    (c, { sent }) => c.replace(idOf(sent.old_order_id), placeOf(sent.new_order)),
  ],
  [
    /^POST \/amm\/orders\/batch-cancel$/,
    (c, { sent }) => c.batchCancel(idOf(sent.market_id), scopeOf(sent.cancel_scope)),
  ],
  [/^POST \/amm\/mint$/, (c, { sent }) => c.mint(pairsOf(sent))],
  [/^POST \/amm\/burn$/, (c, { sent }) => c.burn(pairsOf(sent))],
];

/** The call of a route, if it is in the list. */
export function callOf(
  list: readonly (readonly [RegExp, RecordedCall])[],
  { route }: RecordedExchange,
): RecordedCall | undefined {
  return list.find(([pattern]) => pattern.test(route))?.[1];
}

function collect(node: unknown, file: string, found: RecordedExchange[]): void {
  if (Array.isArray(node)) node.forEach((entry) => collect(entry, file, found));
  if (!isRecord(node)) return;
  const { request, response, note } = node;
  if (!isRecord(request) || !isRecord(response)) {
    Object.values(node).forEach((entry) => collect(entry, file, found));
    return;
  }
  const url = new URL(String(request.path), "http://venue.test");
  const path = url.pathname.replace("/api/v1", "");
  found.push({
    file,
    note: String(note),
    route: `${request.method} ${path}`,
    segments: path.slice(1).split("/"),
    queryMarket: url.searchParams.get("market_id") ?? "",
    sent: isRecord(request.body) ? request.body : {},
    status: Number(response.status),
    headers: headersOf(response.headers),
    body: response.body,
  });
}

function headersOf(headers: unknown): Record<string, string> {
  const entries = isRecord(headers) ? Object.entries(headers) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/**
 * The recorded order; where the recording tried something the bot cannot send, a sample stands in.
 */
function placeOf(value: unknown): PlaceRequest {
  const sent = isRecord(value) ? value : {};
  const { price_cents, quantity } = sent;
  return {
    clientOrderId: idOf(sent.client_order_id),
    marketId: idOf(sent.market_id),
    contract: sent.side === "NO" ? "NO" : "YES",
    direction: sent.direction === "SELL" ? "SELL" : "BUY",
    contractPrice: typeof price_cents === "number" && isPrice(price_cents)
      ? price_cents
      : PLACE.contractPrice,
    quantity: typeof quantity === "number" ? shares(quantity) : PLACE.quantity,
    timeInForce: sent.time_in_force === "IOC" ? "IOC" : "GTC",
  };
}

function pairsOf(sent: RecordedExchange["sent"]): PairRequest {
  const { quantity } = sent;
  return {
    marketId: idOf(sent.market_id),
    quantity: typeof quantity === "number" ? shares(quantity) : PLACE.quantity,
    idempotencyKey: idOf(sent.idempotency_key),
  };
}

function scopeOf(scope: unknown): "ALL" | "BUY_ONLY" | "SELL_ONLY" {
  return scope === "BUY_ONLY" || scope === "SELL_ONLY" ? scope : "ALL";
}

function idOf(value: unknown): string {
  return typeof value === "string" && isIdentifier(value) ? value : "sample";
}
