import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { test } from "../support/both_wires.ts";
import { MARKET } from "../support/venue.ts";

const COMMANDS = ["place", "cancel", "replace", "batchCancel", "mint", "burn"];
const named = (calls: readonly string[], names: readonly string[]) =>
  calls.filter((call) => names.includes(call.split(" ")[0] ?? ""));

const THREE_MARKETS = [MARKET, "MKT-2", "MKT-3"];

test("own orders: three quiet markets share one list of orders a cycle, and none reads its own", async (openVenue) => {
  const venue = openVenue({ markets: THREE_MARKETS.map((marketId) => ({ marketId })) });
  await venue.start(7);
  venue.calls.length = 0;
  await venue.run(12);
  assert.deepEqual(named(venue.calls, COMMANDS), []);
  assert.deepEqual(named(venue.calls, ["openOrders"]), []);
  const lists = named(venue.calls, ["accountOrders"]).length;
  assert.ok(lists >= 3 && lists <= 7, `${lists} lists in 12 s`);
  await venue.stop();
});

test("own orders: a market reads its own orders before it sends anything, however quiet it was", async (openVenue) => {
  const venue = openVenue({ markets: THREE_MARKETS.map((marketId) => ({ marketId })) });
  await venue.start(10);
  venue.calls.length = 0;
  await venue.run(300);
  venue.take("YES", 60, 10, "MKT-2");
  await venue.run(20);
  const marketOf = (call: string) => {
    const [name, subject = ""] = call.split(" ");
    return name === "place" ? subject : venue.exchange.order(AMM_USER_ID, subject).marketId;
  };
  let sent = 0;
  for (const [index, call] of venue.calls.entries()) {
    if (!COMMANDS.includes(call.split(" ")[0] ?? "")) continue;
    const marketId = marketOf(call);
    const before = venue.calls.slice(0, index);
    // Orders, book, commands; or book, orders once more, commands.
    const book = before.lastIndexOf(`orderBook ${marketId}`);
    const bookBefore = before.lastIndexOf(`orderBook ${marketId}`, book - 1);
    assert.ok(before.slice(bookBefore + 1).includes(`openOrders ${marketId}`), call);
    sent++;
  }
  assert.ok(sent > 0, "quotes that are too old are sent anew");
  await venue.stop();
});

test("own orders: fills of quiet markets are booked to the share, and no order is taken for vanished", async (openVenue) => {
  const venue = openVenue({ markets: THREE_MARKETS.map((marketId) => ({ marketId })) });
  await venue.start(10);
  for (const [index, marketId] of THREE_MARKETS.entries()) {
    venue.take("YES", 60, 5 + index, marketId);
    await venue.run(3.3);
  }
  await venue.run(10);
  const bought = venue.service.status().markets.map(({ explanation }) =>
    explanation?.inventory.yes
  );
  assert.deepEqual(bought, [995, 994, 993]);
  assert.deepEqual(venue.events.filter(({ level }) => level === "ERROR"), []);
  await venue.stop();
});

test("own orders: a fill that only the look before acting shows is booked before anything is sent", async (openVenue) => {
  const markets = THREE_MARKETS.map((marketId) => ({ marketId }));
  const venue = openVenue({ markets, global: { tradePollIntervalMs: 10_000 } });
  await venue.start(10);
  let quiet = 0;
  let filled = -1;
  venue.intercept = (call) => {
    if (call !== `orderBook ${MARKET}`) return undefined;
    const since = venue.calls.slice(venue.calls.lastIndexOf(call, venue.calls.length - 2) + 1);
    quiet = since.includes(`openOrders ${MARKET}`) ? 0 : quiet + 1;
    const isFilled = quiet % 3 === 2 && venue.take("YES", 60, 1).trades.length > 0;
    if (isFilled) filled = venue.calls.length;
    return undefined;
  };
  let looks = 0;
  for (let second = 0; second < 600; second++) {
    await venue.run(1);
    const next = venue.calls.slice(filled, filled + 12)
      .filter((call) =>
        call === "trades" || call.endsWith(MARKET) || /^(cancel|replace)/.test(call)
      );
    if (filled < 0 || next.length < 3) continue;
    // Book, the look before acting, and then the next cycle, which reads orders and trades.
    if (next[0] === `openOrders ${MARKET}` && next[1] !== undefined) {
      looks++;
      assert.deepEqual(named(next.slice(0, 3), COMMANDS), [], next.join(", "));
      assert.ok(next.slice(1, 4).includes("trades"), next.join(", "));
      filled = -1;
    }
  }
  assert.ok(looks > 0);
  await venue.stop();
});
