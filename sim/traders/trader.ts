import { z } from "zod";
import type { Clock } from "../../src/runtime/clock.ts";
import { camelKeys } from "../camel_keys.ts";
import { duration } from "../duration.ts";
import { block, numberBetween, wholeNumber } from "../fields.ts";
import type { Desk } from "./desk.ts";
import type { TraderStreams } from "./streams.ts";

/** A simulated participant of one market, who knows nothing of the bot. */
export interface Trader {
  start(): void;
  /** Acts no more; what rests at the venue stays. */
  stop(): void;
}

/** Everything that an ordinary trader has: a desk at the venue, a watch and moods. */
export interface TraderWorld extends TraderStreams {
  readonly desk: Desk;
  readonly clock: Clock;
}

/** What only a few know. */
export interface Insight {
  /** The true price of YES now, cents. */
  trueCents(): number;
  /** How long until the true price may next move, null if it never will. */
  nextMoveInMs(): number | null;
}

/** The world of a trader who knows the true probability. */
export interface InsiderWorld extends TraderWorld {
  readonly insight: Insight;
}

/** When a trader is there, counted from the start of the market. */
export interface Presence {
  readonly from: number;
  /** For ever, if left out. */
  readonly until?: number | undefined;
}

const presence = {
  from: duration().default(0),
  until: duration().optional(),
};

/**
 * The schema of one kind of trader: its own settings and its presence; unknown settings are errors.
 */
export function traderSchema<const K extends string, S extends z.ZodRawShape>(
  kind: K,
  settings: S,
) {
  return block({ kind: z.literal(kind), ...presence, ...settings }).transform(camelKeys);
}

/** How often something is done; never so often that time would stand still. */
export const intervalSchema = duration(100);
/** A number of shares in one order. */
export const sizeSchema = wholeNumber(1, 10_000);
/** Arrivals of a Poisson process per hour. */
export const rateSchema = numberBetween(0.01, 3_600);
/** A distance between prices, cents. */
export const distanceSchema = numberBetween(0, 98);

/** How a trader spends his time. */
export interface Routine {
  readonly clock: Clock;
  readonly presence: Presence;
  /** How long until the next act; null ends the routine. */
  readonly nextDelayMs: () => number | null;
  readonly act: () => void;
}

/** A trader who acts again and again while present, waiting as long as he likes in between. */
export function routineTrader({ clock, presence, nextDelayMs, act }: Routine): Trader {
  let cancel = () => {};
  return {
    start() {
      const goneMs = clock.monotonicMs() + (presence.until ?? Infinity);
      const plan = (delayMs: number | null) => {
        if (delayMs === null || clock.monotonicMs() + delayMs >= goneMs) return;
        cancel = clock.after(delayMs, () => {
          act();
          plan(nextDelayMs());
        });
      };
      cancel = clock.after(presence.from, () => plan(nextDelayMs()));
    },
    stop: () => cancel(),
  };
}
