import assert from "node:assert/strict";
import fc from "fast-check";
import { Ladder, NO_PLACE } from "../../sim/exchange/ladder.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";

const side = fc.constantFrom<BookSide>("BID", "ASK");
/** Mostly neighbours, so that walks go from price to price. */
const price = fc.oneof(
  { arbitrary: fc.integer({ min: 48, max: 52 }), weight: 8 },
  fc.constantFrom(1, 2, 98, 99),
);

/** Orders of all queues by side, price and arrival, in the plainest way. */
class Model {
  readonly orders: { place: number; side: BookSide; price: number }[] = [];

  queue(side: BookSide, price: number): number[] {
    return this.orders.filter((order) => order.side === side && order.price === price)
      .map(({ place }) => place);
  }

  /** Everything that an incoming order crosses, best price first. */
  crossed(side: BookSide, limit: number): number[] {
    const sign = side === "BID" ? 1 : -1;
    return this.orders
      .filter((order) => order.side !== side && sign * order.price <= sign * limit)
      .sort((a, b) => sign * (a.price - b.price))
      .map(({ place }) => place);
  }
}

function walk(ladder: Ladder, side: BookSide, limit: number): number[] {
  const places: number[] = [];
  let place = ladder.firstCrossed(side, limit);
  for (; place !== NO_PLACE; place = ladder.nextCrossed(place, side, limit)) places.push(place);
  return places;
}

function queueOf(ladder: Ladder, side: BookSide, price: number): number[] {
  const places: number[] = [];
  let place = ladder.first(side, price);
  for (; place !== NO_PLACE; place = ladder.next(place)) places.push(place);
  return places;
}

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("append" as const), side, price }),
    fc.record({ kind: fc.constant("leave" as const), nth: fc.nat(200) }),
  ),
  { minLength: 10, maxLength: 200 },
);

Deno.test("the ladder: queues and crossed orders are those of a sorted list", () => {
  fc.assert(fc.property(steps, side, price, (acts, taker, limit) => {
    const [ladder, model, free] = [new Ladder(), new Model(), [] as number[]];
    let used = 0;
    for (const act of acts) {
      if (act.kind === "append") {
        const place = free.pop() ?? used++;
        ladder.append(place, act.side, act.price);
        model.orders.push({ place, side: act.side, price: act.price });
      } else if (model.orders.length > 0) {
        const [gone] = model.orders.splice(act.nth % model.orders.length, 1);
        assert.ok(gone !== undefined);
        ladder.leave(gone.place);
        free.push(gone.place);
      }
    }
    assert.deepEqual(walk(ladder, taker, limit), model.crossed(taker, limit));
    for (const { side, price } of model.orders) {
      assert.deepEqual(queueOf(ladder, side, price), model.queue(side, price));
    }
  }));
});

Deno.test("the ladder: a walk goes on from orders that leave while it passes", () => {
  const ladder = new Ladder();
  ladder.append(0, "ASK", 40);
  ladder.append(1, "ASK", 40);
  ladder.append(2, "ASK", 45);
  const passed: number[] = [];
  let place = ladder.firstCrossed("BID", 45);
  for (; place !== NO_PLACE; place = ladder.nextCrossed(place, "BID", 45)) {
    passed.push(place);
    ladder.leave(place);
  }
  assert.deepEqual(passed, [0, 1, 2]);
  assert.equal(ladder.firstCrossed("BID", 99), NO_PLACE);
});

Deno.test("the ladder: an order that left is entered again where it stood", () => {
  const ladder = new Ladder();
  for (const place of [0, 1, 2]) ladder.append(place, "BID", 60);
  ladder.leave(1);
  ladder.leave(2);
  ladder.enter(2, "BID", 60);
  ladder.enter(1, "BID", 60);
  assert.deepEqual(queueOf(ladder, "BID", 60), [0, 1, 2]);
});

Deno.test("the ladder: a place that was taken again can be given back to who stood there", () => {
  const ladder = new Ladder();
  for (const place of [0, 1, 2]) ladder.append(place, "BID", 60);
  ladder.leave(1);
  const before = ladder.neighbours(1);
  ladder.append(1, "ASK", 70);
  ladder.leave(1);
  ladder.setNeighbours(1, before);
  ladder.enter(1, "BID", 60);
  assert.deepEqual(queueOf(ladder, "BID", 60), [0, 1, 2]);
  assert.deepEqual(queueOf(ladder, "ASK", 70), []);
});
