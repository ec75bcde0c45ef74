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

/** By `market/rival/contest`; a star stands for every rival. */
const REASONS: Readonly<Record<string, string>> = {
  "thirty_day/*/error":
    "a dozen arrivals an hour move both sides of an LMSR by a cent each; this " +
    "bot quotes wider in the middle of a long life, is hit less often and learns less",
};

/** The reason for a lost cell, or that there is none. */
export function reasonFor({ place, rival, contest }: Cell): string {
  return REASONS[`${place}/${rival}/${contest}`] ?? REASONS[`${place}/*/${contest}`] ??
    NOT_EXPLAINED;
}
