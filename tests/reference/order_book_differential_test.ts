import assert from "node:assert/strict";
import { OrderBook as ReferenceBook, Side } from "nodejs-order-book";
import { attempt, FakeExchange } from "../../sim/exchange/mod.ts";
import type { Contract, Direction } from "../../src/models/vocabulary.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";

const MARKET = "MKT-1";
const ORDERS = 30_000;
const COMPARE_EVERY = 1_000;

/** One user for each of the four order kinds, so that nobody ever meets himself. */
const userOf = (contract: Contract, direction: Direction) => `${direction} ${contract}`;

/**
 * The same orders go into the exchange and into an order book that others wrote (reference figures
 * §7).
 */
class Pair {
  readonly #reference = new ReferenceBook();
  readonly #exchange = new FakeExchange({ clock: { nowMs: () => 1_800_000_000_000 } });
  readonly #owners: { userId: string; orderId: string }[] = [];

  constructor() {
    const { control } = this.#exchange;
    control.createMarket({ marketId: MARKET });
    for (const userId of ["BUY YES", "SELL YES", "BUY NO", "SELL NO"]) {
      control.createUser({ userId, role: "AMM", cashCents: 1_000_000_000 });
      control.seedPairs(userId, MARKET, 5_000_000);
    }
  }

  place(random: Random): void {
    const contract: Contract = random.next() < 0.5 ? "YES" : "NO";
    const direction: Direction = random.next() < 0.5 ? "BUY" : "SELL";
    const userId = userOf(contract, direction);
    const isBid = (contract === "YES") === (direction === "BUY");
    const skew = isBid ? -2 : 2;
    const price = Math.min(99, Math.max(1, Math.round(50 + skew + 6 * random.normal())));
    const quantity = random.integer(1, 100);
    const timeInForce = random.next() < 0.1 ? "IOC" : "GTC";
    const { order, trades } = this.#exchange.placeOrder(userId, {
      marketId: MARKET,
      contract,
      direction,
      contractPrice: contract === "YES" ? price : 100 - price,
      quantity,
      timeInForce,
    });
    this.#owners.push({ userId, orderId: order.orderId });
    const side = isBid ? Side.BUY : Side.SELL;
    const id = order.orderId;
    const theirs = this.#reference.limit({ side, id, size: quantity, price, timeInForce });
    const makers = [...theirs.done, ...(theirs.partial === null ? [] : [theirs.partial])]
      .map((each) => each.id)
      .filter((makerId) => makerId !== id);
    assert.deepEqual(
      trades.map(({ buyOrderId, sellOrderId }) => (isBid ? sellOrderId : buyOrderId)),
      makers,
    );
  }

  cancel(random: Random): void {
    const target = this.#owners[random.integer(0, this.#owners.length - 1)];
    if (target === undefined) return;
    const ours = attempt(() => this.#exchange.cancelOrder(target.userId, target.orderId));
    const theirs = this.#reference.cancel(target.orderId);
    assert.equal(ours.ok, theirs !== undefined);
  }

  assertSameDepth(): void {
    const { bids, asks } = this.#exchange.orderBook(MARKET);
    const plain = (levels: typeof bids) => levels.map(({ price, quantity }) => [price, quantity]);
    const [theirAsks, theirBids] = this.#reference.depth();
    assert.deepEqual(plain(bids), byPrice(theirBids, -1));
    assert.deepEqual(plain(asks), byPrice(theirAsks, 1));
  }

  assertInvariants(): void {
    this.#exchange.control.assertInvariants();
  }
}

function byPrice(levels: readonly [number, number][], sign: number): [number, number][] {
  return levels.toSorted(([a], [b]) => sign * (a - b));
}

Deno.test(`the book equals nodejs-order-book over ${ORDERS} seeded orders of all kinds`, () => {
  const random = seededRandom("order book differential");
  const pair = new Pair();
  for (let n = 1; n <= ORDERS; n++) {
    pair.place(random);
    if (random.next() < 0.2) pair.cancel(random);
    if (n % COMPARE_EVERY === 0) pair.assertSameDepth();
  }
  pair.assertInvariants();
});
