import { systemClock } from "../../src/runtime/clock.ts";
import { type Child, startScript } from "../child.ts";
import { exchangeSeed } from "./bot_settings.ts";

/** An exchange in a process of its own. */
export interface OutsideExchange {
  /** Address of its API. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** Starts `deno task exchange` on a free port, with empty markets. */
export async function startExchange(markets: number): Promise<OutsideExchange> {
  const directory = await Deno.makeTempDir({ prefix: "amm-bench-" });
  const seedFile = `${directory}/seed.json`;
  await Deno.writeTextFile(seedFile, JSON.stringify(exchangeSeed(markets, systemClock.nowMs())));
  const port = freePort();
  const child: Child = await startScript(
    ...["main.ts", "exchange", "--port", String(port), "--seed-file", seedFile, "--json"],
  );
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    close: async () => {
      await child.end();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** A port that nobody uses at the moment. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
