import assert from "node:assert/strict";
import { price } from "../../src/models/money.ts";
import { recompute } from "../support/recompute.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

Deno.test("explain: every held cycle tells of its quote, the present one and any before it", async () => {
  const venue = new TestVenue();
  await venue.start(60);
  venue.take("YES", 60, 30);
  await venue.run(60);
  const held = venue.service.explanations(MARKET);
  assert.deepEqual(held.map(({ cycle }) => cycle), held.map((_, index) => index + 1));
  assert.deepEqual(held.at(-1), venue.report().explanation);
  for (const quote of held) {
    const { bid, ask, quotes } = recompute(quote);
    assert.deepEqual([bid, ask], [quote.spread?.bid, quote.spread?.ask]);
    assert.deepEqual(
      quotes,
      quote.quotes.map(({ side, price, quantity }) => ({ side, price, quantity })),
    );
  }
  // Somebody has bought 30: the skew and the learner have moved, and the terms say so.
  const [first, last] = [held[0], held.at(-1)];
  assert.ok((last?.inventory.effectiveSkew ?? 0) < (first?.inventory.effectiveSkew ?? 0));
  assert.ok((last?.price?.posteriorCents ?? 0) > (first?.price?.posteriorCents ?? 0));
  await venue.stop();
});

Deno.test("explain: not more cycles are held than the setting says, and the newest always", async () => {
  const venue = new TestVenue({ markets: [{ marketId: MARKET, explanationHistory: 5 }] });
  await venue.start(60);
  const held = venue.service.explanations(MARKET);
  const { cycles } = venue.report();
  assert.deepEqual(held.map(({ cycle }) => cycle), [4, 3, 2, 1, 0].map((ago) => cycles - ago));
  await venue.stop();
  const none = new TestVenue({ markets: [{ marketId: MARKET, explanationHistory: 0 }] });
  await none.start(60);
  assert.deepEqual(none.service.explanations(MARKET), [none.report().explanation]);
  await none.stop();
});

Deno.test("explain: many markets share what one process holds, so that its memory has a limit", async () => {
  const markets = Array.from({ length: 1_500 }, (_, index) => ({ marketId: `MKT-${index + 1}` }));
  const venue = new TestVenue({ markets });
  await venue.start(40);
  const { cycles } = venue.report();
  assert.ok(cycles > 12);
  const held = venue.service.explanations(MARKET);
  assert.deepEqual([held.length, held.at(-1)?.cycle], [10, cycles]);
  await venue.stop();
});

Deno.test("explain: a cycle without a price is held with its reason", async () => {
  const venue = new TestVenue({
    markets: [{ marketId: MARKET, minPriceCents: 30, maxPriceCents: 70 }],
    setup: { minPrice: price(70), maxPrice: price(71) },
  });
  await venue.start(10);
  const last = venue.service.explanations(MARKET).at(-1);
  assert.equal(last?.spread, null);
  assert.match(last?.note ?? "", /priceBounds must leave two prices/);
  await venue.stop();
});

Deno.test("explain: the debug log has the same object, cycle by cycle", async () => {
  const venue = new TestVenue();
  await venue.start(20);
  const logged = venue.logged("cycle_completed").map(({ fields }) => fields.explanation);
  assert.deepEqual(logged, venue.service.explanations(MARKET));
  await venue.stop();
});

Deno.test("explain: a market that does not exist is refused", () => {
  assert.throws(() => new TestVenue().service.explanations("MKT-9"), /Cannot find market MKT-9/);
});

Deno.test("explain: every line of the log about a market names the market and the cycle that it belongs to", async () => {
  const venue = new TestVenue();
  await venue.start(20);
  venue.take("YES", 60, 30);
  await venue.run(20);
  const cycleOf = (event: string) => venue.logged(event).map(({ fields }) => fields["cycle"]);
  const explained = venue.logged("cycle_completed").map(({ fields }) => fields.explanation);
  assert.deepEqual(
    cycleOf("cycle_completed"),
    explained.map((quote) => (quote as { readonly cycle: number }).cycle),
  );
  const ofMarket = venue.events.filter(({ fields }) => fields["marketId"] === MARKET);
  assert.ok(ofMarket.length > 20);
  for (const { event, fields } of ofMarket) assert.equal(typeof fields["cycle"], "number", event);
  for (const event of ["order_placed", "fill"]) assert.ok(cycleOf(event).length > 0, event);
  await venue.stop();
});
