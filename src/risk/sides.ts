import type { Unwinding } from "../models/explanation.ts";
import type { BookSide, DefenseLevel } from "../models/vocabulary.ts";
import { otherSide } from "../models/vocabulary.ts";
import type { Maturity } from "./maturity.ts";
import { fullPauses, type PauseState } from "./pauses.ts";

/** Everything that can take a whole side off the market. */
export interface SideGuards {
  readonly level: DefenseLevel;
  /** What ONE_SIDE quotes; null on every other level, and where it could not be found out. */
  readonly unwinding: Unwinding | null;
  readonly pauses: PauseState;
  readonly maturity: Pick<Maturity, "onlySide" | "stop">;
  /** Sides that an outside price has left behind. */
  readonly exposedSides: readonly BookSide[];
}

/**
 * The guards that withdraw a side, empty if it may be quoted (§10, §15, §16.3 rule 3).
 * EXTREME_PRICE spares the reducing side of ONE_SIDE: getting out at the edge is what that level is
 * for (C-56).
 */
export function withdrawnBy(side: BookSide, guards: SideGuards): readonly string[] {
  const { level, unwinding, pauses, maturity, exposedSides } = guards;
  const reducing = unwinding?.kind === "reduce" && unwinding.side === side;
  const guarding: string[] = [];
  if (level === "KILL_SWITCH") guarding.push("KILL_SWITCH");
  if (level === "ONE_SIDE" && !reducing && unwinding?.kind !== "wide") guarding.push("ONE_SIDE");
  if (pauses.extremeSide === side && !reducing) guarding.push("EXTREME_PRICE");
  if (exposedSides.includes(side)) guarding.push("ORACLE_GAP");
  if (maturity.stop || maturity.onlySide === otherSide(side)) guarding.push("MATURITY");
  for (const reason of fullPauses(pauses)) guarding.push(reason);
  return guarding;
}
