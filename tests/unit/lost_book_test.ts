import assert from "node:assert/strict";
import {
  type BookLook,
  type BookMemory,
  lookAtBook,
  NO_BOOK_SEEN,
} from "../../src/execution/lost_book.ts";
import { levels, type OrderBook } from "../../src/models/book.ts";
import { price } from "../../src/models/money.ts";
import { resting } from "../support/orders.ts";

/** A book with one level a side; a price of 0 leaves the side empty. */
function book(bid: number, ask: number, last: number | null = null): OrderBook {
  return {
    bids: levels("BID", bid === 0 ? [] : [[bid, 10]]),
    asks: levels("ASK", ask === 0 ? [] : [[ask, 10]]),
    lastTradePrice: last === null ? null : price(last),
  };
}

const SOUND = book(48, 52);

/** Looks every two seconds; own orders are as old as the first look. */
function looks(...seen: readonly (Partial<BookLook> & { readonly book: OrderBook })[]): BookMemory {
  const orders = (nowMs: number) => [
    resting(["BUY", "YES", 48, 10], { ageMs: nowMs }),
    resting(["BUY", "NO", 48, 10], { ageMs: nowMs }),
  ];
  return seen.reduce<BookMemory>((memory, look, index) => {
    const nowMs = 2000 * (index + 1);
    return lookAtBook(memory, { orders: orders(nowMs), printed: false, nowMs, ...look });
  }, NO_BOOK_SEEN);
}

Deno.test("lost book: a book whose sides do not meet is no sign", () => {
  assert.equal(looks({ book: SOUND }, { book: SOUND }).lostBeforeMs, -Infinity);
});

Deno.test("lost book: a book without one side is no sign", () => {
  assert.equal(looks({ book: book(0, 52) }, { book: book(48, 0) }).lostBeforeMs, -Infinity);
});

for (const bid of [52, 60]) {
  Deno.test(`lost book: a bid at ${bid} that does not take the ask at 52 is a sign when it stays`, () => {
    const crossed = book(bid, 52);
    assert.equal(looks({ book: SOUND }, { book: crossed }).lostBeforeMs, -Infinity);
    assert.equal(looks({ book: SOUND }, { book: crossed }, { book: crossed }).lostBeforeMs, 4000);
  });
}

Deno.test("lost book: a crossing that lasts is one sign, so new orders are not in doubt", () => {
  const crossed = book(60, 52);
  const seen = Array.from({ length: 20 }, () => ({ book: crossed }));
  assert.equal(looks(...seen).lostBeforeMs, 2000);
});

Deno.test("lost book: a crossing that ends and begins again is a new sign", () => {
  const crossed = book(60, 52);
  const seen = [crossed, crossed, SOUND, crossed, crossed].map((book) => ({ book }));
  assert.equal(looks(...seen).lostBeforeMs, 8000);
});

Deno.test("lost book: a sign is not forgotten when the book is sound again", () => {
  const crossed = book(60, 52);
  assert.equal(looks({ book: crossed }, { book: crossed }, { book: SOUND }).lostBeforeMs, 2000);
});

for (
  const [last, isSign, why] of [
    [53, true, "somebody paid more than the own ask at 52"],
    [52, false, "the own ask may have been behind another at 52"],
    [48, false, "the own bid may have been behind another at 48"],
    [47, true, "somebody sold below the own bid at 48"],
  ] as const
) {
  Deno.test(`lost book: a trade of others at ${last}: ${why}`, () => {
    const memory = looks({ book: SOUND }, { book: book(48, 52, last), printed: true });
    assert.equal(memory.lostBeforeMs, isSign ? 2000 : -Infinity);
  });
}

Deno.test("lost book: an order that was not there before the trade says nothing", () => {
  const orders = [resting(["BUY", "NO", 48, 10], { ageMs: 2000 })];
  const traded = { book: book(48, 52, 60), printed: true, orders };
  assert.equal(looks({ book: SOUND }, traded).lostBeforeMs, -Infinity);
});

Deno.test("lost book: the price of an own or an old trade says nothing", () => {
  assert.equal(looks({ book: SOUND }, { book: book(48, 52, 60) }).lostBeforeMs, -Infinity);
});

Deno.test("lost book: the first look has nothing to compare with", () => {
  assert.equal(looks({ book: book(48, 52, 60), printed: true }).lostBeforeMs, -Infinity);
});
