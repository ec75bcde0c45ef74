/** The trade poller beside a plain list of everything that was ever executed. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { TradePoller } from "../../src/connector/trade_poller.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { TradeList } from "../support/trade_list.ts";

const MARKETS = ["MKT-1", "MKT-2"] as const;
type Market = typeof MARKETS[number];

/** What may happen next. */
type Command =
  | { readonly kind: "trade"; readonly market: Market; readonly count: number }
  /** A poll; the venue stops answering after some pages, and trades come in after the first. */
  | { readonly kind: "poll"; readonly pages: number; readonly meanwhile: number }
  /** Two polls at the same time, with a trade between the two calls. */
  | { readonly kind: "poll twice" }
  /** Everything after a trade that lies so far back; there may be none. */
  | { readonly kind: "since"; readonly back: number }
  | { readonly kind: "leave" | "join"; readonly market: Market };

/** What is true: the trades in order, how many were handed over, and to whom. */
class Model {
  /** Index of the first trade that no poll has seen; null before the first poll. */
  seen: number | null = null;
  readonly joined = new Set<string>(MARKETS);
  readonly received: Record<string, string[]> = { "MKT-1": [], "MKT-2": [] };

  /** A poll has succeeded that began when so many trades had been executed. */
  polled(trades: readonly { readonly tradeId: string; readonly marketId: string }[]): void {
    for (const { tradeId, marketId } of trades.slice(this.seen ?? trades.length)) {
      if (this.joined.has(marketId)) this.received[marketId]?.push(tradeId);
    }
    this.seen = trades.length;
  }
}

class Bench {
  readonly list = new TradeList();
  readonly model = new Model();
  readonly received: Record<string, string[]> = { "MKT-1": [], "MKT-2": [] };
  readonly poller: TradePoller;
  #pagesLeft = Infinity;
  #meanwhile = 0;

  constructor(pageLimit: number) {
    this.poller = new TradePoller({
      connector: { trades: (query) => this.#read(query) },
      log: silentLogger,
      pageLimit,
      maxRemembered: pageLimit,
    });
    for (const market of MARKETS) this.#join(market);
  }

  async do(command: Command): Promise<void> {
    switch (command.kind) {
      case "trade":
        return this.list.add(command.count, command.market);
      case "poll":
        return await this.#poll(command.pages, command.meanwhile);
      case "poll twice": {
        const first = this.poller.poll();
        this.list.add(1, "MKT-1");
        await Promise.all([first, this.poller.poll()]);
        // The first call may have been answered before the trade; the second has seen it.
        if (this.model.seen === null) this.model.seen = this.#executed.length - 1;
        return this.model.polled(this.#executed);
      }
      case "since":
        return await this.#since(command.back);
      case "leave":
        this.model.joined.delete(command.market);
        return this.poller.unsubscribe(command.market);
      case "join":
        return this.#join(command.market);
    }
  }

  check(): void {
    assert.deepEqual(this.received, this.model.received);
    const { seen } = this.model;
    const newest = seen === null ? null : this.#executed[seen - 1]?.tradeId ?? null;
    assert.equal(this.poller.newestId, newest);
  }

  /** Everything that was executed, oldest first. */
  get #executed() {
    return this.list.trades.toReversed();
  }

  #join(market: Market): void {
    this.model.joined.add(market);
    this.poller.subscribe(market, (trades) => {
      this.received[market]?.push(...trades.map(({ tradeId }) => tradeId));
    });
  }

  async #poll(pages: number, meanwhile: number): Promise<void> {
    const executed = this.#executed;
    [this.#pagesLeft, this.#meanwhile] = [pages, meanwhile];
    const succeeded = await this.poller.poll().then(() => true, () => false);
    [this.#pagesLeft, this.#meanwhile] = [Infinity, 0];
    assert.ok(succeeded || pages < Infinity);
    if (succeeded) this.model.polled(executed);
  }

  async #since(back: number): Promise<void> {
    const trades = this.#executed;
    const cursor = trades.at(-1 - back)?.tradeId ?? "a trade that nobody knows";
    const found = await this.poller.since(cursor);
    const after = back < trades.length ? trades.slice(trades.length - back) : null;
    assert.deepEqual(found?.map(({ tradeId }) => tradeId), after?.map(({ tradeId }) => tradeId));
  }

  async #read(query: Parameters<TradeList["read"]>[0]) {
    this.list.fail = this.#pagesLeft-- <= 0;
    const page = await this.list.read(query);
    this.list.add(this.#meanwhile, "MKT-2");
    this.#meanwhile = 0;
    return page;
  }
}

const market = fc.constantFrom(...MARKETS);
const command = fc.oneof<fc.WeightedArbitrary<Command>[]>(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("trade"),
      market,
      count: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("poll"),
      pages: fc.constantFrom(0, 1, 2, Infinity, Infinity, Infinity),
      meanwhile: fc.constantFrom(0, 0, 1, 5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("poll twice") }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("since"), back: fc.integer({ min: 0, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("leave", "join"), market }) },
);

Deno.test("model, trade poller: every trade is handed over once, in order, to whoever wants it, however polls fail", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(command, { maxLength: 25 }),
      async (pageLimit, commands) => {
        const bench = new Bench(pageLimit);
        for (const command of commands) {
          await bench.do(command);
          bench.check();
        }
      },
    ),
    { numRuns: 300 },
  );
});
