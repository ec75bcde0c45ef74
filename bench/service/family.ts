import { V8_OPTION } from "../../src/cli/engine_option.ts";
import { runScript } from "../child.ts";
import { type BenchContext, type BenchFamily, type BenchResult, plainResult } from "../result.ts";
import type { BotOrder, BotReport } from "./bot_process.ts";
import { startExchange } from "./exchange.ts";
import type { FetchOrder, FetchReport } from "./fetch_loop.ts";

/** One process that works many markets, in real time. */
export const SERVICE: BenchFamily = {
  title: "Service",
  method: "The bot in a process of its own, with a 2 s quote cycle and the shipped settings. " +
    "`in process`: the exchange is in the same process, with 20 arrivals of traders an " +
    "hour and market; `http`: it is in another one, and nobody else trades. Lateness is " +
    "how much more than the interval lies between the ends of two cycles of a market. " +
    "Processor time and memory are those of the whole bot process, in-process exchange " +
    "included. `cpu per request` compares the whole bot with a loop of `fetch` and `json()` " +
    "that reads the same routes, ten at a time without a pause; `at the same pace` with " +
    "one that sends as many a second as the bot. The bot may take half as much again. The " +
    "checksum counts the markets that are quoted on both sides at the end.",
  run: async (context) => {
    const results: BenchResult[] = [];
    const sizes = context.quick ? [50, 1_000] : [50, 200, 1_000, 2_000];
    for (const [index, markets] of sizes.entries()) {
      context.progress(`service: ${markets} markets`, index / sizes.length);
      results.push(...await inProcess(markets, context));
      context.progress(`service: ${markets} markets over HTTP`, (index + 0.5) / sizes.length);
      if (context.quick && markets > 50) continue;
      results.push(...await overHttp(markets, context));
    }
    return results;
  },
};

const secondsOf = ({ quick }: BenchContext) => quick ? 6 : 12;

async function watch(order: BotOrder): Promise<BotReport> {
  return JSON.parse(
    await runScript(V8_OPTION, "bench/service/bot_process.ts", JSON.stringify(order)),
  );
}

async function fetchLoop(order: FetchOrder): Promise<FetchReport> {
  return JSON.parse(await runScript("bench/service/fetch_loop.ts", JSON.stringify(order)));
}

/** What must be reached, and with how many markets. */
const MEMORY_LIMITS = new Map([[50, 120], [1_000, 400]]);

async function inProcess(markets: number, context: BenchContext): Promise<BenchResult[]> {
  const seconds = secondsOf(context);
  const report = await watch({ markets, baseUrl: null, arrivalsPerHour: 20, seconds });
  const isTargeted = markets === 1_000;
  const figure = figures(`service/${markets} in process`, report);
  return [
    figure("late p50", report.lateP50Ms, "ms"),
    figure("late p99", report.lateP99Ms, "ms", isTargeted ? 100 : undefined),
    figure("cpu", report.cpuShare, "cores", isTargeted ? 0.5 : undefined),
    figure("cpu per cycle", cpuMicrosPerCycle(report), "µs"),
    figure("memory", report.memoryMiB, "MiB", MEMORY_LIMITS.get(markets)),
  ];
}

async function overHttp(markets: number, context: BenchContext): Promise<BenchResult[]> {
  const exchange = await startExchange(markets);
  try {
    const { baseUrl } = exchange;
    const seconds = secondsOf(context);
    const report = await watch({ markets, baseUrl, arrivalsPerHour: 0, seconds });
    const requests = context.quick ? 1_000 : 5_000;
    const order = { baseUrl, markets, requests, perSecond: null };
    const flatOut = await fetchLoop(order);
    const perSecond = report.calls / seconds;
    const paced = await fetchLoop({ ...order, requests: report.calls, perSecond });
    const figure = figures(`service/${markets} http`, report);
    const cpuMicros = report.cpuShare * seconds * 1e6 / report.calls;
    return [
      figure("late p50", report.lateP50Ms, "ms"),
      figure("late p99", report.lateP99Ms, "ms"),
      figure("cpu", report.cpuShare, "cores"),
      figure("cpu per cycle", cpuMicrosPerCycle(report), "µs"),
      figure("memory", report.memoryMiB, "MiB"),
      figure("requests per cycle", report.calls / report.cycles, "requests", 1.3),
      perRequest(figure("cpu per request", cpuMicros, "µs"), flatOut),
      perRequest(figure("cpu per request at the same pace", cpuMicros, "µs"), paced),
    ];
  } finally {
    await exchange.close();
  }
}

/** Processor time of a whole bot process for each of its cycles, µs. */
export function cpuMicrosPerCycle({ cpuShare, seconds, cycles }: BotReport): number {
  return cpuShare * seconds * 1e6 / cycles;
}

function perRequest(figure: BenchResult, bare: FetchReport): BenchResult {
  const ratio = figure.ours / bare.cpuMicrosPerRequest;
  return {
    ...figure,
    other: bare.cpuMicrosPerRequest,
    otherIs: "bare fetch loop",
    ratio,
    min: ratio,
    max: ratio,
    target: { of: "ratio", limit: 1.5 },
  };
}

function figures(prefix: string, { quoted }: BotReport) {
  const checksum = `${quoted} quoted`;
  return (name: string, ours: number, unit: string, limit: number | null = null) =>
    plainResult({ name: `${prefix}/${name}`, ours, unit, limit, checksum });
}
