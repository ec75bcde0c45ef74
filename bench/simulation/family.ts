import type { BotSettings } from "../../sim/bot_config.ts";
import type { SimulationResult } from "../../sim/harness/result.ts";
import { simulate } from "../../sim/harness/simulate.ts";
import { drawSchedule } from "../../sim/faults/draw.ts";
import { runFaults } from "../../sim/faults/run.ts";
import { type Scenario, scenarioSchema } from "../../sim/scenario/schema.ts";
import { DAY_MS, HOUR_MS } from "../../src/models/market.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createService } from "../../src/service/service.ts";
import { median, pairwise, timed } from "../measure.ts";
import type { BenchContext, BenchFamily, BenchResult } from "../result.ts";

/** How much market time a core simulates in a second. */
export const SIMULATION: BenchFamily = {
  title: "Simulation",
  method: "The service itself on the exchange in the process under the virtual clock, with a 2 s " +
    "quote cycle and 21 arrivals of traders an hour and market. A market-day is 43,200 cycles; " +
    "it is measured over a part of it. `50 markets` compares fifty markets together with the " +
    "same fifty one after the other, over the same time and with order limits that none meets. " +
    "With faults: one process group of `sim faults`, its schedule with and without them. The " +
    "checksum is the digest of all commands and trades.",
  run: async (context) => [
    ...await marketDays(context),
    ...await manyMarkets(context),
    ...await faults(context),
  ],
};

const MANY = 50;
const ALONE = ["BENCH-0"];
const FIFTY = Array.from({ length: MANY }, (_, index) => `BENCH-${index}`);
/** Fifty markets share one account: at its limits they would do other work than one. */
const NO_LIMITS: BotSettings = {
  global: { order_ops_per_minute: 600_000, query_rate_limit: 1_000_000 },
};

/** Markets as in `calm-cold-start`; a scenario of a file may not have so many. */
function scenarioOf(ids: readonly string[], durationMs: number): Scenario {
  const markets = ids.map((id) => one(id, durationMs));
  const [first = one("BENCH", durationMs)] = markets;
  return { ...first, markets: markets.flatMap((scenario) => scenario.markets) };
}

function one(id: string, durationMs: number): Scenario {
  return scenarioSchema.parse({
    name: "bench",
    description: "a market as in calm-cold-start",
    duration: `${durationMs / 60_000}m`,
    markets: [{
      id,
      anchor: 60,
      path: { start: 60, diffusion: "logit", logit_volatility: 0.01 },
      traders: [
        { kind: "noise", rate_per_hour: 20, size: 10, long_shot_bias: 0.02 },
        { kind: "informed", rate_per_hour: 1, size: 10 },
      ],
    }],
  });
}

interface Run {
  /** Processor time of an hour of one market, ms. */
  readonly cpuMsPerMarketHour: number;
  readonly result: SimulationResult;
}

async function run(
  ids: readonly string[],
  durationMs: number,
  settings: BotSettings = {},
): Promise<Run> {
  const scenario = scenarioOf(ids, durationMs);
  const { cpuMs, value } = await timed(() =>
    simulate({ scenario, seed: 1, createService, wallClock: systemClock, settings })
  );
  return { cpuMsPerMarketHour: cpuMs / (ids.length * durationMs / HOUR_MS), result: value };
}

/** Seconds of processor time for a day of a market. */
const dayOf = ({ cpuMsPerMarketHour }: Run) => cpuMsPerMarketHour * DAY_MS / HOUR_MS / 1_000;

async function marketDays({ quick, progress }: BenchContext): Promise<BenchResult[]> {
  const durationMs = quick ? HOUR_MS : 6 * HOUR_MS;
  const rounds = quick ? 1 : 5;
  const runs: Run[] = [];
  for (let round = 0; round <= rounds; round++) {
    const measured = await run(ALONE, durationMs);
    if (round > 0) runs.push(measured);
    progress("simulation", (round + 1) / (rounds + 1) / 3);
  }
  const events = runs.map(({ result, cpuMsPerMarketHour }) =>
    1_000 * (result.cycles + result.ownOrders + result.ownTrades) /
    (cpuMsPerMarketHour * durationMs / HOUR_MS)
  );
  const hours = runs.map(({ cpuMsPerMarketHour }) => 1_000 / cpuMsPerMarketHour);
  const checksum = checksumOf(runs);
  const days = runs.map(dayOf);
  return [
    single("market-day", days, { unit: "s", better: "smaller", limit: 2, checksum }),
    single("market-hours", hours, { unit: "h/s", better: "greater", checksum }),
    single("events", events, { unit: "cycles, orders and trades/s", better: "greater", checksum }),
  ];
}

/** What it costs a market that forty-nine others are worked in the same process. */
async function manyMarkets({ quick, progress }: BenchContext): Promise<BenchResult[]> {
  const durationMs = quick ? HOUR_MS / 12 : HOUR_MS / 4;
  const rounds = quick ? 1 : 5;
  const [apart, together]: [number[], Run[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const each: Run[] = [];
    for (const id of FIFTY) each.push(await run([id], durationMs, NO_LIMITS));
    const all = await run(FIFTY, durationMs, NO_LIMITS);
    progress("simulation: 50 markets", (1 + (round + 1) / (rounds + 1)) / 3);
    if (round === 0) continue;
    apart.push(each.reduce((sum, alone) => sum + dayOf(alone), 0) / MANY);
    together.push(all);
  }
  const days = together.map(dayOf);
  const ratios = pairwise(days, apart);
  return [{
    name: "simulation/50 markets",
    ours: median(days),
    other: median(apart),
    otherIs: "each of them alone",
    ratio: median(ratios),
    unit: "s/market-day",
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    better: "smaller",
    checksum: checksumOf(together),
    target: { of: "ratio", limit: 1.2 },
  }];
}

function checksumOf([first]: readonly Run[]): string {
  return first?.result.digest.slice(0, 16) ?? "";
}

interface Single {
  readonly unit: string;
  readonly better: BenchResult["better"];
  readonly limit?: number;
  readonly checksum: string;
}

/** A figure that is compared with nothing. */
function single(name: string, values: readonly number[], how: Single): BenchResult {
  const { unit, better, limit, checksum } = how;
  return {
    name: `simulation/${name}`,
    ours: median(values),
    other: null,
    otherIs: "",
    ratio: null,
    unit,
    min: Math.min(...values),
    max: Math.max(...values),
    better,
    checksum,
    target: limit === undefined ? null : { of: "ours", limit },
  };
}

/** Seeds of fault schedules, the same in every run. */
const FAULT_SEEDS = [1, 2, 3, 4, 5, 6];

async function faults({ quick, progress }: BenchContext): Promise<BenchResult[]> {
  const seeds = quick ? FAULT_SEEDS.slice(0, 2) : FAULT_SEEDS;
  const troubled: number[] = [];
  const sound: number[] = [];
  const digests: string[] = [];
  for (const [index, seed] of seeds.entries()) {
    const schedule = drawSchedule(seed);
    const cost = async (planned: typeof schedule) => {
      const { cpuMs, value } = await timed(() =>
        runFaults({ schedule: planned, wallClock: systemClock })
      );
      digests.push(value.digest);
      return cpuMs / value.simSeconds * 3_600;
    };
    troubled.push(await cost(schedule));
    sound.push(await cost({ ...schedule, faults: [] }));
    progress("simulation: faults", (2 + (index + 1) / seeds.length) / 3);
  }
  const ratios = pairwise(troubled, sound);
  return [{
    name: "simulation/faults",
    ours: median(troubled),
    other: median(sound),
    otherIs: "the same without faults",
    ratio: median(ratios),
    unit: "ms/simulated hour",
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    better: "smaller",
    checksum: digests[0]?.slice(0, 16) ?? "",
    target: null,
  }];
}
