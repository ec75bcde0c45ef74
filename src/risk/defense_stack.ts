/**
 * The defence stack (§10): NORMAL < WIDEN < ONE_SIDE < KILL_SWITCH. It goes up at once, comes down
 * one step at a time after calm cycles, and a kill is latched until a person releases it. Needs no
 * price of this cycle, so it can be evaluated although pricing failed (L-69).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { DefenseTrigger, KillLatch } from "../models/explanation.ts";
import {
  type DefenseLevel,
  higherLevel,
  type KillReason,
  levelRank,
  type MarketStatus,
} from "../models/vocabulary.ts";

/** What the stack remembers from one cycle to the next. */
export interface DefenseState {
  readonly level: DefenseLevel;
  /** Consecutive cycles in which the present level was not needed. */
  readonly calmCycles: number;
  /** Not null exactly when the level is KILL_SWITCH. */
  readonly latch: KillLatch | null;
  /** When ONE_SIDE was entered, null on every other level. */
  readonly oneSideSinceMs: number | null;
}

/** The part of the state that outlives the process (state and events spec §2.5). */
export type PersistedDefense = Pick<DefenseState, "level" | "calmCycles" | "latch">;

/** Nothing is wrong, and nothing was. */
export const CALM: DefenseState = {
  level: "NORMAL",
  calmCycles: 0,
  latch: null,
  oneSideSinceMs: null,
};

/** What the stack looks at. */
export interface DefenseInput {
  /** q: effective skew, -1 to 1 (§0.6). */
  readonly skew: number;
  /** Worse of the market's profit of the day and in total, cents. */
  readonly riskPnlCents: number;
  /** Profit of the day over all markets of all instances, cents. */
  readonly globalDayPnlCents: number;
  /** `max_daily_loss_cents`. */
  readonly maxDailyLossCents: number;
  readonly equityCents: number;
  /** The status last confirmed; one that is too old to believe is a PAUSE, not a KILL (§10.2). */
  readonly marketStatus: MarketStatus;
  /** What other guards ask for: skew speed, velocity, drift, maturity, a degraded venue. */
  readonly guards: readonly DefenseTrigger[];
  /** Epoch milliseconds of a clock that never goes backwards (L-71). */
  readonly nowMs: number;
}

/** The settings the stack reads. */
export type DefenseConfig = Pick<
  MarketConfig,
  | "inventorySkewWiden"
  | "inventorySkewOneSide"
  | "inventorySkewKill"
  | "maxPerMarketLossCents"
  | "oneSideLossRatio"
  | "minAssetFloorCents"
  | "defenseCooldownCycles"
  | "defenseHysteresis"
  | "killAutoResumeOnActive"
>;

/** The new state and every rule that asked for a level. */
export interface DefenseDecision {
  readonly state: DefenseState;
  readonly triggers: readonly DefenseTrigger[];
}

/** One evaluation, once per cycle (§10). */
export function evaluateDefense(
  state: DefenseState,
  input: DefenseInput,
  config: DefenseConfig,
): DefenseDecision {
  const triggers: DefenseTrigger[] = [];
  addInputRules(triggers, input);
  addLimitRules(triggers, input, config);
  triggers.push(...input.guards);
  const from = mayResume(state, triggers, config) ? CALM : state;
  return { state: nextState(from, triggers, input, config), triggers };
}

/**
 * The latch that holds when one comes while another may hold already: the first reason is kept,
 * except that a market status, which may heal by itself, gives way to any other cause.
 */
export function firstLatch(held: KillLatch | null, latch: KillLatch): KillLatch {
  return held !== null && (held.reason !== "STATUS" || latch.reason === "STATUS") ? held : latch;
}

/** Latches a kill from outside the stack: an administrator's, or the global latch. */
export function latchKill(state: DefenseState, latch: KillLatch): DefenseState {
  const first = firstLatch(state.latch, latch);
  return first === state.latch ? state : killedBy(first);
}

/** The state of a market that a latch keeps from being quoted. */
export function killedBy(latch: KillLatch): DefenseState {
  return { ...CALM, level: "KILL_SWITCH", latch };
}

/**
 * Releases a latched kill, by an administrator. What comes next is decided by a fresh evaluation
 * from NORMAL: if the cause still holds, that latches again in the same cycle.
 */
export function releaseKill(state: DefenseState): DefenseState {
  return state.latch === null ? state : CALM;
}

/**
 * The state after a restart. The latch alone decides about KILL_SWITCH; patience in ONE_SIDE starts
 * anew.
 * @param nowMs as in {@link DefenseInput}
 */
export function restoreDefense(saved: PersistedDefense, nowMs: number): DefenseState {
  if (saved.latch !== null) return latchKill(CALM, saved.latch);
  if (saved.level === "KILL_SWITCH") return CALM;
  return { ...atLevel(saved.level, nowMs), calmCycles: saved.calmCycles };
}

function nextState(
  state: DefenseState,
  triggers: readonly DefenseTrigger[],
  input: DefenseInput,
  config: DefenseConfig,
): DefenseState {
  const kill = gravestKill(triggers);
  if (kill !== undefined) return latchKill(state, latchOf(kill, input.nowMs));
  if (state.latch !== null) return state;
  const asked = triggers.reduce<DefenseLevel>(
    (top, { level }) => higherLevel(top, level),
    "NORMAL",
  );
  if (levelRank(asked) > levelRank(state.level)) return atLevel(asked, input.nowMs);
  if (asked === state.level || !isCalm(state.level, input, config)) {
    return state.calmCycles === 0 ? state : { ...state, calmCycles: 0 };
  }
  const calmCycles = state.calmCycles + 1;
  if (calmCycles < config.defenseCooldownCycles) return { ...state, calmCycles };
  return atLevel(state.level === "ONE_SIDE" ? "WIDEN" : "NORMAL", input.nowMs);
}

function atLevel(level: DefenseLevel, nowMs: number): DefenseState {
  return { ...CALM, level, oneSideSinceMs: level === "ONE_SIDE" ? nowMs : null };
}

/** Hysteresis: a level is left only well below the figures at which it is entered. */
function isCalm(level: DefenseLevel, input: DefenseInput, config: DefenseConfig): boolean {
  const { inventorySkewWiden, inventorySkewOneSide, defenseHysteresis } = config;
  const enteredAt = level === "ONE_SIDE" ? inventorySkewOneSide : inventorySkewWiden;
  // The slack absorbs binary noise: 0.6 - 0.05 is a little less than 0.55.
  const skewIsCalm = Math.abs(input.skew) <= enteredAt - defenseHysteresis + 1e-9;
  const pnlIsCalm = level !== "ONE_SIDE" || input.riskPnlCents >= -0.9 * oneSideLoss(config);
  return skewIsCalm && pnlIsCalm;
}

function oneSideLoss(config: DefenseConfig): number {
  return config.oneSideLossRatio * config.maxPerMarketLossCents;
}

/**
 * True if the opt-in of `kill_auto_resume_on_active` applies: only the status was wrong, and it is
 * not any more.
 */
function mayResume(
  state: DefenseState,
  triggers: readonly DefenseTrigger[],
  config: DefenseConfig,
): boolean {
  return config.killAutoResumeOnActive && state.latch?.reason === "STATUS" &&
    gravestKill(triggers) === undefined;
}

function gravestKill(triggers: readonly DefenseTrigger[]): DefenseTrigger | undefined {
  let status: DefenseTrigger | undefined;
  for (const trigger of triggers) {
    if (trigger.level !== "KILL_SWITCH") continue;
    if (trigger.killReason !== "STATUS") return trigger;
    status ??= trigger;
  }
  return status;
}

function latchOf({ rule, killReason }: DefenseTrigger, atMs: number): KillLatch {
  // A guard that kills without saying why cannot be trusted in anything else either.
  return { reason: killReason ?? "INVALID_INPUT", atMs, source: rule };
}

/**
 * Rules on what cannot be true of a healthy market: figures that are no numbers, a status other
 * than ACTIVE.
 */
function addInputRules(triggers: DefenseTrigger[], input: DefenseInput): void {
  const { skew, riskPnlCents, globalDayPnlCents, equityCents, marketStatus } = input;
  const kill = (rule: string, value: number, killReason: KillReason) =>
    triggers.push({ level: "KILL_SWITCH", limit: 0, rule, value, killReason });
  const mustBeFinite = (name: string, value: number) => {
    if (!Number.isFinite(value)) kill(`invalid ${name}`, value, "INVALID_INPUT");
  };
  mustBeFinite("riskPnlCents", riskPnlCents);
  mustBeFinite("globalDayPnlCents", globalDayPnlCents);
  mustBeFinite("equityCents", equityCents);
  if (!(Math.abs(skew) <= 1)) kill("invalid skew", skew, "INVALID_INPUT");
  if (marketStatus !== "ACTIVE") kill(`market_status ${marketStatus}`, 1, "STATUS");
}

/** Rules on figures and their limits, named after the setting; comparisons are strict (C-05). */
function addLimitRules(
  triggers: DefenseTrigger[],
  input: DefenseInput,
  config: DefenseConfig,
): void {
  const above = (value: number, limit: number, terms: Omit<DefenseTrigger, "value" | "limit">) => {
    if (value > limit) triggers.push({ ...terms, value, limit });
  };
  const skew = Math.abs(input.skew);
  above(skew, config.inventorySkewWiden, SKEW_WIDEN);
  above(skew, config.inventorySkewOneSide, SKEW_ONE_SIDE);
  above(skew, config.inventorySkewKill, SKEW_KILL);
  const loss = -input.riskPnlCents;
  above(loss, oneSideLoss(config), LOSS_ONE_SIDE);
  above(loss, config.maxPerMarketLossCents, LOSS_KILL);
  above(-input.globalDayPnlCents, input.maxDailyLossCents, GLOBAL_LOSS_KILL);
  const floor = config.minAssetFloorCents;
  if (floor === null || input.equityCents >= floor) return;
  triggers.push({ ...ASSET_FLOOR_KILL, value: input.equityCents, limit: floor });
}

const SKEW_WIDEN = { rule: "inventory_skew_widen", level: "WIDEN" } as const;
const SKEW_ONE_SIDE = { rule: "inventory_skew_one_side", level: "ONE_SIDE" } as const;
const SKEW_KILL = {
  rule: "inventory_skew_kill",
  level: "KILL_SWITCH",
  killReason: "SKEW",
} as const;
const LOSS_ONE_SIDE = { rule: "one_side_loss_ratio", level: "ONE_SIDE" } as const;
const LOSS_KILL = {
  rule: "max_per_market_loss_cents",
  level: "KILL_SWITCH",
  killReason: "LOSS",
} as const;
const GLOBAL_LOSS_KILL = {
  rule: "max_daily_loss_cents",
  level: "KILL_SWITCH",
  killReason: "GLOBAL_LOSS",
} as const;
const ASSET_FLOOR_KILL = {
  rule: "min_asset_floor_cents",
  level: "KILL_SWITCH",
  killReason: "ASSET_FLOOR",
} as const;
