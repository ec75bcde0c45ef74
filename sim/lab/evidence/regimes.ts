/** Whole days: each seed draws another one of its regime. */

import { type Random, seededRandom } from "../../../src/runtime/random.ts";
import { type Scenario, scenarioSchema } from "../../scenario/schema.ts";
import { MARKET_TYPES, openedMarket, QUOTING_PACE } from "../market_types.ts";

/** A day of a market. */
export interface Regime {
  readonly about: string;
  /** The least share of the time with both sides, outside the ten minutes after a jump. */
  readonly leastTwoSided: number;
  /** One market of the kind, in the words of a scenario's market. */
  readonly draw: (random: Random) => Readonly<Record<string, unknown>>;
}

const noise = (rate_per_hour: number, more = {}) => ({ kind: "noise", rate_per_hour, ...more });
const informed = (rate_per_hour: number, more = {}) => ({
  kind: "informed",
  rate_per_hour,
  ...more,
});

/** The regimes by name, in the order in which they are shown. */
export const REGIMES = {
  calm: {
    about: "20 arrivals an hour, few of them informed",
    leastTwoSided: 0.95,
    draw: (random) => ({ ...openedMarket(random), traders: [noise(20), informed(1)] }),
  },
  thin: {
    about: "two arrivals an hour",
    leastTwoSided: 0.95,
    draw: (random) => ({ ...openedMarket(random), traders: [noise(2), informed(0.2)] }),
  },
  long_shot: {
    about: "five cents, bought too dearly",
    leastTwoSided: 0.95,
    draw: (random) => ({ ...MARKET_TYPES.long_shot.draw(random), traders: longShotTraders() }),
  },
  informed: {
    about: "three tenths of 20 arrivals an hour know the truth, which moves 2 cents an hour",
    leastTwoSided: 0.85,
    draw: (random) => ({
      ...openedMarket(random, { logit_volatility: 0.08 }),
      traders: [noise(14), informed(6)],
    }),
  },
  news: {
    about: "three jumps of 8 to 20 cents, a sniper and informed traders",
    leastTwoSided: 0.85,
    draw: (random) => {
      const { anchor, path } = openedMarket(random);
      return {
        anchor,
        path: { start: path.start, jumps: dayOfNews(path.start, random) },
        traders: [noise(20), informed(6), { kind: "sniper", size: 100 }],
      };
    },
  },
  whale: {
    about: "somebody buys one side for four hours, whatever it costs up to 25 cents more",
    leastTwoSided: 0.85,
    draw: (random) => {
      const { anchor, path } = openedMarket(random);
      const buys = random.next() < 0.5 ? "YES" : "NO";
      const most = (buys === "YES" ? anchor : 100 - anchor) + 25;
      const times = { from: "6h", until: "10h", interval: "60s" };
      return {
        anchor,
        path,
        traders: [
          noise(20),
          { kind: "whale", ...times, buys, total: 5_000, slice: 20, max_price: most },
        ],
      };
    },
  },
  momentum: {
    about: "half of those who are not informed follow every move of the price",
    leastTwoSided: 0.85,
    draw: (random) => ({
      ...openedMarket(random),
      traders: [noise(12), { kind: "momentum", rate_per_hour: 12 }, informed(3)],
    }),
  },
  last_day: {
    about: "the last day of a market, decided at its end",
    leastTwoSided: 0.85,
    draw: (random) => ({
      ...openedMarket(random, { diffusion: "digital" }),
      age: "20d",
      ends_in: "24h",
      traders: [noise(15), informed(3)],
    }),
  },
} as const satisfies Readonly<Record<string, Regime>>;

/** The name of a regime. */
export type RegimeName = keyof typeof REGIMES;

/** The names of all regimes. */
// Object.keys() forgets the type of the keys of the record above.
export const REGIME_NAMES = Object.keys(REGIMES) as RegimeName[];

/** The day that a seed draws, with the pace of a comparison. */
export function dayOf(name: RegimeName, seed: number): Scenario {
  const { about, draw }: Regime = REGIMES[name];
  return scenarioSchema.parse({
    name: `day-of-${name.replaceAll("_", "-")}`,
    description: about,
    duration: "24h",
    quoting: QUOTING_PACE,
    markets: [{ id: "DAY", ...draw(seededRandom(seed).fork(name)) }],
  });
}

function longShotTraders() {
  return [noise(12, { patience_cents: 1.2, long_shot_bias: 0.05 }), informed(1)];
}

/** A jump in every third of the day, up or down with equal chance. */
function dayOfNews(start: number, random: Random) {
  let level = start;
  return [1, 9, 17].map((hour) => {
    const size = Math.min(8 + 12 * random.next(), level - 2, 98 - level);
    level += random.next() < 0.5 ? size : -size;
    return { at: `${hour * 60 + random.integer(0, 400)}m`, to: level };
  });
}
