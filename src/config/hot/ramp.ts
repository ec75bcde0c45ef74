/** Settings that move to a new value by and by (class RAMP, `parameters.md` 2.6). */

import type { MarketConfig } from "../registry.ts";

/** Phase minimum spreads: narrow along a line, widen at once. */
const SPREADS = ["explorationMinSpreadCents", "stabilizationMinSpreadCents"] as const;
/** Risk aversion: approaches its new value. */
const GAMMAS = ["gammaTierEarly", "gammaTierMid", "gammaTierLate", "gammaTierMature"] as const;

/** Every setting of class RAMP. */
export const RAMPED_SETTINGS = [...SPREADS, ...GAMMAS];

type RampedName = (typeof RAMPED_SETTINGS)[number];

const MIN_NARROWING_MS = 10_000;
const NARROWING_MS_PER_CENT = 2000;
/** What is left of the distance to a new gamma after each second. */
const GAMMA_LEFT_PER_SECOND = 0.9;
/** Then less than 0.001 % of the distance is left. */
const GAMMA_SETTLED_MS = 120_000;

/** One setting on its way. */
interface Leg {
  readonly from: number;
  readonly to: number;
  /** When the way began, ms. */
  readonly sinceMs: number;
}

/** How far the settings of class RAMP of one market are on their way. */
export type Ramp = Readonly<Record<RampedName, Leg>>;

/** The ramp of a configuration that is in force as a whole. */
export function settledRamp(config: MarketConfig): Ramp {
  return legs((name) => ({ from: config[name], to: config[name], sinceMs: 0 }));
}

/** Goes for another configuration from where the settings are; what keeps its goal goes on. */
export function headFor(ramp: Ramp, target: MarketConfig, nowMs: number): Ramp {
  return legs((name) => {
    const leg = ramp[name];
    if (leg.to === target[name]) return leg;
    return { from: valueAt(name, leg, nowMs), to: target[name], sinceMs: nowMs };
  });
}

/**
 * The configuration in force on the way to `target`; `target` itself at the end of the way. A
 * minimum spread that is still narrowing never exceeds what the new limits allow.
 */
export function configOnTheWay(ramp: Ramp, target: MarketConfig, nowMs: number): MarketConfig {
  const widest = Math.min(target.spreadMaxCents, target.maxPriceCents - target.minPriceCents);
  const moving = RAMPED_SETTINGS.flatMap((name): [RampedName, number][] => {
    const value = valueAt(name, ramp[name], nowMs);
    const allowed = isSpread(name) ? Math.min(value, widest) : value;
    return allowed === target[name] ? [] : [[name, allowed]];
  });
  if (moving.length === 0) return target;
  return Object.freeze({ ...target, ...Object.fromEntries(moving) });
}

/**
 * A phase minimum spread on its way, whole cents: down in a straight line over 10 s or 2 s a cent,
 * whichever is longer, up at once.
 */
export function spreadOnTheWay(fromCents: number, toCents: number, elapsedMs: number): number {
  if (toCents >= fromCents) return toCents;
  const wayMs = Math.max(MIN_NARROWING_MS, NARROWING_MS_PER_CENT * (fromCents - toCents));
  return Math.round(fromCents + (toCents - fromCents) * Math.min(1, elapsedMs / wayMs));
}

/** A gamma on its way: a tenth of what is left in every second, whatever the steps. */
export function gammaOnTheWay(from: number, to: number, elapsedMs: number): number {
  if (elapsedMs >= GAMMA_SETTLED_MS) return to;
  return to + (from - to) * GAMMA_LEFT_PER_SECOND ** (elapsedMs / 1000);
}

function valueAt(name: RampedName, { from, to, sinceMs }: Leg, nowMs: number): number {
  if (from === to) return to;
  const elapsedMs = Math.max(0, nowMs - sinceMs);
  return isSpread(name) ? spreadOnTheWay(from, to, elapsedMs) : gammaOnTheWay(from, to, elapsedMs);
}

function isSpread(name: RampedName): boolean {
  return SPREADS.some((spread) => spread === name);
}

function legs(legOf: (name: RampedName) => Leg): Ramp {
  return Object.fromEntries(RAMPED_SETTINGS.map((name) => [name, legOf(name)])) as Ramp;
}
