/** The bot as a process of its own in mode live: a real Redis, a real exchange, real time. */

import assert from "node:assert/strict";
import { RedisLink } from "../../src/cache/redis_link.ts";
import type { RedisCommand } from "../../src/cache/redis_link.ts";
import { RestConnector } from "../../src/connector/rest/rest_connector.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { client, PASSWORD, startExchange } from "./exchange_process.ts";
import { eventually, freePort, type RealProcess, startDenoWith } from "./real_process.ts";
import { type RedisServer, startRedis } from "./redis_server.ts";

/** The market that the bot works; the exchange has it from the beginning. */
export const MARKET = "MKT-ELECTION";
/** How long anything may take on a busy machine. */
export const LIMIT_MS = 40_000;

/** As a person would write it for a trial, but that everything comes sooner. */
const CONFIG = `
mode: live
global:
  environment: prod
  market_ids: [${MARKET}]
  config_reload_interval_ms: 5000
  trade_poll_interval_ms: 1000
  shutdown_timeout_ms: 3000
  cycle_abort_ms: 1000
  http_timeout_ms: 1000
  http_max_retries: 0
  lease_ttl_ms: 6000
  lease_renew_ms: 1000
  lease_cancel_margin_ms: 3000
markets:
  ${MARKET}: { anchor_price_cents: 50, initial_funding_cents: 100000 }
`;

interface Order {
  readonly order_id: string;
  readonly yes_price_cents: number;
}

/** What a test reads of `/status`. */
export interface LiveMarket {
  readonly lifecycle: string;
  readonly orders: { readonly BID: readonly Order[]; readonly ASK: readonly Order[] };
  readonly explanation: {
    readonly config_version: number;
    readonly targets: readonly {
      readonly side: "BID" | "ASK";
      readonly yes_price_cents: number;
      readonly quantity: number;
    }[];
    readonly inventory: Readonly<Record<"yes" | "no" | "market_cash_cents", number>>;
  } | null;
}

/** Everything around the bot, and the way to start it. */
export class LiveStage {
  readonly redis: RedisServer;
  readonly exchange: RealProcess;
  /** A session of the bot's account, to look at what the venue has. */
  readonly venue: RestConnector;
  /** Another user, who trades. */
  readonly alice: (path: string, body: unknown) => Promise<unknown>;
  readonly #env: Record<string, string>;
  readonly #config: string;
  readonly #link: RedisLink;
  readonly #started: RealProcess[] = [];

  constructor(parts: {
    readonly redis: RedisServer;
    readonly exchange: RealProcess;
    readonly url: string;
    readonly config: string;
    readonly link: RedisLink;
    readonly alice: LiveStage["alice"];
  }) {
    this.redis = parts.redis;
    this.exchange = parts.exchange;
    this.alice = parts.alice;
    this.#config = parts.config;
    this.#link = parts.link;
    this.venue = new RestConnector({
      baseUrl: parts.url,
      username: "amm_market_maker",
      password: PASSWORD,
      timeoutMs: 5000,
      maxRetries: 1,
      maxBackoffMs: 200,
      clock: systemClock,
      random: seededRandom(1),
      log: recordingLogger(),
      fetch,
    });
    this.#env = {
      AMM_BASE_URL: parts.url,
      AMM_REDIS_URL: parts.redis.url,
      AMM_PASSWORD: PASSWORD,
      AMM_HEALTH_PORT: String(freePort()),
    };
  }

  /** Starts the bot as the README says. */
  startTask(): RealProcess {
    return this.#start("task", "start", "--config", this.#config);
  }

  /** Starts the process that the task starts, so that it can be killed itself. */
  async startBare(): Promise<RealProcess> {
    const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
    const [, ...args] = String(tasks.start.command).split(" ");
    return this.#start(...args, "--config", this.#config);
  }

  /** One command to Redis. */
  async redisCommand(...command: RedisCommand): Promise<unknown> {
    return (await this.#link.send("look", [command]))[0];
  }

  /** The market as the bot shows it. */
  async status(): Promise<LiveMarket> {
    const response = await fetch(`http://127.0.0.1:${this.#env.AMM_HEALTH_PORT}/status`);
    return (await response.json()).markets[0];
  }

  /** Waits until the bot shows what is wanted. */
  async until(what: string, isSo: (market: LiveMarket) => boolean): Promise<LiveMarket> {
    return await eventually(what, LIMIT_MS, async () => {
      const market = await this.status();
      return isSo(market) ? market : null;
    });
  }

  /** Waits until both sides are quoted. */
  async untilQuoted(): Promise<LiveMarket> {
    const isQuoted = ({ lifecycle, orders: { BID, ASK } }: LiveMarket) =>
      lifecycle === "RUNNING" && BID.length * ASK.length > 0;
    return await this.until("both sides are quoted", isQuoted);
  }

  /** Ids of all orders of the account that rest at the venue. */
  async resting(): Promise<readonly string[]> {
    return (await this.venue.openOrders(MARKET)).map(({ orderId }) => orderId).sort();
  }

  /** Ends everything that was started. */
  async close(): Promise<void> {
    for (const process of [...this.#started, this.exchange]) {
      await process.end(0).catch(() => {});
    }
    await this.#link.close();
    await this.redis.close();
    await Deno.remove(this.#config);
  }

  #start(...args: readonly string[]): RealProcess {
    const process = startDenoWith(this.#env, ...args);
    this.#started.push(process);
    return process;
  }
}

/** Sets everything up but the bot. */
export async function liveStage(): Promise<LiveStage> {
  const [redis, { process, url }] = await Promise.all([startRedis(), startExchange()]);
  await Deno.mkdir("dist", { recursive: true });
  const config = `dist/live-${redis.port}.yaml`;
  await Deno.writeTextFile(config, CONFIG);
  const link = new RedisLink({ url: redis.url, timeoutMs: 2000 });
  await link.open();
  const alice = await client(url, "alice");
  return new LiveStage({ redis, exchange: process, url, config, link, alice });
}

/** The touch of a market, cents. */
export function touchOf({ orders: { BID, ASK } }: LiveMarket): number {
  return (ASK[0]?.yes_price_cents ?? NaN) - (BID[0]?.yes_price_cents ?? NaN);
}

/** The JSON lines that a process has logged. */
export function eventsIn(out: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = out.split("\n").filter((line) => line.startsWith("{"));
  assert.ok(lines.length > 0, out);
  return lines.map((line) => JSON.parse(line));
}
