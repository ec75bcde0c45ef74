/** A real Redis server of a test's own: on a free port, without files unless it is to persist. */

import { eventually, freePort } from "./real_process.ts";

/** A `redis-server` process that a test starts, kills and starts again. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty unless it persists. */
  restart(): Promise<void>;
  /** Holds the process: connections stay open, and nothing is answered. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Ends it, and removes its files. */
  close(): Promise<void>;
}

const START_LIMIT_MS = 10_000;

/**
 * Why tests with a real Redis are ignored, null if they can run. For `ignore` and the name of a
 * test, so that the report says so.
 */
export const redisIsMissing: boolean = !isInstalled("redis-server");

/** The name of a test, with the reason if it is ignored. */
export function withRedisName(name: string): string {
  return redisIsMissing ? `${name} (ignored: redis-server is not installed)` : name;
}

/** Starts a server. @param persist writes every change to an append-only file, as production must */
export async function startRedis({ persist = false } = {}): Promise<RedisServer> {
  const port = freePort();
  const directory = await Deno.makeTempDir({ prefix: "amm-redis-" });
  let running = await run(port, directory, persist);
  const kill = async () => {
    running.kill("SIGKILL");
    await running.status;
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}/0`,
    kill,
    restart: async () => {
      running = await run(port, directory, persist);
    },
    freeze: () => running.kill("SIGSTOP"),
    thaw: () => running.kill("SIGCONT"),
    close: async () => {
      try {
        await kill();
      } catch (error) {
        // It is gone already.
        if (!(error instanceof TypeError)) throw error;
      }
      await Deno.remove(directory, { recursive: true });
    },
  };
}

async function run(port: number, directory: string, persist: boolean): Promise<Deno.ChildProcess> {
  const child = new Deno.Command("redis-server", {
    args: [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, "--save", ""],
      ...["--appendonly", persist ? "yes" : "no", "--appendfsync", "always"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await eventually("redis-server answers", START_LIMIT_MS, () => pinged(port));
  return child;
}

async function pinged(port: number): Promise<true | null> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    await connection.write(new TextEncoder().encode("PING\r\n"));
    const buffer = new Uint8Array(64);
    const length = await connection.read(buffer);
    const reply = new TextDecoder().decode(buffer.subarray(0, length ?? 0));
    return reply.startsWith("+PONG") ? true : null;
  } finally {
    connection.close();
  }
}

function isInstalled(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
