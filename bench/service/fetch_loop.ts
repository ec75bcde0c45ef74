/**
 * The least that a client can do: log in, then read own orders and books of the markets in turn,
 * with `fetch` and `json()` alone. Called with a {@link FetchOrder} as JSON; writes a
 * {@link FetchReport} as JSON.
 */

import process from "node:process";
import { sleep, systemClock } from "../../src/runtime/clock.ts";
import { marketIds, PASSWORD } from "./bot_settings.ts";

/** How much to read, and where. */
export interface FetchOrder {
  readonly baseUrl: string;
  readonly markets: number;
  readonly requests: number;
  /** Requests a second, one by one; null for as many as go, ten at a time. */
  readonly perSecond: number | null;
}

/** What it took. */
export interface FetchReport {
  /** Processor time of a request, µs. */
  readonly cpuMicrosPerRequest: number;
}

/** Requests on the way at the same time. */
const AT_ONCE = 10;
const WARM_UP = 500;

async function loop({ baseUrl, markets, requests, perSecond }: FetchOrder): Promise<FetchReport> {
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
  let sent = 0;
  const readNext = async () => {
    const response = await fetch(`${baseUrl}${paths[sent++ % paths.length]}`, { headers });
    await response.json();
  };
  const read = (count: number) =>
    perSecond === null ? atOnce(readNext, count) : paced(readNext, count, perSecond);
  await read(Math.min(WARM_UP, requests));
  const before = process.cpuUsage();
  await read(requests);
  const { user, system } = process.cpuUsage(before);
  return { cpuMicrosPerRequest: (user + system) / requests };
}

async function atOnce(read: () => Promise<void>, count: number): Promise<void> {
  let begun = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (begun++ < count) await read();
  }));
}

/** Reads at an even pace, as a process that works many markets does. */
async function paced(
  read: () => Promise<void>,
  count: number,
  perSecond: number,
): Promise<void> {
  const startedMs = systemClock.monotonicMs();
  const reads: Promise<void>[] = [];
  while (reads.length < count) {
    await sleep(systemClock, 1_000 / perSecond);
    const due = (systemClock.monotonicMs() - startedMs) * perSecond / 1_000;
    while (reads.length < Math.min(count, Math.round(due))) reads.push(read());
  }
  await Promise.all(reads);
}

if (import.meta.main) {
  const report = await loop(JSON.parse(Deno.args[0] ?? "{}") as FetchOrder);
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(report)}\n`));
}
