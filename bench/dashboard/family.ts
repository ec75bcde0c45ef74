import { HealthServer } from "../../src/http/health_server.ts";
import { operationsSite } from "../../src/http/operations_site.ts";
import { sleep, systemClock } from "../../src/runtime/clock.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { composeService, type Composition } from "../../src/service/compose.ts";
import { startScript } from "../child.ts";
import { quantile } from "../measure.ts";
import type { BenchContext, BenchFamily, BenchResult } from "../result.ts";
import { botConfig, marketIds } from "../service/bot_settings.ts";
import { freePort, startExchange } from "../service/exchange.ts";

const MARKETS = 50;
const READERS = 20;

/** What looking at the bot costs its quotes. */
export const DASHBOARD: BenchFamily = {
  title: "Dashboard",
  method: `${MARKETS} markets on the exchange in another process, over HTTP, with a 2 s quote ` +
    `cycle. ${READERS} open pages of the dashboard read its live stream from another process, ` +
    "then none, in turns of 1.5 s. A cycle takes from the start of its first read to its end; " +
    "the figures are medians, least and greatest ratio those of the quartiles and the median.",
  run: watchAndLookAway,
};

const SETTLE_MS = 4_000;
/** How often the open streams are counted; a cycle counts if they did not change meanwhile. */
const LOOK_MS = 100;
/** How much longer a cycle may take while people look. */
const LIMIT = 1.1;

async function watchAndLookAway(context: BenchContext): Promise<readonly BenchResult[]> {
  const exchange = await startExchange(MARKETS);
  const loaded = botConfig({ markets: MARKETS, baseUrl: exchange.baseUrl, arrivalsPerHour: 0 });
  const parts = { clock: systemClock, random: systemRandom(), log: silentLogger };
  const bot = await composeService({ loaded, ...parts });
  const pages = serve(bot);
  try {
    await bot.service.start();
    await sleep(systemClock, SETTLE_MS);
    return [await compare(bot, pages, context)];
  } finally {
    pages.close();
    await bot.service.stop("measured");
    await bot.stopVenue();
    await exchange.close();
  }
}

/** The pages of a bot, on a port of their own. */
function serve(bot: Composition) {
  const site = operationsSite({
    ...{ ...bot, hub: new EventHub(systemClock), clock: systemClock, log: silentLogger },
    ...{ random: systemRandom(), adminToken: null, hosts: [], markets: MARKETS },
    ...{ alertCounts: () => null, journalCounts: () => null, setLogLevel: () => {} },
  });
  const port = freePort();
  const server = new HealthServer({
    ...{ host: "127.0.0.1", port, clock: systemClock, log: silentLogger },
    handler: (request, client) => site.app.fetch(request, client),
  });
  server.start();
  return {
    url: `http://127.0.0.1:${port}`,
    streams: async () => {
      const text = await (await site.app.request("/metrics")).text();
      return Number(/^amm_stream_readers (\d+)$/m.exec(text)?.[1] ?? NaN);
    },
    close: () => {
      site.close();
      void server.close();
    },
  };
}

/** Notes how long cycles take: from the start of a market's first read to the end of the cycle. */
function watchCycles({ service, operations }: Composition, note: (ms: number) => void): void {
  const begun = new Map<string, number>();
  operations.onCall(({ marketId, ms }) => {
    if (marketId === null || begun.has(marketId)) return;
    begun.set(marketId, systemClock.monotonicMs() - ms);
  });
  service.onCycle(({ marketId }) => {
    const beganMs = begun.get(marketId);
    begun.delete(marketId);
    if (beganMs !== undefined) note(systemClock.monotonicMs() - beganMs);
  });
}

/** Cycles by how many pages were open for as long as they took. */
async function compare(
  bot: Composition,
  pages: ReturnType<typeof serve>,
  { quick, progress }: BenchContext,
): Promise<BenchResult> {
  const seconds = quick ? 15 : 90;
  const took = new Map<number, number[]>([[0, []], [READERS, []]]);
  let open = 0;
  let sinceMs = systemClock.monotonicMs();
  watchCycles(bot, (ms) => {
    if (systemClock.monotonicMs() - ms > sinceMs + LOOK_MS) took.get(open)?.push(ms);
  });
  const readers = await startScript(
    ...["bench/dashboard/readers.ts", pages.url, String(READERS), marketIds(1)[0] ?? ""],
  );
  for (let looks = 0; looks < seconds * 1_000 / LOOK_MS; looks++) {
    await sleep(systemClock, LOOK_MS);
    const now = await pages.streams();
    if (now !== open) sinceMs = systemClock.monotonicMs();
    open = now;
    progress("dashboard", looks * LOOK_MS / 1_000 / seconds);
  }
  await readers.end();
  return result(took.get(READERS) ?? [], took.get(0) ?? []);
}

function result(watched: readonly number[], alone: readonly number[]): BenchResult {
  const ratio = (at: number) => quantile(watched, at) / quantile(alone, at);
  const ratios = [0.25, 0.5, 0.75].map(ratio);
  return {
    name: `dashboard/cycle with ${READERS} pages open`,
    ...{ ours: quantile(watched, 0.5), other: quantile(alone, 0.5), otherIs: "nobody looks" },
    ...{ ratio: ratio(0.5), unit: "ms", min: Math.min(...ratios), max: Math.max(...ratios) },
    better: "smaller",
    checksum: `${watched.length > 0 && alone.length > 0 ? "both" : "not both"} seen`,
    target: { of: "ratio", limit: LIMIT },
  };
}
