import type { QuoteFunding } from "../../src/models/vocabulary.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import { ALL_QUIRKS, type QuirkId } from "../exchange/mod.ts";
import {
  type FaultSchedule,
  type PlannedFault,
  STORE_FAULTS,
  type StoreFaultKind,
  WIRE_FAULTS,
  type WireFaultKind,
} from "./schedule.ts";

/**
 * An order that takes from several others, and a replacement that arrives after its order was
 * cancelled, leave less frozen than the orders need: the last of them cannot be cancelled any more.
 * No caution keeps a late request away, or another order from being in the way.
 */
const WITHOUT_RESCUE: readonly QuirkId[] = ["Q-08", "Q-12"];
/**
 * Mints that never work, and trades of stock that cannot be cleared, so that an order which would
 * make one is refused for ever: who quotes from stock cannot be asked to quote then.
 */
const AGAINST_STOCK: readonly QuirkId[] = ["Q-01", "Q-02"];

const MIN_CHAOS_MS = 45_000;
/** So many faults meet the bot while it starts. */
const EARLY_SHARE = 0.15;
const EARLY_MS = 400;
const MAX_CHAOS_MS = 150_000;

/** Draws what goes wrong under a seed. */
export function drawSchedule(seed: number): FaultSchedule {
  const random = seededRandom(seed).fork("faults");
  const processes = random.next() < 0.6 ? 1 : random.integer(2, 3);
  const markets = random.next() < 0.7 ? 1 : 2;
  const chaosMs = random.integer(MIN_CHAOS_MS, MAX_CHAOS_MS);
  const world = { random, processes, markets, chaosMs };
  const faults = Array.from({ length: random.integer(2, 12) }, () => drawFault(world));
  const funding = drawFunding(seed);
  return {
    seed,
    processes,
    markets: markets > 1 ? markets + drawThird(seed) : markets,
    funding,
    quirks: drawQuirks(seed, funding),
    chaosMs,
    faults: faults.sort((a, b) => a.atMs - b.atMs),
  };
}

/** From the third on, markets share a list of their orders. */
function drawThird(seed: number): number {
  return seededRandom(seed).fork("third market").integer(0, 1);
}

/** From numbers of its own, so that the faults of a seed are the same with any of them. */
function drawFunding(seed: number): QuoteFunding {
  const dice = seededRandom(seed).fork("funding").next();
  return dice < 0.6 ? "inventory" : dice < 0.85 ? "inventory_then_cash" : "cash";
}

/** Half of the seeds have a flawless venue, the others some of the defects of the deployed one. */
function drawQuirks(seed: number, funding: QuoteFunding): readonly QuirkId[] {
  const random = seededRandom(seed).fork("quirks");
  if (random.next() < 0.5) return [];
  const share = random.next();
  return ALL_QUIRKS.filter((quirk) =>
    random.next() < share && !WITHOUT_RESCUE.includes(quirk) &&
    (funding === "cash" || !AGAINST_STOCK.includes(quirk))
  );
}

/** The tests have less time than the command. */
const HURRY = 3;

/** The same faults, one sooner after the other. */
export function hurried(schedule: FaultSchedule): FaultSchedule {
  const sooner = (ms: number) => Math.round(ms / HURRY);
  return {
    ...schedule,
    chaosMs: sooner(schedule.chaosMs),
    faults: schedule.faults.map((fault) => ({
      ...fault,
      atMs: sooner(fault.atMs),
      ...("forMs" in fault ? { forMs: sooner(fault.forMs) } : {}),
    })),
  };
}

interface World {
  readonly random: Random;
  readonly processes: number;
  readonly markets: number;
  readonly chaosMs: number;
}

function drawFault(world: World): PlannedFault {
  const { random } = world;
  const isEarly = random.next() < EARLY_SHARE;
  const atMs = random.integer(0, isEarly ? EARLY_MS : world.chaosMs - 1_000);
  const process = random.integer(0, world.processes - 1);
  const dice = random.next();
  if (dice < 0.5) return disturbance(pick(random, WIRE_FAULTS), world, atMs);
  if (dice < 0.65) return disturbance(pick(random, STORE_FAULTS), world, atMs);
  if (dice < 0.8) {
    const [events, downMs] = [random.integer(0, 40), random.integer(0, 20_000)];
    return { kind: "process_killed", atMs, process, events, downMs };
  }
  return rareFault(world, atMs, process);
}

function disturbance<Kind extends WireFaultKind | StoreFaultKind>(
  kind: Kind,
  { random, processes, chaosMs }: World,
  atMs: number,
) {
  const forMs = Math.min(chaosMs - atMs, Math.round(500 + random.exponential(12_000)));
  const share = random.next() < 0.4 ? 1 : 0.05 + 0.6 * random.next();
  return { kind, atMs, forMs, share, process: random.integer(0, processes - 1) };
}

const BAD_SETTINGS = [
  ["kappa", "-3"],
  ["kappa", "many"],
  ["max_order_age_ms", "soon"],
  ["base_order_quantity", "0"],
  ["spread_min_cents", "99999"],
  ["no_such_setting", "1"],
] as const;

function rareFault({ random, markets, chaosMs }: World, atMs: number, process: number) {
  const market = random.integer(0, markets - 1);
  const forMs = Math.min(chaosMs - atMs, random.integer(500, 20_000));
  const kinds = [
    "store_emptied",
    "process_frozen",
    "clock_jumped",
    "market_status",
    "venue_restarted",
    "operator_kill",
    "operator_kill",
    "settings_written",
  ] as const;
  const kind = pick(random, kinds);
  switch (kind) {
    case "store_emptied":
    case "venue_restarted":
      return { kind, atMs };
    case "process_frozen":
      return { kind, atMs, forMs, process, slept: random.next() < 0.3 };
    case "clock_jumped":
      return { kind, atMs, process, byMs: random.integer(-120_000, 120_000) };
    case "market_status":
      return { kind, atMs, forMs, market, status: pick(random, ["SUSPENDED", "HALTED"] as const) };
    case "operator_kill":
      return { kind, atMs, market: random.next() < 0.3 ? null : market };
    case "settings_written": {
      const isGood = random.next() < 0.3;
      const [setting, value] = isGood ? ["kappa", "1.5"] as const : pick(random, BAD_SETTINGS);
      return { kind, atMs, market, setting, value, isGood };
    }
  }
}

function pick<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[random.integer(0, choices.length - 1)];
  if (chosen === undefined) throw new RangeError("Cannot choose from nothing");
  return chosen;
}
