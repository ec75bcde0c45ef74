/** Bots, exchange and Redis, each a process of its own, as in production. */

import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { RedisLink } from "../../src/cache/redis_link.ts";
import {
  eventually,
  freePort,
  type RealProcess,
  startDeno,
  startDenoWith,
} from "./real_process.ts";
import { type RedisServer, startRedis } from "./redis_server.ts";

/** Short lives, so that a test need not wait long; within the ranges and rules of the settings. */
export const LIVE_SETTINGS = {
  lease_ttl_ms: 6_000,
  lease_renew_ms: 500,
  lease_cancel_margin_ms: 4_000,
  http_timeout_ms: 2_000,
} as const;

/** A bot that runs. */
export interface LiveBot {
  readonly name: string;
  readonly process: RealProcess;
  readonly port: number;
}

/** An order as the exchange keeps it, also after its end. */
export interface KeptOrder {
  readonly client_order_id: string;
  readonly market_id: string;
  readonly side: "BID" | "ASK";
  readonly status: string;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
}

const PASSWORD = "Passw0rd1";
const LIMIT_MS = 20_000;
const PERMISSIONS = ["--no-prompt", "--allow-net", "--allow-read", "--allow-sys=hostname"];
const ENVIRONMENT = ["--allow-env=AMM_PASSWORD,AMM_INSTANCE_ID", "--ignore-env"];

/** An exchange with empty markets, a Redis, and bots that share the markets through it. */
export class LiveFleet {
  readonly marketIds: readonly string[];
  readonly bots: LiveBot[] = [];
  readonly redis: RedisServer;
  readonly #directory: string;
  readonly #exchange: RealProcess;
  readonly #exchangePort: number;
  /** What ended bots have written. */
  readonly #outputs = new Map<string, string>();

  private constructor(parts: {
    readonly marketIds: readonly string[];
    readonly redis: RedisServer;
    readonly directory: string;
    readonly exchange: RealProcess;
    readonly exchangePort: number;
  }) {
    this.marketIds = parts.marketIds;
    this.redis = parts.redis;
    this.#directory = parts.directory;
    this.#exchange = parts.exchange;
    this.#exchangePort = parts.exchangePort;
  }

  /** Starts exchange and Redis; the store is old enough to give leases. */
  static async open(markets: number): Promise<LiveFleet> {
    const marketIds = Array.from({ length: markets }, (_, index) => `MKT-${index + 1}`);
    const directory = await Deno.makeTempDir({ prefix: "amm-fleet-" });
    const redis = await startRedis();
    await makeOld(redis);
    const exchangePort = freePort();
    await writeJson(`${directory}/seed.json`, seedOf(marketIds));
    await writeJson(`${directory}/bot.yaml`, configOf(marketIds, redis, exchangePort));
    const exchange = startDeno(
      ...["run", "--no-prompt", "--ignore-env", "--allow-net", "--allow-read", "main.ts"],
      ...["exchange", "--port", String(exchangePort), "--control", "--json"],
      ...["--seed-file", `${directory}/seed.json`],
    );
    const fleet = new LiveFleet({ marketIds, redis, directory, exchange, exchangePort });
    await eventually("the exchange answers", LIMIT_MS, () => fleet.orders());
    return fleet;
  }

  /** Starts a bot. */
  launch(name: string): LiveBot {
    const port = freePort();
    const args = ["start", "--config", `${this.#directory}/bot.yaml`, "--port", String(port)];
    const env = { AMM_PASSWORD: PASSWORD, AMM_INSTANCE_ID: name };
    const process = startDenoWith(env, "run", ...PERMISSIONS, ...ENVIRONMENT, "main.ts", ...args);
    const bot = { name, process, port };
    this.bots.push(bot);
    return bot;
  }

  /** Waits for the end of a bot and keeps what it has written. */
  async end(
    bot: LiveBot,
    limitMs: number,
  ): Promise<{ readonly code: number; readonly err: string }> {
    this.bots.splice(this.bots.indexOf(bot), 1);
    const { code, out, err } = await bot.process.end(limitMs);
    this.#outputs.set(bot.name, (this.#outputs.get(bot.name) ?? "") + out);
    return { code, err };
  }

  /** All own orders that there ever were, as the exchange has them. */
  async orders(): Promise<readonly KeptOrder[]> {
    const response = await fetch(`http://127.0.0.1:${this.#exchangePort}/__control/state`);
    const { orders } = await response.json();
    return orders.filter(({ user_id }: { user_id: string }) => user_id === AMM_USER_ID);
  }

  /** Markets that have orders on both sides, none of them older than a moment. */
  async quotedSince(atMs: number): Promise<readonly string[]> {
    const open = (await this.orders()).filter(isOpen);
    return this.marketIds.filter((marketId) => {
      const own = open.filter((order) => order.market_id === marketId);
      return new Set(own.map(({ side }) => side)).size === 2 &&
        own.every(({ created_at_ms }) => created_at_ms >= atMs);
    });
  }

  /** How many markets a bot holds, by its own account. */
  async heldBy({ port }: LiveBot): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${port}/status`);
    const { leases } = await response.json();
    const held = leases?.markets.filter(({ state }: { state: string }) => state === "HELD");
    return held?.length ?? 0;
  }

  /** Who sent which order, as the bots that have ended wrote it into their logs. */
  senders(): ReadonlyMap<string, string> {
    const senders = new Map<string, string>();
    for (const [name, output] of this.#outputs) {
      for (const [, id = ""] of output.matchAll(/"client_order_id":"([^"]+)"/g)) {
        senders.set(id, name);
      }
    }
    return senders;
  }

  /** Ends everything that runs. */
  async close(): Promise<void> {
    for (const bot of [...this.bots]) {
      bot.process.kill("SIGCONT");
      bot.process.kill("SIGKILL");
      await this.end(bot, LIMIT_MS);
    }
    this.#exchange.kill("SIGKILL");
    await this.#exchange.end(LIMIT_MS);
    await this.redis.close();
    await Deno.remove(this.#directory, { recursive: true });
  }
}

/** True for an order that rests. */
export function isOpen({ status }: KeptOrder): boolean {
  return status === "OPEN" || status === "PARTIALLY_FILLED";
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value));
}

async function makeOld({ url }: RedisServer): Promise<void> {
  const link = new RedisLink({ url, timeoutMs: 1_000 });
  await link.open();
  await link.send("prepare", [["SET", "amm:epoch", Date.now() - 3_600_000]]);
  await link.close();
}

function seedOf(marketIds: readonly string[]) {
  const end = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 19) + "Z";
  return {
    users: [{
      username: "amm_market_maker",
      password: PASSWORD,
      role: "amm",
      user_id: AMM_USER_ID,
      cash_cents: 100_000 * marketIds.length,
    }],
    markets: marketIds.map((id) => ({ id, trading_end_at: end, resolution_date: end })),
  };
}

function configOf(marketIds: readonly string[], redis: RedisServer, exchangePort: number) {
  return {
    mode: "live",
    global: {
      ...LIVE_SETTINGS,
      base_url: `http://127.0.0.1:${exchangePort}/api/v1`,
      redis_url: redis.url,
      state_store: "redis",
      market_assignment: "leased",
      market_ids: marketIds,
      max_daily_loss_cents: 1_000_000,
      order_ops_per_minute: 6_000,
    },
    markets: Object.fromEntries(
      marketIds.map((id) => [id, { anchor_price_cents: 50, initial_funding_cents: 100_000 }]),
    ),
  };
}
