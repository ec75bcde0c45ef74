import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { StartRefused } from "../../src/service/service_api.ts";
import { LiveBot } from "../support/live_bot.ts";

Deno.test("live account: a bot that logs in as the system account trades", async () => {
  const bot = new LiveBot({ global: { ammUserId: AMM_USER_ID.toUpperCase() } });
  await bot.start();
  assert.equal(bot.quotes.length, 6);
  assert.deepEqual(await bot.stop(), { remaining: [], unverified: [] });
});

Deno.test("live account: a bot that logs in as somebody else does not start (§20)", async () => {
  const bot = new LiveBot({ global: { ammUsername: "ann" } });
  await assert.rejects(bot.start(), (error: unknown) => {
    assert.ok(error instanceof StartRefused);
    assert.match(error.message, /^ann is user [-0-9a-f]{36} at the venue and not 00000000-/);
    assert.match(error.message, /AMM_USERNAME/);
    return true;
  });
  await bot.run(60);
  assert.deepEqual(bot.sent.map(({ route }) => route), ["POST /auth/login"]);
  assert.deepEqual(await bot.stop(), { remaining: [], unverified: [] });
});

Deno.test("live account: another amm_user_id than the venue's does not start either", async () => {
  const bot = new LiveBot({ global: { ammUserId: "00000000-0000-4000-a000-000000000002" } });
  await assert.rejects(bot.start(), StartRefused);
});
