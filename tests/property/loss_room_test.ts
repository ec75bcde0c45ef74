import assert from "node:assert/strict";
import fc from "fast-check";
import type { Holdings } from "../../src/models/inventory.ts";
import { cents, feeCents, price, shares } from "../../src/models/money.ts";
import type { BookQuote } from "../../src/models/order.ts";
import type { BookSide, QuoteFunding } from "../../src/models/vocabulary.ts";
import { applyFill } from "../../src/risk/holdings.ts";
import { bookFill, bookMint, type Ledger, openLedger } from "../../src/risk/ledger.ts";
import { lossAtSettlementCents, lossRoomCents, withinLossRoom } from "../../src/risk/loss_room.ts";
import { fillOf, holding, type Trade } from "../support/risk.ts";

const FUNDING = 1_000_000;
const PAIRS = 3_000;
const SIDES: readonly BookSide[] = ["ASK", "BID"];

/** The books of a market, and what the venue has charged. */
interface Books {
  readonly ledger: Ledger;
  readonly holdings: Holdings;
}

/** A ladder before it is scaled: prices outwards from a top. */
const ladders = (side: BookSide): fc.Arbitrary<readonly BookQuote[]> =>
  fc.tuple(
    fc.integer({ min: 1, max: 99 }),
    fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 6 }),
  ).map(([top, sizes]) =>
    sizes.map((quantity, level) => ({ at: side === "ASK" ? top + level : top - level, quantity }))
      .filter(({ at }) => at >= 1 && at <= 99)
      .map(({ at, quantity }, level) => ({
        side,
        price: price(at),
        quantity: shares(quantity),
        level,
        reason: "ladder",
      }))
  );

/** A cycle: new ladders, and in which order and how far they are filled. */
const cycles = fc.array(
  fc.record({
    ASK: ladders("ASK"),
    BID: ladders("BID"),
    fills: fc.array(
      fc.record({
        side: fc.constantFrom(...SIDES),
        level: fc.nat({ max: 5 }),
        part: fc.constantFrom(0.1, 0.5, 1, 1),
      }),
      { maxLength: 16 },
    ),
  }),
  { maxLength: 12 },
);

const settings = fc.record({
  maxPerMarketLossCents: fc.integer({ min: 1_000, max: 200_000 }),
  ladderLossRatio: fc.double({ min: 0.01, max: 1, noNaN: true }),
  minOrderQty: fc.integer({ min: 1, max: 20 }),
  takerBps: fc.constantFrom(0, 0, 100, 1_000),
});
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;

/** What a mode makes of a book quote: it sells what it holds, or buys the other contract. */
function tradeOf(quote: BookQuote, quantity: number, mode: QuoteFunding, books: Books): Trade {
  const isAsk = quote.side === "ASK";
  const stock = isAsk ? books.holdings.yes : books.holdings.no;
  const sells = mode === "inventory" || mode === "inventory_then_cash" && stock >= quantity;
  const own = isAsk ? quote.price : 100 - quote.price;
  return sells
    ? ["SELL", isAsk ? "YES" : "NO", own, Math.min(quantity, stock)]
    : ["BUY", isAsk ? "NO" : "YES", 100 - own, quantity];
}

function booked({ ledger, holdings }: Books, trade: Trade, bps: number): Books {
  const [, , at, quantity] = trade;
  const fill = fillOf(trade, { feeCents: feeCents(cents(at * quantity), bps) });
  return { ledger: bookFill(ledger, fill), holdings: applyFill(holdings, fill).holdings };
}

function opened(mode: QuoteFunding): Books {
  const ledger = openLedger(cents(FUNDING));
  return mode === "cash"
    ? { ledger, holdings: holding(0, 0) }
    : { ledger: bookMint(ledger, shares(PAIRS)), holdings: holding(PAIRS, PAIRS) };
}

/** The result if YES wins and if NO does, cents. */
function results({ ledger, holdings }: Books): readonly [number, number] {
  const cash = ledger.marketCashCents - FUNDING;
  return [cash + 100 * holdings.yes, cash + 100 * holdings.no];
}

type Cycle = typeof cycles extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

/** Fills of one cycle against what rests; sizes that rest become smaller. */
function filled(
  books: Books,
  resting: Map<BookQuote, number>,
  cycle: Cycle,
  { mode, bps, check }: {
    readonly mode: QuoteFunding;
    readonly bps: number;
    readonly check: (books: Books) => void;
  },
): Books {
  let now = books;
  for (const { side, level, part } of cycle.fills) {
    const found = [...resting].filter(([quote]) => quote.side === side)[level];
    if (found === undefined) continue;
    const [quote, left] = found;
    const trade = tradeOf(quote, Math.ceil(left * part), mode, now);
    if (trade[3] === 0) continue;
    now = booked(now, trade, bps);
    resting.set(quote, left - trade[3]);
    if (left === trade[3]) resting.delete(quote);
    check(now);
  }
  return now;
}

const terms = ({ ladderLossRatio: lossRatio, minOrderQty }: Settings) => ({
  lossRatio,
  minOrderQty,
});

function ladder(quotes: readonly BookQuote[], side: BookSide, books: Books, set: Settings) {
  return withinLossRoom(quotes, lossRoomCents(side, books, set), terms(set));
}

for (const mode of ["inventory", "cash", "inventory_then_cash"] as const) {
  Deno.test(`loss room: whatever is filled, the result at settlement stays above the budget and the fees, ${mode}`, () => {
    fc.assert(
      fc.property(cycles, settings, (all, set) => {
        let books = opened(mode);
        const check = (now: Books) => {
          const least = -set.maxPerMarketLossCents - now.ledger.feesPaidCents;
          for (const result of results(now)) assert.ok(result >= least, `${result} < ${least}`);
        };
        for (const cycle of all) {
          const quotes = SIDES.flatMap((side) => ladder(cycle[side], side, books, set));
          const resting = new Map(quotes.map((quote) => [quote, quote.quantity as number]));
          books = filled(books, resting, cycle, { mode, bps: set.takerBps, check });
        }
      }),
      { numRuns: 300 },
    );
  });

  Deno.test(`loss room: orders of the cycle before that still rest cost at most their own ladder, ${mode}`, () => {
    fc.assert(
      fc.property(cycles, settings, (all, set) => {
        let books = opened(mode);
        let old = new Map<BookQuote, number>();
        let overlap = 0;
        for (const cycle of all) {
          const quotes = SIDES.flatMap((side) => ladder(cycle[side], side, books, set));
          // The new ladders rest before the old ones are gone.
          const resting = new Map([
            ...old,
            ...quotes.map((quote) => [quote, quote.quantity as number] as const),
          ]);
          // Two ladders of at most half of the room fit into it together.
          if (set.ladderLossRatio > 0.5) {
            overlap = Math.max(overlap, ...SIDES.map((side) => atStake(old, side)));
          }
          const check = (now: Books) => {
            const least = -set.maxPerMarketLossCents - now.ledger.feesPaidCents - overlap;
            for (const result of results(now)) assert.ok(result >= least, `${result} < ${least}`);
          };
          books = filled(books, resting, cycle, { mode, bps: set.takerBps, check });
          old = new Map([...resting].filter(([quote]) => quotes.includes(quote)));
        }
      }),
      { numRuns: 300 },
    );
  });
}

function atStake(resting: ReadonlyMap<BookQuote, number>, side: BookSide): number {
  return [...resting].filter(([quote]) => quote.side === side)
    .reduce(
      (sum, [quote, left]) => sum + lossAtSettlementCents({ ...quote, quantity: shares(left) }),
      0,
    );
}

Deno.test("loss room: scaling never enlarges, adds or moves a level, and keeps to its part of the room", () => {
  fc.assert(
    fc.property(
      fc.oneof(ladders("ASK"), ladders("BID")),
      settings,
      fc.integer({ min: 0, max: 300_000 }),
      (quotes, set, room) => {
        const scaled = withinLossRoom(quotes, room, terms(set));
        for (const quote of scaled) {
          const whole = quotes.find(({ level }) => level === quote.level);
          assert.ok(whole !== undefined && quote.quantity <= whole.quantity && quote.quantity > 0);
          assert.deepEqual({ ...quote, quantity: whole.quantity }, whole);
        }
        const taken = scaled.reduce((sum, quote) => sum + lossAtSettlementCents(quote), 0);
        const isLeast = scaled.length === 1 && (scaled[0]?.quantity ?? 0) <= set.minOrderQty;
        assert.ok(taken <= (isLeast ? room / 2 : set.ladderLossRatio * room + 1e-6), `${taken}`);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("loss room: a ladder that fits is left alone, and a side with room is never quoted away", () => {
  fc.assert(
    fc.property(fc.oneof(ladders("ASK"), ladders("BID")), settings, (quotes, set) => {
      const all = quotes.reduce((sum, quote) => sum + lossAtSettlementCents(quote), 0);
      assert.deepEqual(
        withinLossRoom(quotes, Math.ceil(all / set.ladderLossRatio), terms(set)),
        quotes,
      );
      const room = 200 * set.minOrderQty;
      assert.equal(withinLossRoom(quotes, room, terms(set)).length > 0, quotes.length > 0);
      assert.deepEqual(withinLossRoom(quotes, 0, terms(set)), []);
    }),
    { numRuns: 300 },
  );
});
