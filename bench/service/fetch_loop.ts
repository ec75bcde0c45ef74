/**
 * The least that a client can do: log in, then read own orders and books of the markets in turn,
 * with `fetch` and `json()` alone. Called with a {@link FetchOrder} as JSON; writes a
 * {@link FetchReport} as JSON.
 */

import process from "node:process";
import { marketIds, PASSWORD } from "./bot_settings.ts";

/** How much to read, and where. */
export interface FetchOrder {
  readonly baseUrl: string;
  readonly markets: number;
  readonly requests: number;
}

/** What it took. */
export interface FetchReport {
  /** Processor time of a request, µs. */
  readonly cpuMicrosPerRequest: number;
}

/** Requests on the way at the same time. */
const AT_ONCE = 10;
const WARM_UP = 500;

async function loop({ baseUrl, markets, requests }: FetchOrder): Promise<FetchReport> {
  const login = await fetch(`${baseUrl}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "amm_market_maker", password: PASSWORD }),
  });
  const { data } = await login.json();
  const headers = { authorization: `Bearer ${data.access_token}` };
  const paths = marketIds(markets).flatMap((id) => [
    `/orders?market_id=${id}&limit=100`,
    `/markets/${id}/orderbook`,
  ]);
  const read = async (count: number) => {
    let sent = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (sent < count) {
        const response = await fetch(`${baseUrl}${paths[sent++ % paths.length]}`, { headers });
        await response.json();
      }
    }));
  };
  await read(WARM_UP);
  const before = process.cpuUsage();
  await read(requests);
  const { user, system } = process.cpuUsage(before);
  return { cpuMicrosPerRequest: (user + system) / requests };
}

if (import.meta.main) {
  const report = await loop(JSON.parse(Deno.args[0] ?? "{}") as FetchOrder);
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(report)}\n`));
}
