import { RedisLink } from "../../src/cache/redis_link.ts";
import { type Clock, sleep } from "../../src/runtime/clock.ts";
import { freePort } from "../service/exchange.ts";

/** A Redis server for one measurement. */
export interface BenchRedis {
  readonly url: string;
  /** Commands that it has carried out, but for questions about itself. */
  commands(): Promise<number>;
  close(): Promise<void>;
}

const START_MS = 300;
/** Counted by Redis and not sent by the bot for its state. */
const NOT_COUNTED = new Set(["info", "hello", "client", "ping"]);

/** True if `redis-server` is installed. */
export function hasRedis(): boolean {
  try {
    return new Deno.Command("redis-server", { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Starts a server on a free port that keeps nothing on disk. */
export async function startRedis(clock: Clock): Promise<BenchRedis> {
  const port = freePort();
  const directory = await Deno.makeTempDir({ prefix: "amm-bench-redis-" });
  const process = new Deno.Command("redis-server", {
    args: ["--port", String(port), "--save", "", "--dir", directory],
    stdout: "null",
    stderr: "null",
  }).spawn();
  await sleep(clock, START_MS);
  const url = `redis://127.0.0.1:${port}/0`;
  const link = new RedisLink({ url, timeoutMs: 2_000 });
  await link.open();
  return {
    url,
    commands: async () => {
      const [text] = await link.send("bench", [["INFO", "commandstats"]]);
      const counts = String(text).matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm);
      return [...counts].reduce(
        (sum, [, name = "", count]) => NOT_COUNTED.has(name) ? sum : sum + Number(count),
        0,
      );
    },
    close: async () => {
      await link.close();
      process.kill("SIGTERM");
      await process.status;
      await Deno.remove(directory, { recursive: true });
    },
  };
}
