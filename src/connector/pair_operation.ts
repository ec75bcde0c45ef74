import type { CommandOutcome, Connector, MaySend, PairResult } from "../connector/connector.ts";
import { VenueCode } from "../connector/connector.ts";
import type { PairOperation } from "../cache/persisted_market.ts";

/** How a mint or burn ended. */
export type PairOperationEnd =
  /** Done, now or at an earlier attempt: book it once, re-read positions. */
  | { readonly kind: "done" }
  /** Definitely not done, and not to be repeated as it is. */
  | { readonly kind: "refused"; readonly code: number; readonly detail: string }
  /** Nobody knows; the same operation with its key may be tried again later. */
  | { readonly kind: "unknown"; readonly detail: string };

/**
 * Sends a mint or burn that has been written down. Safe to repeat with the same operation: the
 * venue answers a key it knows with "already done", in one of two forms (C-32).
 * @param maySend asked before it is sent; if it is not, the operation is as good as unknown
 */
export async function runPairOperation(
  { connector, maySend }: {
    readonly connector: Pick<Connector, "mint" | "burn">;
    readonly maySend: MaySend;
  },
  marketId: string,
  { kind, key, quantity }: PairOperation,
): Promise<PairOperationEnd> {
  if (!maySend()) return { kind: "unknown", detail: "not sent: the right to do so has ended" };
  const request = { marketId, quantity, idempotencyKey: key };
  const outcome: CommandOutcome<PairResult> = kind === "MINT"
    ? await connector.mint(request, maySend)
    : await connector.burn(request, maySend);
  switch (outcome.kind) {
    case "accepted":
      return { kind: "done" };
    case "rejected":
      // A venue that is busy has not said no.
      if (outcome.code === VenueCode.RATE_LIMITED) return unknown(outcome.message);
      return outcome.code === VenueCode.KEY_ALREADY_USED ? { kind: "done" } : {
        kind: "refused",
        code: outcome.code,
        detail: `code ${outcome.code}: ${outcome.message}`,
      };
    case "unknown":
      return unknown(outcome.cause);
  }
}

function unknown(detail: string): PairOperationEnd {
  return { kind: "unknown", detail };
}
