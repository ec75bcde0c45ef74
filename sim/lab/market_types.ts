import { clamp } from "../../src/models/money.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type Scenario, scenarioSchema } from "../scenario/schema.ts";

/** A kind of market: each seed draws another one of it. */
export interface MarketType {
  readonly about: string;
  /** One market of the kind, in the words of a scenario's market. */
  readonly draw: (random: Random) => Readonly<Record<string, unknown>>;
}

/**
 * The pace of a comparison: a fifth of the shipped one, so that ninety minutes take a moment. What
 * the bot counts in cycles lasts as long as with the shipped pace, and the figures are the same.
 */
export const QUOTING_PACE = {
  quote_interval_ms: 10_000,
  defense_cooldown_cycles: 1,
  skew_jump_cycles: 1,
  phase_debounce_cycles: 1,
};

const DURATION = "90m";

/** The anchor is set by somebody who is wrong by so much, cents (standard deviation). */
const ANCHOR_ERROR_CENTS = 4;

const noise = (rate_per_hour: number, more = {}) => ({ kind: "noise", rate_per_hour, ...more });
const informed = (rate_per_hour: number) => ({ kind: "informed", rate_per_hour });

/** The kinds of market by name, in the order in which they are shown. */
export const MARKET_TYPES = {
  calm: {
    about: "the truth hardly moves; 63 arrivals an hour, few of them informed",
    draw: (random) => ({
      ...openedMarket(random),
      traders: [noise(60), informed(3)],
    }),
  },
  news_jumps: {
    about: "the truth jumps twice by 8 to 20 cents; a sniper is there at once",
    draw: (random) => {
      const { anchor, path } = openedMarket(random);
      return {
        anchor,
        path: { start: path.start, jumps: newsFrom(path.start, random) },
        traders: [noise(48), informed(12), { kind: "sniper", size: 100 }],
      };
    },
  },
  informed_10: {
    about: "a tenth of 60 arrivals an hour know the truth, which moves 2 cents an hour",
    draw: (random) => ({
      ...openedMarket(random, { logit_volatility: 0.08 }),
      traders: [noise(54), informed(6)],
    }),
  },
  informed_30: {
    about: "three tenths of 60 arrivals an hour know the truth, which moves 2 cents an hour",
    draw: (random) => ({
      ...openedMarket(random, { logit_volatility: 0.08 }),
      traders: [noise(42), informed(18)],
    }),
  },
  thin: {
    about: "four and a half arrivals an hour",
    draw: (random) => ({ ...openedMarket(random), traders: [noise(4), informed(0.5)] }),
  },
  long_shot: {
    about: "five cents, and people like to buy it too dearly",
    draw: (random) => ({
      anchor: 5,
      path: {
        start: clamp(5 + random.normal(), 2, 9),
        diffusion: "logit",
        logit_volatility: 0.05,
      },
      traders: [noise(40, { patience_cents: 1.2, long_shot_bias: 0.05 }), informed(3)],
    }),
  },
  one_day: {
    about: "the last hour and a half of a market that lives for a day and is decided then",
    draw: (random) => ({
      ...openedMarket(random, { diffusion: "digital" }),
      age: "22h30m",
      ends_in: DURATION,
      traders: [noise(30), informed(10)],
    }),
  },
  thirty_day: {
    about: "an hour and a half in the middle of a market that lives for thirty days",
    draw: (random) => ({
      ...openedMarket(random, { diffusion: "digital" }),
      age: "15d",
      ends_in: "15d",
      traders: [noise(12), informed(1.2)],
    }),
  },
  momentum_crowd: {
    about: "a third of those who are not informed follow every move of the price",
    draw: (random) => ({
      ...openedMarket(random),
      traders: [
        noise(40),
        { kind: "momentum", rate_per_hour: 10 },
        { kind: "momentum", rate_per_hour: 10, window: "5m", chase_cents: 4 },
        informed(6),
      ],
    }),
  },
} as const satisfies Readonly<Record<string, MarketType>>;

/** The name of a kind of market. */
export type MarketTypeName = keyof typeof MARKET_TYPES;

/** The names of all kinds of market. */
// Object.keys() forgets the type of the keys of the record above.
export const MARKET_TYPE_NAMES = Object.keys(MARKET_TYPES) as MarketTypeName[];

/**
 * The market that a seed draws, as a scenario with the pace of a comparison.
 * @param random a stream that belongs to the seed
 */
export function drawnScenario(name: MarketTypeName, random: Random): Scenario {
  const type: MarketType = MARKET_TYPES[name];
  return scenarioSchema.parse({
    name: name.replaceAll("_", "-"),
    description: type.about,
    duration: DURATION,
    quoting: QUOTING_PACE,
    markets: [{ id: "LAB", ...type.draw(random) }],
  });
}

/** An anchor somewhere in the middle, and a truth near it that wanders. */
export function openedMarket(random: Random, path = {}) {
  const anchor = random.integer(30, 70);
  const start = clamp(anchor + ANCHOR_ERROR_CENTS * random.normal(), 10, 90);
  return { anchor, path: { start, diffusion: "logit", logit_volatility: 0.02, ...path } };
}

/** Two jumps, up or down with equal chance, so that the truth stays a martingale. */
function newsFrom(start: number, random: Random) {
  let level = start;
  return [15, 50].map((minute) => {
    const size = Math.min(8 + 12 * random.next(), level - 2, 98 - level);
    level += random.next() < 0.5 ? size : -size;
    return { at: `${minute + random.integer(0, 24)}m`, to: level };
  });
}
