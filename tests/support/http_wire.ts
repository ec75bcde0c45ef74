import {
  AMM_USER_ID,
  type FakeExchange,
  type Fault,
  type Intercept,
} from "../../sim/exchange/mod.ts";
import { exchangeApp } from "../../sim/http/exchange_app.ts";
import { TokenIssuer, VENUE_LIFETIMES } from "../../sim/http/tokens.ts";
import { UserDirectory } from "../../sim/http/users.ts";
import type { RateLimits } from "../../sim/http/rate_limiter.ts";
import type { GlobalConfig } from "../../src/config/registry.ts";
import type { CallObserver } from "../../src/connector/call_statistics.ts";
import type { Connector } from "../../src/connector/connector.ts";
import type { RateBudget } from "../../src/connector/rate_budget.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import type { Random } from "../../src/runtime/random.ts";
import { liveConnector } from "../../src/service/live_connector.ts";

/** What the live connector over the exchange's own routes is made of. */
export interface HttpWireOptions {
  readonly exchange: FakeExchange;
  readonly clock: Clock;
  readonly random: Random;
  readonly intercept: Intercept;
  readonly observe: CallObserver;
  readonly global: GlobalConfig;
  readonly rateBudget: RateBudget;
  /** Limits that the venue enforces; none if left out, as deployed. */
  readonly limits?: Partial<RateLimits>;
  /** Takes the venue's `X-RateLimit` headers away. */
  readonly silentLimits: boolean;
  /** Told of every answer of the venue. */
  readonly onAnswer: (call: string, status: number) => void;
}

const LOGIN = { username: "amm_market_maker", password: "AmmPass123" };
const ROOT = "http://venue.test/api/v1";

/** The live connector, talking to the fake exchange through its HTTP routes inside the process. */
export function httpConnector(options: HttpWireOptions): Connector {
  const { exchange, clock, random, intercept, observe, global, rateBudget, limits } = options;
  const users = new UserDirectory();
  const user = { userId: AMM_USER_ID, username: LOGIN.username, email: "amm@system.internal" };
  users.add({ ...user, role: "amm" }, LOGIN.password);
  const tokens = new TokenIssuer({
    secret: "a secret of the test",
    ...VENUE_LIFETIMES,
    nowMs: () => clock.nowMs(),
  });
  const venue = { exchange, users, tokens, clock, random: random.fork("venue") };
  const app = exchangeApp({ ...venue, ...(limits === undefined ? {} : { limits }) });
  const arrive = async (call: string, url: string, init: RequestInit) => {
    const answer = await app.request(url, init);
    options.onAnswer(call, answer.status);
    if (!options.silentLimits) return answer;
    const headers = [...answer.headers].filter(([name]) => !name.startsWith("x-ratelimit"));
    return new Response(answer.body, { status: answer.status, headers });
  };
  return liveConnector({
    global: { ...global, baseUrl: ROOT, ammUsername: LOGIN.username, ammPassword: LOGIN.password },
    fetch: (url, init) => {
      const call = callNamed(url, init);
      return faulty(intercept(call), () => arrive(call, url, init));
    },
    clock,
    random,
    log: silentLogger,
    rateBudget,
    observe,
  });
}

/** What goes wrong with a call on its way over the wire. */
async function faulty(
  fault: Fault | undefined,
  arrive: () => Promise<Response>,
): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
    case "delay":
      return await arrive();
    case "refuse":
      return refusal(fault.code);
    case "lose":
      if (fault.effect) await arrive();
      throw new TypeError("connection reset");
    case "hang":
      if (fault.effect) await arrive();
      return await new Promise(() => {});
    case "garble":
      await arrive();
      return new Response('{"unexpected":true}', {
        headers: { "content-type": "application/json" },
      });
  }
}

function refusal(code: number): Response {
  const body = { code, message: "refused by a fault", data: null, timestamp: "", request_id: "" };
  return new Response(JSON.stringify(body), {
    status: 422,
    headers: { "content-type": "application/json" },
  });
}

/** Paths of the venue's routes and the calls of the connector that they stand for. */
const CALLS: readonly (readonly [RegExp, (match: RegExpMatchArray, body: Body) => string])[] = [
  [/^GET \/markets\/([^/]+)\/orderbook$/, (match) => `orderBook ${match[1]}`],
  [/^GET \/markets\/([^/]+)$/, (match) => `market ${match[1]}`],
  [/^GET \/positions\/([^/]+)$/, (match) => `position ${match[1]}`],
  [/^GET \/account\/balance$/, () => "balance"],
  [/^GET \/trades$/, () => "trades"],
  [/^GET \/orders$/, (_, body) => `openOrders ${body.market_id}`],
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
function callNamed(url: string, init: RequestInit): string {
  const { pathname, searchParams } = new URL(url);
  const route = `${init.method ?? "GET"} ${pathname.replace("/api/v1", "")}`;
  const body: Body = typeof init.body === "string"
    ? JSON.parse(init.body)
    : Object.fromEntries(searchParams);
  for (const [pattern, name] of CALLS) {
    const match = route.match(pattern);
    if (match !== null) return name(match, body);
  }
  return "identity";
}
