import type { Fetch } from "../../src/connector/rest/http_transport.ts";
import { type Clock, sleep } from "../../src/runtime/clock.ts";
import type { Fault, Intercept } from "../exchange/mod.ts";
import { statusOf } from "./problems.ts";
import { API_PREFIX } from "./route_table.ts";

/** What it takes to disturb a wire. */
export interface WireFaultOptions {
  /** Hears the names that the in-process connector gives to its calls. */
  readonly intercept: Intercept;
  readonly clock: Clock;
}

/** A `fetch` in which things go wrong between the bot and the venue, on the way there or back. */
export function faultyFetch(arrive: Fetch, { intercept, clock }: WireFaultOptions): Fetch {
  return async (url, init) => {
    const fault = intercept(callNamed(url, init));
    if (fault?.kind === "delay") await sleep(clock, fault.ms);
    return await suffer(fault, () => arrive(url, init));
  };
}

async function suffer(
  fault: Fault | undefined,
  arrive: () => Promise<Response>,
): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
    case "delay":
      return await arrive();
    case "refuse":
      return refusal(fault);
    case "lose":
      if (fault.effect) await arrive();
      throw new TypeError("connection reset");
    case "hang":
      if (fault.effect) await arrive();
      return await new Promise(() => {});
    case "garble":
      await arrive();
      return Response.json({ unexpected: true });
  }
}

function refusal({ code, message = "refused by a fault" }: Extract<Fault, { kind: "refuse" }>) {
  return Response.json({ code, message, data: null }, { status: statusOf(code) });
}

/** Paths of the venue's routes and the calls of the connector that they stand for. */
const CALLS: readonly (readonly [RegExp, (match: RegExpMatchArray, body: Body) => string])[] = [
  [/^GET \/markets\/([^/]+)\/orderbook$/, (match) => `orderBook ${match[1]}`],
  [/^GET \/markets\/([^/]+)$/, (match) => `market ${match[1]}`],
  [/^GET \/positions\/([^/]+)$/, (match) => `position ${match[1]}`],
  [/^GET \/account\/balance$/, () => "balance"],
  [/^GET \/trades$/, () => "trades"],
  [
    /^GET \/orders$/,
    (_, body) => body.market_id === undefined ? "accountOrders" : `openOrders ${body.market_id}`,
  ],
  [/^GET \/orders\/([^/]+)$/, (match) => `order ${match[1]}`],
  [/^POST \/orders$/, (_, body) => `place ${body.market_id}`],
  [/^POST \/orders\/([^/]+)\/cancel$/, (match) => `cancel ${match[1]}`],
  [/^POST \/amm\/orders\/replace$/, (_, body) => `replace ${body.old_order_id}`],
  [/^POST \/amm\/orders\/batch-cancel$/, (_, body) => `batchCancel ${body.market_id}`],
  [/^POST \/amm\/(mint|burn)$/, (match, body) => `${match[1]} ${body.market_id}`],
];

type Body = Readonly<Record<string, unknown>>;

/**
 * The name of a call as the in-process connector has it; the session's own calls are `identity`.
 */
export function callNamed(url: string, init: RequestInit): string {
  const { pathname, searchParams } = new URL(url);
  const route = `${init.method ?? "GET"} ${pathname.replace(API_PREFIX, "")}`;
  const body: Body = typeof init.body === "string"
    ? JSON.parse(init.body)
    : Object.fromEntries(searchParams);
  for (const [pattern, name] of CALLS) {
    const match = route.match(pattern);
    if (match !== null) return name(match, body);
  }
  return "identity";
}
