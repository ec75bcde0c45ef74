import { systemClock } from "../../src/runtime/clock.ts";
import { V8_OPTION } from "../../src/cli/engine_option.ts";
import { runScript } from "../child.ts";
import { median, pairwise } from "../measure.ts";
import { type BenchContext, type BenchFamily, type BenchResult, plainResult } from "../result.ts";
import type { BotReport } from "../service/bot_process.ts";
import { startExchange } from "../service/exchange.ts";
import { cpuMicrosPerCycle } from "../service/family.ts";
import { hasRedis, startRedis } from "./redis.ts";
import { BINARY, coldStart, emptyStart, hasBinary } from "./starts.ts";

/** How long a start takes, and what Redis costs. */
export const START: BenchFamily = {
  title: "Start and Redis",
  method:
    "Wall time from the start of a process until its `/health/ready` says that it quotes, on " +
    "paper with the shipped configuration; `other` is a process of Deno that does nothing. The " +
    "binary is measured if `dist/amm` is there. Redis: fifty markets over HTTP, " +
    "once with their state in Redis and once in memory; commands as Redis counts them, " +
    "its own statistics left out. The checksum counts the markets quoted on both sides.",
  run: async (context) => [...await starts(context), ...await redis(context)],
};

async function starts({ quick, progress }: BenchContext): Promise<BenchResult[]> {
  const rounds = quick ? 2 : 7;
  const empty: number[] = [];
  const source: number[] = [];
  const binary: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(await emptyStart());
    source.push(await coldStart(Deno.execPath(), "run", V8_OPTION, "-A", "main.ts"));
    if (hasBinary()) binary.push(await coldStart(BINARY));
    progress("start", (round + 1) / rounds / 2);
  }
  const figure = (name: string, times: readonly number[]): BenchResult => {
    const ratios = pairwise(times, empty);
    return {
      name: `start/${name}`,
      ours: median(times),
      other: median(empty),
      otherIs: "empty process",
      ratio: median(ratios),
      unit: "ms",
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      better: "smaller",
      checksum: "ready",
      target: null,
    };
  };
  return [figure("source", source), ...(binary.length > 0 ? [figure("binary", binary)] : [])];
}

const MARKETS = 50;

async function redis({ quick, progress }: BenchContext): Promise<BenchResult[]> {
  if (!hasRedis()) return [];
  const [server, exchange] = [await startRedis(systemClock), await startExchange(MARKETS)];
  try {
    const { baseUrl } = exchange;
    const setup = { markets: MARKETS, baseUrl, arrivalsPerHour: 0, seconds: quick ? 6 : 20 };
    progress("start: state in memory", 0.5);
    const memory = await watch({ ...setup, redisUrl: null });
    progress("start: state in Redis", 0.75);
    const kept = await watch({ ...setup, redisUrl: server.url });
    return figuresOf(memory, kept, await server.commands());
  } finally {
    await Promise.all([server.close(), exchange.close()]);
  }
}

async function watch(order: object): Promise<BotReport> {
  return JSON.parse(
    await runScript(V8_OPTION, "bench/service/bot_process.ts", JSON.stringify(order)),
  );
}

function figuresOf(memory: BotReport, kept: BotReport, commands: number): BenchResult[] {
  const [ours, other] = [cpuMicrosPerCycle(kept), cpuMicrosPerCycle(memory)];
  const common = { checksum: `${kept.quoted} quoted`, limit: null };
  return [
    {
      ...plainResult({ ...common, name: "start/redis cpu per cycle", ours, unit: "µs" }),
      other,
      otherIs: "in memory",
      ratio: ours / other,
      min: ours / other,
      max: ours / other,
    },
    plainResult({
      ...common,
      name: "start/redis commands per cycle",
      ours: commands / kept.allCycles,
      unit: "commands",
    }),
  ];
}
