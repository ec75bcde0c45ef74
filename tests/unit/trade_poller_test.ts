import assert from "node:assert/strict";
import { TradePoller } from "../../src/connector/trade_poller.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { TradeList } from "../support/trade_list.ts";

function pollerOf(list: TradeList, pageLimit = 50, maxRemembered = 5000) {
  const received: string[] = [];
  const poller = new TradePoller({
    connector: { trades: (query) => list.read(query) },
    log: silentLogger,
    pageLimit,
    maxRemembered,
  });
  poller.subscribe("MKT-1", (trades) => received.push(...trades.map((trade) => trade.tradeId)));
  return { poller, received };
}

Deno.test("trade poller: trades that lie in the list before the first poll are history and not delivered (L-13)", async () => {
  const list = new TradeList();
  list.add(120);
  const { poller, received } = pollerOf(list);
  await poller.poll();
  await poller.poll();
  assert.deepEqual(received, []);
  assert.equal(poller.newestId, "100119");
});

Deno.test("trade poller: 130 trades between two polls are all delivered once, oldest first (L-42)", async () => {
  const list = new TradeList();
  list.add(10);
  const { poller, received } = pollerOf(list);
  await poller.poll();
  list.add(130);
  await poller.poll();
  await poller.poll();
  assert.equal(received.length, 130);
  assert.deepEqual(received, received.toSorted());
  assert.equal(new Set(received).size, 130);
});

Deno.test("trade poller: an account without history delivers its very first trades", async () => {
  const list = new TradeList();
  const { poller, received } = pollerOf(list);
  await poller.poll();
  list.add(2);
  await poller.poll();
  assert.deepEqual(received, ["100000", "100001"]);
});

Deno.test("trade poller: a failed poll marks nothing as seen, the next one delivers everything", async () => {
  const list = new TradeList();
  const { poller, received } = pollerOf(list);
  await poller.poll();
  list.add(3);
  list.fail = true;
  await assert.rejects(poller.poll(), /time-out/);
  list.fail = false;
  await poller.poll();
  assert.equal(received.length, 3);
});

Deno.test("trade poller: each market receives only its own trades, from one request for all", async () => {
  const list = new TradeList();
  const { poller, received } = pollerOf(list);
  const other: string[] = [];
  poller.subscribe("MKT-2", (trades) => other.push(...trades.map((trade) => trade.tradeId)));
  await poller.poll();
  list.add(1, "MKT-1");
  list.add(1, "MKT-2");
  list.add(1, "MKT-3");
  const before = list.calls;
  await poller.poll();
  assert.deepEqual([received, other], [["100000"], ["100001"]]);
  assert.equal(list.calls - before, 1);
});

Deno.test("trade poller: callers during a poll share one further poll that starts after they asked", async () => {
  const list = new TradeList();
  const { poller, received } = pollerOf(list);
  await poller.poll();
  const first = poller.poll();
  list.add(1);
  const callsBefore = list.calls;
  await Promise.all([first, poller.poll(), poller.poll()]);
  assert.equal(list.calls - callsBefore, 1, "two callers, one poll");
  assert.deepEqual(received, ["100000"]);
});

Deno.test("trade poller: 10,000 trades through a memory of 1,000 ids are each delivered once (L-41)", async () => {
  const list = new TradeList();
  const { poller, received } = pollerOf(list, 100, 1000);
  await poller.poll();
  for (let round = 0; round < 20; round++) {
    list.add(500);
    await poller.poll();
  }
  assert.equal(received.length, 10_000);
  assert.equal(new Set(received).size, 10_000);
});

Deno.test("trade poller: since() gives what came after a cursor, and null when the cursor is not found", async () => {
  const list = new TradeList();
  list.add(130);
  const { poller } = pollerOf(list);
  const after = await poller.since("100100");
  assert.deepEqual(after?.map((trade) => trade.tradeId).slice(0, 2), ["100101", "100102"]);
  assert.equal(after?.length, 29);
  assert.equal(await poller.since("gone"), null);
});

Deno.test("trade poller: a trade that turns up on two pages is delivered once", async () => {
  const list = new TradeList();
  const { poller, received } = pollerOf(list, 2);
  await poller.poll();
  list.add(3);
  const [third, second, first] = list.trades.map((trade) => trade.tradeId);
  // A trade with an older id was inserted while the pages were read.
  const pages = [
    { trades: list.trades.slice(0, 2), nextCursor: second ?? null },
    { trades: list.trades.slice(1, 3), nextCursor: null },
  ];
  list.read = ({ cursor }) => Promise.resolve(pages[cursor === undefined ? 0 : 1] ?? fail());
  await poller.poll();
  assert.deepEqual(received, [first, second, third]);
});

Deno.test("trade poller: cursors that go round in circles end", async () => {
  const list = new TradeList();
  const { poller, received } = pollerOf(list, 2);
  await poller.poll();
  list.add(4);
  const read = list.read.bind(list);
  list.read = async (query) => ({ ...await read(query), nextCursor: "100002" });
  await poller.poll();
  assert.equal(received.length, 4);
  assert.ok(list.calls < 10);
});

function fail(): never {
  throw new Error("there is no such page");
}
