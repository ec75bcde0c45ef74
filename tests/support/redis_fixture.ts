/** The state store on a real Redis server, and a second connection that looks at what is there. */

import { type RedisCommand, RedisLink } from "../../src/cache/redis_link.ts";
import { RedisStore } from "../../src/cache/redis_store.ts";
import { type Logger, recordingLogger } from "../../src/runtime/log.ts";
import { eventually } from "./real_process.ts";
import { redisIsMissing, type RedisServer, startRedis, withRedisName } from "./redis_server.ts";

/** Short, so that a test of a server that hangs does not take long; long enough for a busy machine. */
const TIMEOUT_MS = 500;

/** What a test with a real Redis has at hand. */
export interface RedisFixture {
  readonly server: RedisServer;
  readonly store: RedisStore;
  readonly log: ReturnType<typeof recordingLogger>;
  /** One command on a connection of its own. */
  redis(...command: RedisCommand): Promise<unknown>;
  /** The fields of a hash. */
  hash(key: string): Promise<Record<string, string>>;
  /** Another process with the same store. */
  another(log?: Logger): Promise<RedisStore>;
  /** How often the server was asked for something, by command; scripts and what they call. */
  calls(): Promise<ReadonlyMap<string, number>>;
  /** Starts the server that was killed, and waits until both connections have noticed. */
  comeBack(): Promise<void>;
}

/** A test with a real Redis; reported as ignored where there is none. */
export function redisTest(
  name: string,
  use: (fixture: RedisFixture) => Promise<void>,
  { persist = false } = {},
): void {
  Deno.test({
    name: withRedisName(name),
    ignore: redisIsMissing,
    fn: async () => {
      const server = await startRedis({ persist });
      const links: RedisLink[] = [];
      const connect = async () => {
        const link = new RedisLink({ url: server.url, timeoutMs: TIMEOUT_MS });
        links.push(link);
        await link.open();
        return link;
      };
      try {
        await use(await fixtureOf(server, connect));
      } finally {
        for (const link of links) await link.close();
        await server.close();
      }
    },
  });
}

async function fixtureOf(
  server: RedisServer,
  connect: () => Promise<RedisLink>,
): Promise<RedisFixture> {
  const [eye, link] = [await connect(), await connect()];
  const log = recordingLogger();
  const redis = async (...command: RedisCommand) => (await eye.send("look", [command]))[0];
  const comeBack = async () => {
    const before = [eye.connections, link.connections];
    await server.restart();
    await eventually("both connections are back", 10_000, () => {
      const isBack = [eye.connections, link.connections].every((now, at) =>
        now > (before[at] ?? 0)
      );
      return Promise.resolve(isBack ? true : null);
    });
  };
  return {
    server,
    store: storeOn(link, log),
    log,
    redis,
    hash: async (key) => pairsOf(await redis("HGETALL", key)),
    another: async (other = recordingLogger()) => storeOn(await connect(), other),
    calls: async () => callsIn(String(await redis("INFO", "commandstats"))),
    comeBack,
  };
}

function storeOn(link: RedisLink, log: Logger): RedisStore {
  return new RedisStore({
    link,
    log,
    instanceId: "one",
    processedTtlHours: 24,
    maxProcessed: 1000,
  });
}

function pairsOf(flat: unknown): Record<string, string> {
  if (!Array.isArray(flat)) throw new TypeError(`no hash: ${String(flat)}`);
  const texts = flat.map(String);
  return Object.fromEntries(
    texts.flatMap((name, at) => at % 2 === 0 ? [[name, texts[at + 1] ?? ""]] : []),
  );
}

/** `cmdstat_hset:calls=3,usec=…` */
function callsIn(info: string): ReadonlyMap<string, number> {
  const lines = info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  return new Map([...lines].map(([, name = "", calls]) => [name, Number(calls)]));
}
