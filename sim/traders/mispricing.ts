import { bestPrice } from "../../src/models/book.ts";
import type { InsiderWorld } from "./trader.ts";

/**
 * Takes quotes that are wrong by more than an edge, up to a quantity: offers below the truth, bids
 * above it.
 * @returns shares traded
 */
export function takeMispriced(
  { desk, insight }: InsiderWorld,
  { edgeCents, quantity }: { readonly edgeCents: number; readonly quantity: number },
): number {
  const book = desk.book();
  const trueCents = insight.trueCents();
  const ask = bestPrice(book, "ASK");
  const bid = bestPrice(book, "BID");
  if (ask !== null && ask < trueCents - edgeCents) {
    return desk.take("BID", trueCents - edgeCents, quantity);
  }
  if (bid !== null && bid > trueCents + edgeCents) {
    return desk.take("ASK", trueCents + edgeCents, quantity);
  }
  return 0;
}
