import { sleep, systemClock } from "../../src/runtime/clock.ts";
import { freePort } from "../service/exchange.ts";

/** Where `deno task compile` puts the executable. */
export const BINARY = "dist/amm";

const ROOT = new URL("../../", import.meta.url);
const LIMIT_MS = 60_000;
const LOOK_MS = 5;

/** True if there is an executable to measure. */
export function hasBinary(): boolean {
  try {
    return Deno.statSync(new URL(BINARY, ROOT)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Wall time of a process of Deno that does nothing, ms. */
export async function emptyStart(): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  await new Deno.Command(Deno.execPath(), { args: ["eval", "1"], cwd: ROOT }).output();
  return systemClock.monotonicMs() - startedMs;
}

/**
 * Wall time until a bot quotes on paper, ms.
 * @param command and arguments that come before `start`
 */
export async function coldStart(command: string, ...args: readonly string[]): Promise<number> {
  const port = freePort();
  const startedMs = systemClock.monotonicMs();
  const child = new Deno.Command(command, {
    args: [...args, "start", "--port", String(port)],
    cwd: ROOT,
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    while (!await isReady(port)) {
      if (systemClock.monotonicMs() - startedMs > LIMIT_MS) throw new Error("The bot is not ready");
      await sleep(systemClock, LOOK_MS);
    }
    return systemClock.monotonicMs() - startedMs;
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    // Nobody listens yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}
