/** Why a cell of the comparison is lost, in words; shown only where it is. */

/** What is contested: cost per share, or the error of the price. */
export type Contest = "cost" | "error";

/** A cell of a duel. */
export interface Cell {
  readonly place: string;
  readonly rival: string;
  readonly contest: Contest;
}

/** What stands where nobody has found the reason. */
export const NOT_EXPLAINED = "not explained";

/** Why a fixed narrow spread knows more where few or none of those who come are informed. */
const ASKED_MORE =
  "five cents wide whatever happens, the symmetric maker trades twice as many shares, and each " +
  "of them moves its price; this bot quotes wider while it is in doubt, and is told less";

/** By `market/rival/contest`; a star stands for every rival. */
const REASONS: Readonly<Record<string, string>> = {
  "news_jumps/*/cost":
    "a curve offers two or three shares at each cent, so that who knows of a jump " +
    "finds little at a stale price; this bot offers half of its ladder at the touch, where " +
    "most of the other markets trade, and pays for it here",
  "news_jumps/*/error":
    "a curve follows a sweep to its end at once; this bot has a ladder of three " +
    "cents to be swept, then a cooldown, and believes a part of the move each time",
  "one_day/*/cost":
    "the last hour of a market that is decided then: nobody who quotes both sides " +
    "earns there; this bot trades a third of the curve's volume, and its loss, smaller in " +
    "dollars, falls on fewer shares",
  "momentum_crowd/*/cost":
    "both earn two cents a share or more from those who follow; a curve, two cents wide, sells " +
    "them half as many shares again and spreads its price error over them",
  "calm/symmetric/error": ASKED_MORE,
  "informed_10/symmetric/error": ASKED_MORE,
  "momentum_crowd/symmetric/error": ASKED_MORE,
  "informed_30/*/error": "the curve moves with every share, and here nearly every share is right",
  "thirty_day/*/error":
    "a dozen arrivals an hour move both sides of an LMSR by a cent each; this " +
    "bot quotes wider in the middle of a long life, is hit less often and learns less",
};

/** The reason for a lost cell, or that there is none. */
export function reasonFor({ place, rival, contest }: Cell): string {
  return REASONS[`${place}/${rival}/${contest}`] ?? REASONS[`${place}/*/${contest}`] ??
    NOT_EXPLAINED;
}
