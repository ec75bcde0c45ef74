/**
 * A bot in a process of its own, watched for a while: how late its cycles are, and what it takes.
 * Called with a {@link BotOrder} as JSON; writes a {@link BotReport} as JSON.
 */

import process from "node:process";
import { sleep, systemClock } from "../../src/runtime/clock.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { composeService } from "../../src/service/compose.ts";
import { quantile } from "../measure.ts";
import { botConfig, type BotSetup } from "./bot_settings.ts";

/** What to watch, and for how long. */
export interface BotOrder extends BotSetup {
  readonly seconds: number;
}

/** What was seen. */
export interface BotReport {
  /** How much more than the quote interval lay between two cycles of a market, ms. */
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  /** Processor time as a share of one core. */
  readonly cpuShare: number;
  readonly memoryMiB: number;
  readonly seconds: number;
  readonly cycles: number;
  /** Cycles since the start, not only while it was watched. */
  readonly allCycles: number;
  readonly calls: number;
  /** Calls by name. */
  readonly callsByName: Readonly<Record<string, number>>;
  /** Markets with orders on both sides at the end. */
  readonly quoted: number;
}

/** Everybody must quote by then. */
const START_LIMIT_MS = 120_000;
/** After the first quotes the compiler and the young heap settle. */
const SETTLE_MS = 6_000;

async function watch(order: BotOrder): Promise<BotReport> {
  const loaded = botConfig(order);
  const { service, operations, stopVenue } = await composeService({
    loaded,
    clock: systemClock,
    random: systemRandom(),
    log: silentLogger,
  });
  const seen = watchCycles(loaded.config.markets.size);
  service.onCycle(({ marketId }) => seen.note(marketId));
  const calls = new Map<string, number>();
  operations.onCall(({ call }) => calls.set(call, (calls.get(call) ?? 0) + 1));
  await Promise.race([service.start(), sleep(systemClock, START_LIMIT_MS)]);
  await sleep(systemClock, SETTLE_MS);
  seen.begin();
  calls.clear();
  const startedMs = systemClock.monotonicMs();
  const before = process.cpuUsage();
  await sleep(systemClock, order.seconds * 1_000);
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = systemClock.monotonicMs() - startedMs;
  const intervalMs = [...loaded.config.markets.values()][0]?.quoteIntervalMs ?? 0;
  const late = seen.gapsMs.map((gapMs) => gapMs - intervalMs);
  const { markets } = service.status();
  const report = {
    lateP50Ms: quantile(late, 0.5),
    lateP99Ms: quantile(late, 0.99),
    cpuShare: (user + system) / 1_000 / elapsedMs,
    memoryMiB: Deno.memoryUsage().rss / 2 ** 20,
    seconds: order.seconds,
    cycles: seen.gapsMs.length,
    allCycles: markets.reduce((sum, { cycles }) => sum + cycles, 0),
    calls: [...calls.values()].reduce((sum, count) => sum + count, 0),
    callsByName: Object.fromEntries(calls),
    quoted: markets.filter(({ orders }) => orders.BID.length > 0 && orders.ASK.length > 0).length,
  };
  await Promise.race([service.stop("measured"), sleep(systemClock, 10_000)]);
  await stopVenue();
  return report;
}

/** Notes the time between two cycles of the same market. */
function watchCycles(markets: number) {
  const last = new Map<string, number>();
  const gapsMs: number[] = [];
  let isOn = false;
  return {
    gapsMs,
    note(marketId: string) {
      const nowMs = systemClock.monotonicMs();
      const beforeMs = last.get(marketId);
      last.set(marketId, nowMs);
      if (isOn && beforeMs !== undefined && gapsMs.length < 1_000 * markets) {
        gapsMs.push(nowMs - beforeMs);
      }
    },
    begin() {
      isOn = true;
    },
  };
}

if (import.meta.main) {
  const report = await watch(JSON.parse(Deno.args[0] ?? "{}") as BotOrder);
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(report)}\n`));
  Deno.exit();
}
