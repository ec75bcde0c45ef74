import assert from "node:assert/strict";
import { LiveBot } from "../support/live_bot.ts";

Deno.test("live budget: mints and burns count among the calls that the venue allows, so no 429 comes (§17)", async () => {
  const bot = new LiveBot({
    limits: { ordersPerMinute: 30 },
    global: { orderOpsPerMinute: 30 },
    market: {
      initialFundingCents: 200_000,
      quoteFunding: "cash",
      autoMergeMinPairs: 1,
      quoteIntervalMs: 1000,
    },
  });
  await bot.start(10);
  for (let round = 0; round < 120; round++) {
    bot.take(round % 2 === 0 ? "YES" : "NO", 99, 2);
    await bot.run(4);
  }
  const burns = bot.sent.filter(({ route }) => route === "POST /amm/burn").length;
  assert.ok(burns > 10, `${burns} burns`);
  assert.deepEqual(bot.logged("rate_limited"), []);
  assert.deepEqual(await bot.stop(), { remaining: [], unverified: [] });
});
