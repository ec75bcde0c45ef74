/** Why a side is quoted as it is, in one sentence. */

import { fine, words } from "./format.js";

/** @import { QuoteStory } from "./types.ts" */

/**
 * Answers "why is my bid 47?".
 * @param {"ask" | "bid"} side
 * @param {QuoteStory} quote
 */
export function sentence(side, quote) {
  const { spread, price, targets } = quote;
  const name = side === "ask" ? "Ask" : "Bid";
  const SIDE = side === "ask" ? "ASK" : "BID";
  const prices = targets.filter((target) => target.side === SIDE).map((target) =>
    target.yes_price_cents
  );
  const obstacle = obstacleOf(SIDE, quote);
  if (prices.length === 0) return `No ${side}: ${obstacle ?? "nothing is left after the guards"}.`;
  const touch = side === "ask" ? Math.min(...prices) : Math.max(...prices);
  if (spread === null || price === null) {
    return `${name} ${touch}: kept, ${quote.note ?? "no price"}.`;
  }
  const { reservation_cents: reservation, shift_cents: shift } = spread;
  const model = side === "ask" ? spread.model_ask_cents : spread.model_bid_cents;
  const aimed = side === "ask" ? spread.ask_cents : spread.bid_cents;
  const half = Math.abs(model - reservation);
  const sign = side === "ask" ? "+" : "−";
  const sum = `fair ${fine(price.fair_cents)} ${shift >= 0 ? "−" : "+"} shift ${
    fine(Math.abs(shift))
  } ${sign} half the spread ${fine(half)} = ${fine(model)}, rounded out to ${aimed}`;
  const more = touch === aimed ? "" : `; the best that may rest is ${touch}${cause(SIDE, quote)}`;
  return `${name} ${touch}: ${sum}${more}.`;
}

/**
 * @param {"ASK" | "BID"} side
 * @param {QuoteStory} quote
 */
function cause(side, { unwinding, removals }) {
  if (unwinding?.kind === "reduce") return " (ONE SIDE: the ladder that reduces)";
  const codes = new Set(
    removals.filter((removal) => removal.side === side).map(({ code }) => code),
  );
  return codes.size === 0 ? "" : ` (${[...codes].map(words).join(", ")})`;
}

/**
 * @param {"ASK" | "BID"} side
 * @param {QuoteStory} quote
 */
function obstacleOf(side, { defense, note, limits, unwinding, removals }) {
  if (defense.latch !== null) return `killed, ${defense.latch.reason} by ${defense.latch.source}`;
  if (defense.pauses.length > 0) return `paused, ${defense.pauses.map(words).join(", ")}`;
  if (note !== null) return note;
  const withdrawn = limits?.[side].withdrawn_by ?? [];
  if (withdrawn.length > 0) return `withdrawn by ${withdrawn.map(words).join(", ")}`;
  if (unwinding?.kind === "reduce" && unwinding.side !== side) {
    return "ONE SIDE, the other side reduces";
  }
  const removal = removals.find((removed) => removed.side === side);
  return removal === undefined ? null : `${words(removal.code)}: ${removal.detail}`;
}
