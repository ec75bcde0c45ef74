import { memoryUsage } from "node:process";
import { systemClock } from "../../src/runtime/clock.ts";
import { optimalSpread, reservationPrice } from "../../src/strategy/avellaneda_stoikov.ts";
import { median, pairwise, quantile, timed } from "../measure.ts";
import { type BenchContext, type BenchFamily, type BenchResult, plainResult } from "../result.ts";
import { CONFIG, drawMoments, type Moment, quote } from "./moments.ts";

/** A full quote decision against the bare formula it is built around. */
export const DECISION: BenchFamily = {
  title: "Quote decision",
  method:
    "Consecutive cycles of one market with the shipped settings, ten levels of others a side " +
    "and own orders resting: pricing, Avellaneda–Stoikov, ladders, defence, sanitizer, funding, " +
    "explanation and order diff. `other` is the reservation price and spread of the paper alone: " +
    "the price of everything around the formula. The time of one decision is wall time, with " +
    "what the collector takes in between; allocation is the growth of the heap between collections.",
  run: measure,
};

/** The formula is so short that one call cannot be timed. */
const FORMULA_REPEATS = 100;

async function measure({ quick, progress }: BenchContext): Promise<readonly BenchResult[]> {
  const moments = drawMoments(quick ? 500 : 2_000);
  const rounds = quick ? 5 : 30;
  const decisions: number[] = [];
  const formulas: number[] = [];
  for (let round = -3; round < rounds; round++) {
    const ours = await timed(() => moments.forEach(quote));
    const bare = await timed(() => bareFormula(moments));
    progress("decision", (round + 4) / (rounds + 3));
    if (round < 0) continue;
    decisions.push(1_000 * moments.length / ours.cpuMs);
    formulas.push(1_000 * moments.length * FORMULA_REPEATS / bare.cpuMs);
  }
  const ratios = pairwise(decisions, formulas);
  const checksum = checksumOf(moments);
  const times = latencies(moments, quick ? 5 : 20);
  const figure = (name: string, ours: number, unit: string, limit: number | null) =>
    plainResult({ name: `decision/${name}`, ours, unit, limit, checksum });
  return [
    {
      ...figure("rate", median(decisions), "decisions/s", 300_000),
      other: median(formulas),
      otherIs: "bare formula",
      ratio: median(ratios),
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      better: "greater",
    },
    figure("time p50", 1_000 * quantile(times, 0.5), "µs", null),
    figure("time p99", 1_000 * quantile(times, 0.99), "µs", 20),
    figure("allocated", allocatedBytes(moments), "bytes", 2_000),
  ];
}

/** Reservation price and spread of the paper, for the price and the skew of each moment. */
function bareFormula(moments: readonly Moment[]): number {
  let sum = 0;
  for (const { before: { previousRawCents, position } } of moments) {
    const fair = previousRawCents ?? 50;
    const gamma = 0.1;
    for (let repeat = 0; repeat < FORMULA_REPEATS; repeat++) {
      const skew = (position.yes - position.no + repeat) / 10_000;
      const variance = 0.2 + repeat / 1_000;
      sum += reservationPrice({ fair, skew, gamma, variance }) +
        optimalSpread({ gamma, kappa: CONFIG.kappa, variance, riskWeight: 1 });
    }
  }
  return sum;
}

/** Wall time of single decisions, ms. */
function latencies(moments: readonly Moment[], rounds: number): number[] {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const moment of moments) {
      const startedMs = systemClock.monotonicMs();
      quote(moment);
      times.push(systemClock.monotonicMs() - startedMs);
    }
  }
  return times;
}

/** Decisions of one batch: so few that no collection comes between, mostly. */
const BATCH = 50;

/** Bytes that a decision leaves on the heap, its result included: median of many batches. */
function allocatedBytes(moments: readonly Moment[]): number {
  const grown: number[] = [];
  for (let from = 0; from + BATCH <= moments.length; from += BATCH) {
    const before = memoryUsage().heapUsed;
    for (const moment of moments.slice(from, from + BATCH)) quote(moment);
    grown.push((memoryUsage().heapUsed - before) / BATCH);
  }
  return median(grown.filter((bytes) => bytes > 0));
}

/** Thirty-two bits of FNV-1a over all orders wanted and all steps planned. */
function checksumOf(moments: readonly Moment[]): string {
  let hash = 0x811c9dc5;
  const take = (figure: number) => {
    hash = Math.imul(hash ^ figure, 0x01000193) >>> 0;
  };
  for (const moment of moments) {
    const { decision, actions } = quote(moment);
    for (const { yesPrice, quantity } of decision.targets ?? []) {
      take(yesPrice);
      take(quantity);
    }
    for (const { kind } of actions) take(kind.length);
  }
  return hash.toString(16).padStart(8, "0");
}
