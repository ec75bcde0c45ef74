import type { Connector } from "../../src/connector/connector.ts";
import type { Fetch } from "../../src/connector/rest/http_transport.ts";
import { liveConnector, type LiveConnectorOptions } from "../../src/service/live_connector.ts";
import { AMM_USER_ID, type FakeExchange, type Intercept } from "../exchange/mod.ts";
import { exchangeApp, type ExchangeAppOptions } from "./exchange_app.ts";
import { API_PREFIX } from "./route_table.ts";
import { TokenIssuer, VENUE_LIFETIMES } from "./tokens.ts";
import { UserDirectory } from "./users.ts";
import { faultyFetch } from "./wire_faults.ts";

/** What a bot's live connector and the web application at its other end are made of. */
export interface HttpConnectorOptions
  extends
    Omit<LiveConnectorOptions, "fetch" | "onLimits">,
    Pick<ExchangeAppOptions, "latencyMs" | "limits"> {
  readonly exchange: FakeExchange;
  /** Stands between the bot and the venue and sees, or changes, what passes. */
  readonly between?: (arrive: Fetch) => Fetch;
  /** Decides what goes wrong with a request; nothing if left out. */
  readonly intercept?: Intercept;
}

const USERNAME = "amm_market_maker";
const PASSWORD = "AmmPass123";

/**
 * The bot's connection to the fake exchange as it would be over a network, without a socket: the
 * live connector, and at its other end the venue's own routes. All of it stands still with the
 * clock, so a virtual one replays it exactly.
 */
export function httpConnector(options: HttpConnectorOptions): Connector {
  const { exchange, clock, random, latencyMs = 0, limits, intercept, between } = options;
  const direct = venueOfTheBot({
    exchange,
    clock,
    random: random.fork("venue"),
    latencyMs,
    ...(limits && { limits }),
  });
  const global = { ...options.global, ...BOT_ACCESS };
  const arrive = between === undefined ? direct : between(direct);
  const fetch = intercept === undefined ? arrive : faultyFetch(arrive, { intercept, clock });
  return liveConnector({ ...options, global, fetch });
}

/** The settings with which a bot reaches {@link venueOfTheBot}. */
export const BOT_ACCESS = {
  baseUrl: `http://exchange.test${API_PREFIX}`,
  ammUsername: USERNAME,
  ammPassword: PASSWORD,
} as const;

/** The venue's own routes, and the login of the bot; without a socket. */
export function venueOfTheBot(
  options: Pick<ExchangeAppOptions, "exchange" | "clock" | "random" | "latencyMs" | "limits">,
): Fetch {
  const { clock } = options;
  const app = exchangeApp({
    ...options,
    users: loginOfTheBot(),
    tokens: new TokenIssuer({
      secret: "nothing to hide in a simulation",
      ...VENUE_LIFETIMES,
      nowMs: () => clock.nowMs(),
    }),
    onDefect: endTheRun,
  });
  return async (url, init) => await app.request(url, init);
}

/** A defect of the simulator must not pass for a venue that answers 500. */
function endTheRun(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function loginOfTheBot(): UserDirectory {
  const users = new UserDirectory();
  const email = "amm@system.internal";
  users.add({ userId: AMM_USER_ID, username: USERNAME, email, role: "amm" }, PASSWORD);
  return users;
}
