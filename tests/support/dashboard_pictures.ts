/**
 * Takes the pictures of the dashboard that the README shows, from a seeded paper run under a
 * virtual clock: `deno run -A tests/support/dashboard_pictures.ts`. Needs Chromium.
 */

import { operationsSite } from "../../src/http/operations_site.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { composeService } from "../../src/service/compose.ts";
import { startBrowser } from "./browser.ts";
import { loaded, loadPackaged } from "./config_layers.ts";
import { runClock, serve } from "./dashboard_stage.ts";

const START_MS = Date.UTC(2026, 0, 5, 12);
/** Long enough for charts, trades and some history. */
const RUN_MS = 40 * 60_000;

/** Title, anchor and traders of the markets beside the three of the demonstration. */
const MARKETS: readonly (readonly [title: string, anchor: number, tradesPerHour: number])[] = [
  ["Will the central bank cut its rate in June?", 37, 500],
  ["Will the harbour bridge open before October?", 62, 240],
  ["Will the album be number one this week?", 81, 400],
  ["Will the river crest above six metres?", 22, 600],
  ["Will the probe reach orbit on its first try?", 91, 120],
  ["Will unemployment fall below five per cent?", 44, 300],
  ["Will the final go to extra time?", 28, 800],
  ["Will the bill pass in the autumn session?", 55, 360],
  ["Will the winter be the warmest on record?", 68, 200],
];

/** The configuration of the run, as a file would have it. */
function paperFile(): string {
  const ids = MARKETS.map((_, index) => `market-${index + 1}`);
  return JSON.stringify({
    mode: "paper",
    global: { max_daily_loss_cents: 1_000_000 },
    markets: Object.fromEntries(ids.map((id, index) => [id, {
      anchor_price_cents: MARKETS[index]?.[1],
      initial_funding_cents: 200_000,
      exploration_min_volume: 100,
      exploration_max_duration_ms: 1_200_000,
    }])),
    paper: {
      markets: Object.fromEntries(ids.map((id, index) => [id, {
        title: MARKETS[index]?.[0],
        path: { start: MARKETS[index]?.[1], diffusion: "logit", logit_volatility: 0.2 },
        traders: [
          { kind: "noise", rate_per_hour: MARKETS[index]?.[2], size: 6, patience_cents: 3 },
          { kind: "informed", rate_per_hour: 60, size: 8 },
          { kind: "crowd", start_price: MARKETS[index]?.[1], orders: 6, size: 20, refresh: "60s" },
        ],
      }])),
    },
  });
}

if (import.meta.main) {
  const clock = new VirtualClock(START_MS);
  const hub = new EventHub(clock);
  const log = hub.feed(silentLogger);
  const random = seededRandom("pictures");
  const config = loaded(loadPackaged(paperFile()));
  const bot = await composeService({ loaded: config, clock, random, log });
  const { service } = bot;
  const site = operationsSite({
    ...{ ...bot, hub, clock, log, random, adminToken: "none", hosts: [] },
    ...{ alertCounts: () => null, journalCounts: () => null, setLogLevel: () => {} },
    markets: config.config.markets.size,
  });
  await clock.resolve(service.start());
  await clock.advance(RUN_MS);
  const operator = "anna";
  void service.admin("market-7", { kind: "kill", operator, reason: "the match was stopped" });
  void service.admin("market-2", { kind: "pause", operator, reason: "news at ten" });
  await clock.advance(20_000);
  const served = serve(site.app);
  const stop = runClock(clock, { stepMs: 20, pauseMs: 20 });
  const browser = await startBrowser();
  const tab = await browser.open(served.base);
  await tab.go("");
  await tab.sees(".markets tbody tr .word", /^KILLED$/);
  await tab.picture("docs/images/dashboard.png", { width: 1440, height: 900 });
  await tab.go("#/market/market-1");
  await tab.sees(".trades tbody", /sold|bought/);
  await tab.picture("docs/images/market.png", { width: 1440, height: 1260 });
  await browser.close();
  await stop();
  Deno.exit();
}
