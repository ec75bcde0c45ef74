/** Who gets at the admin API, how often, and under which name. */

import assert from "node:assert/strict";
import { ADMIN, type OperatedBot, operatedBot } from "../support/site.ts";
import { MARKET } from "../support/venue.ts";

const WHY = { reason: "a test" };
const post = ({ request }: OperatedBot, path: string) => request("POST", path, { body: WHY });
const codeOf = async (response: Response) => (await response.json()).error.code;

/** Sends calls at the same moment. */
function flood({ site }: OperatedBot, calls: number, headers: Record<string, string>) {
  return Promise.all(
    Array.from({ length: calls }, () => site.app.request("/api/audit", { headers })),
  );
}

Deno.test("admin gate: too many calls of one client wait, its kill does not", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const tries = await flood(bot, 60, ADMIN);
  assert.ok(tries.some(({ status }) => status === 429));
  assert.equal((await post(bot, `/api/markets/${MARKET}/kill`)).status, 200);
  await bot.venue.run(2);
  assert.equal((await bot.request("GET", "/api/audit")).status, 200);
  await bot.venue.stop();
});

Deno.test("admin gate: a flood without the token keeps nobody out who has it", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const tries = await flood(bot, 500, { Authorization: "Bearer a guess" });
  const refused = new Set(await Promise.all(tries.map(codeOf)));
  assert.deepEqual(refused, new Set(["unauthorized", "too_many_requests"]));
  const kills = await Promise.all(
    Array.from({ length: 200 }, () => bot.site.app.request("/api/kill", { method: "POST" })),
  );
  assert.ok(kills.every(({ status }) => status === 429));
  assert.equal((await bot.request("GET", "/api/audit")).status, 200);
  assert.equal((await post(bot, "/api/pause")).status, 200);
  assert.equal((await post(bot, "/api/kill")).status, 200);
  assert.deepEqual(bot.venue.ownOrders(), []);
  await bot.venue.stop();
});

Deno.test("admin gate: a hundred kills of one operator at once all get through", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const path = `/api/markets/${MARKET}/kill`;
  const kills = await Promise.all(Array.from({ length: 100 }, () => post(bot, path)));
  assert.ok(kills.every(({ status }) => status === 200));
  await bot.venue.stop();
});

Deno.test("admin gate: the name of an operator who is only asked to wait is written down, a stranger's is not", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  await flood(bot, 60, ADMIN);
  // Past the virtual clock, under which the allowance would come back.
  const asked = { method: "POST", headers: ADMIN, body: JSON.stringify(WHY) };
  assert.equal((await bot.site.app.request("/api/pause", asked)).status, 429);
  const headers = { "X-Operator": "mallory" };
  assert.equal((await bot.request("POST", "/api/pause", { headers, body: WHY })).status, 401);
  await bot.venue.run(5);
  const audit = await bot.request("GET", "/api/audit?limit=2");
  assert.deepEqual(
    [0, 1].map((index) => [
      audit.at("entries", index, "operator"),
      audit.at("entries", index, "outcome"),
    ]),
    [[null, "unauthorized"], ["ann", "too_many_requests"]],
  );
  await bot.venue.stop();
});

Deno.test("admin gate: a body that is too long, or no JSON, is refused", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const path = `/api/markets/${MARKET}/pause`;
  const long = await bot.request("POST", path, { body: { reason: "x".repeat(70_000) } });
  assert.deepEqual([long.status, long.at("error", "code")], [413, "too_large"]);
  for (const body of ["", "{", "[]", "null", '"x"']) {
    const refused = await bot.request("POST", path, { body });
    assert.deepEqual([refused.status, refused.at("error", "code")], [422, "invalid"], body);
  }
  const named = await bot.request("POST", path, {
    body: WHY,
    headers: { ...ADMIN, "X-Operator": "x".repeat(65) },
  });
  assert.deepEqual([named.status, named.at("error", "field")], [422, "header.X-Operator"]);
  assert.equal(bot.venue.report().operatorOrder, null);
  await bot.venue.stop();
});

/** Paths that a page from elsewhere must not get at by having its name point here. */
const GUARDED = [
  ["POST", "/api/kill"],
  ["POST", `/api/markets/${MARKET}/pause`],
  ["PUT", "/api/log-level"],
  ["GET", "/api/stream"],
  ["GET", "/api/markets"],
  ["GET", "/api/audit"],
  ["GET", "/status"],
  ["GET", "/"],
] as const;

Deno.test("host check: calls to a foreign name are refused and change nothing, even with the token", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  for (const host of ["evil.example", "evil.example:8001", "localhost.evil.example", "", "a b"]) {
    for (const [method, path] of GUARDED) {
      const body = method === "GET" ? undefined : { ...WHY, level: "DEBUG" };
      const headers = { ...ADMIN, Host: host };
      const refused = await bot.request(method, path, { headers, body });
      assert.deepEqual([refused.status, refused.at("error", "code")], [403, "forbidden"], host);
      assert.equal(refused.at("error", "field"), "header.Host");
    }
  }
  assert.deepEqual([bot.venue.report().latch, bot.venue.report().operatorOrder], [null, null]);
  assert.deepEqual(bot.logLevels, []);
  const [entry] = (await bot.request("GET", "/api/audit?limit=1")).at("entries") as unknown[];
  assert.partialDeepStrictEqual(entry, { operator: null, outcome: "forbidden" });
  await bot.venue.stop();
});

Deno.test("host check: addresses, localhost and the names of the settings pass; probes and Prometheus by any", async () => {
  const bot = operatedBot({ hosts: ["bot.internal", "AMM-1"] });
  await bot.venue.start();
  const own = ["127.0.0.1:8001", "[::1]:8001", "10.1.2.3", "localhost:8001", "LOCALHOST"];
  for (const host of [...own, "bot.internal", "amm-1:8001", "bot.internal.:80"]) {
    const { status } = await bot.request("GET", "/api/markets", { headers: { Host: host } });
    assert.equal(status, 200, host);
  }
  for (const path of ["/health/live", "/health/ready", "/metrics"]) {
    const { status } = await bot.request("GET", path, { headers: { Host: "amm.monitoring" } });
    assert.equal(status, 200, path);
  }
  await bot.venue.stop();
});
