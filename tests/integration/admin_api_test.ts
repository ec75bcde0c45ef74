import assert from "node:assert/strict";
import { ADMIN, type OperatedBot, operatedBot, TOKEN } from "../support/site.ts";
import { MARKET } from "../support/venue.ts";

/** A call that changes something: a body that works, one that does not, and what must follow. */
interface StateChange {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  /** A change of the body that makes it wrong, and the field that is blamed. */
  readonly wrong: readonly [patch: Record<string, unknown>, field: string];
  /** Brings the bot to where the call makes sense. */
  readonly before?: (bot: OperatedBot) => Promise<unknown>;
  /** What shows that the call had its effect; must not hold before. */
  readonly effect: (bot: OperatedBot) => boolean | Promise<boolean>;
}

const WHY = { reason: "a test" };
const NO_REASON = [{ reason: " " }, "body.reason"] as const;
const kappaOf = async ({ request }: OperatedBot) =>
  (await request("GET", `/api/config/${MARKET}`)).at("settings", "kappa", "value");
const setKappa = ({ request }: OperatedBot, kappa: number) =>
  request("PUT", `/api/config/${MARKET}`, {
    body: { ...WHY, expected_version: 0, changes: { kappa } },
  });
const isKilled = ({ venue }: OperatedBot) => venue.report().latch !== null;
const isPaused = ({ venue }: OperatedBot) => venue.report().operatorOrder?.kind === "pause";
const post = ({ request }: OperatedBot, path: string) => request("POST", path, { body: WHY });
const reconciliations = ({ venue }: OperatedBot) => venue.logged("reconcile_completed").length;

const CHANGES: readonly StateChange[] = [
  ...[`/api/markets/${MARKET}/kill`, "/api/kill"].map((path) => ({
    ...{ method: "POST", path, body: WHY, wrong: NO_REASON, effect: isKilled },
  })),
  ...["/api/markets/MKT-1", "/api"].map((at) => ({
    ...{ method: "POST", path: `${at}/release`, body: WHY, wrong: NO_REASON },
    before: (bot: OperatedBot) => post(bot, `${at}/kill`),
    effect: (bot: OperatedBot) => !isKilled(bot),
  })),
  ...[`/api/markets/${MARKET}/pause`, "/api/pause"].map((path) => ({
    ...{ method: "POST", path, body: WHY, wrong: NO_REASON, effect: isPaused },
  })),
  ...["/api/markets/MKT-1", "/api"].map((at) => ({
    ...{ method: "POST", path: `${at}/resume`, body: WHY, wrong: NO_REASON },
    before: (bot: OperatedBot) => post(bot, `${at}/pause`),
    effect: (bot: OperatedBot) => !isPaused(bot),
  })),
  {
    method: "POST",
    path: `/api/markets/${MARKET}/flatten`,
    body: WHY,
    wrong: NO_REASON,
    effect: ({ venue }) => venue.report().operatorOrder?.kind === "flatten",
  },
  {
    method: "POST",
    path: `/api/markets/${MARKET}/reconcile`,
    body: WHY,
    wrong: NO_REASON,
    effect: (bot) => reconciliations(bot) > 0,
  },
  {
    method: "POST",
    path: `/api/markets/${MARKET}/anchor`,
    body: { ...WHY, anchor_price_cents: 55 },
    wrong: [{ anchor_price_cents: 100 }, "body.anchor_price_cents"],
    effect: ({ venue }) => venue.logged("anchor_changed").length > 0,
  },
  {
    method: "PUT",
    path: `/api/config/${MARKET}`,
    body: { ...WHY, expected_version: 0, changes: { kappa: 3 } },
    wrong: [{ changes: { kappa: -1 } }, "body.changes.kappa"],
    effect: async (bot) => await kappaOf(bot) === 3,
  },
  {
    method: "DELETE",
    path: `/api/config/${MARKET}/kappa`,
    body: { ...WHY, expected_version: 1 },
    wrong: [{ expected_version: "x" }, "body.expected_version"],
    before: (bot) => setKappa(bot, 3),
    effect: async (bot) => await kappaOf(bot) !== 3,
  },
  {
    method: "POST",
    path: `/api/config/${MARKET}/preset/tight`,
    body: { ...WHY, ttl_ms: 60_000 },
    wrong: [{ ttl_ms: 0 }, "body.ttl_ms"],
    effect: async ({ request }) =>
      (await request("GET", `/api/config/${MARKET}`)).at(
        "settings",
        "spread_risk_weight",
        "value",
      ) ===
        0.25,
  },
  {
    method: "POST",
    path: `/api/config/${MARKET}/rollback`,
    body: { ...WHY, version: 0 },
    wrong: [{ version: -1 }, "body.version"],
    before: (bot) => setKappa(bot, 3),
    effect: async (bot) => await kappaOf(bot) !== 3,
  },
  {
    method: "PUT",
    path: "/api/log-level",
    body: { ...WHY, level: "DEBUG" },
    wrong: [{ level: "LOUD" }, "body.level"],
    effect: ({ logLevels }) => logLevels.length > 0,
  },
];

/** The newest entry of the audit trail as `[operator, action, outcome, reason]`. */
async function lastAudit({ request }: OperatedBot) {
  const page = await request("GET", "/api/audit?limit=1");
  const entry = (name: string) => page.at("entries", 0, name);
  return [entry("operator"), entry("action"), entry("outcome"), entry("reason")];
}

for (const { method, path, body, wrong: [patch, field], before, effect } of CHANGES) {
  Deno.test(`${method} ${path}: refused without the token and for a bad body, done and audited with it`, async () => {
    const bot = operatedBot();
    await bot.venue.start();
    await before?.(bot);
    await bot.venue.run(5);
    assert.equal(await effect(bot), false, "not yet");

    const without = await bot.request(method, path, { body, headers: {} });
    assert.deepEqual([without.status, without.at("error", "code")], [401, "unauthorized"]);
    assert.deepEqual(await lastAudit(bot), [null, `${method} ${path}`, "unauthorized", null]);
    for (const token of ["wrong", `${TOKEN}x`, TOKEN.slice(1), ""]) {
      const headers = { ...ADMIN, Authorization: `Bearer ${token}` };
      assert.equal((await bot.request(method, path, { body, headers })).status, 401);
    }

    const bad = await bot.request(method, path, { body: { ...body, ...patch } });
    assert.deepEqual([bad.status, bad.at("error", "field")], [422, field], bad.text);
    const extra = await bot.request(method, path, { body: { ...body, colour: "red" } });
    assert.equal(extra.status, 422, "a misspelt field is not ignored");
    assert.equal((await lastAudit(bot))[2], "invalid");
    await bot.venue.run(5);
    assert.equal(await effect(bot), false, "a refused call changes nothing");

    const done = await bot.request(method, path, { body });
    assert.equal(done.status, 200, done.text);
    await bot.venue.run(5);
    assert.equal(await effect(bot), true);
    assert.deepEqual(await lastAudit(bot), ["ann", `${method} ${path}`, "done", "a test"]);
    await bot.venue.stop();
  });
}

Deno.test("admin API: without a configured token the routes are off, not open", async () => {
  for (const adminToken of [null, ""]) {
    const bot = operatedBot({ adminToken });
    await bot.venue.start();
    for (const headers of [ADMIN, { Authorization: "Bearer " }, {}]) {
      for (const { method, path, body } of CHANGES) {
        const { status, text } = await bot.request(method, path, { body, headers });
        assert.equal(status, 404);
        assert.match(text, /AMM_ADMIN_TOKEN/);
      }
    }
    assert.equal((await bot.request("GET", `/api/config/${MARKET}`)).status, 404);
    assert.equal((await bot.request("GET", "/api/audit")).status, 404);
    assert.equal((await bot.request("GET", "/api/markets")).status, 200, "reading stays open");
    await bot.venue.stop();
  }
});

Deno.test("kill: answers with the number of orders cancelled, verified", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const resting = bot.venue.ownOrders().length;
  const killed = await post(bot, `/api/markets/${MARKET}/kill`);
  assert.deepEqual(killed.json, {
    cancelled: resting,
    verified: true,
    killed_here: [{ market_id: MARKET, verified: true }],
    left_to_holders: [],
    remaining: [],
    refused: [],
  });
  assert.deepEqual(bot.venue.ownOrders(), []);
  assert.ok(bot.venue.ownOrders("MKT-2").length > 0);
  const all = await post(bot, "/api/kill");
  assert.deepEqual([all.at("verified"), bot.venue.ownOrders("MKT-2")], [true, []]);
  await bot.venue.stop();
});

Deno.test("kill: an answer comes although the venue does not, and says that nothing is verified", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const resting = bot.venue.ownOrders().length;
  bot.venue.intercept = () => ({ kind: "hang", effect: false });
  const killed = await post(bot, `/api/markets/${MARKET}/kill`);
  assert.equal(killed.status, 200);
  assert.equal(killed.at("verified"), false);
  assert.equal((killed.at("remaining") as unknown[]).length, resting);
  bot.venue.intercept = () => undefined;
  await bot.venue.run(60);
  assert.deepEqual(bot.venue.ownOrders(), [], "it is in force all the same");
  await bot.venue.stop();
});

Deno.test("kill of all: a market that hangs hides nothing of what was done in the others", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const stuck = bot.venue.ownOrders(MARKET).map(({ orderId }) => orderId);
  const fine = bot.venue.ownOrders("MKT-2").length;
  bot.venue.intercept = (call) =>
    [MARKET, ...stuck].some((name) => call.includes(name))
      ? { kind: "hang", effect: false }
      : undefined;
  const killed = await post(bot, "/api/kill");
  assert.deepEqual([killed.status, killed.at("verified"), killed.at("cancelled")], [
    200,
    false,
    fine,
  ]);
  assert.deepEqual(killed.at("killed_here"), [
    { market_id: "MKT-2", verified: true },
    { market_id: MARKET, verified: false },
  ]);
  assert.equal((killed.at("remaining") as unknown[]).length, stuck.length);
  bot.venue.intercept = () => undefined;
  await bot.venue.stop();
});

Deno.test("config: the second of two operators gets 409 with the version he missed", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  assert.equal((await setKappa(bot, 3)).at("version"), 1);
  const headers = { ...ADMIN, "X-Operator": "bob" };
  const body = { ...WHY, expected_version: 0, changes: { kappa: 4 } };
  const second = await bot.request("PUT", `/api/config/${MARKET}`, { body, headers });
  assert.equal(second.status, 409);
  assert.deepEqual(second.at("error", "version"), 1);
  assert.deepEqual(second.at("error", "updated_by"), "ann");
  assert.equal(await kappaOf(bot), 3);
  await bot.venue.stop();
});

Deno.test("config: the settings of the process are shown, its secrets are not", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const { status, at } = await bot.request("GET", "/api/config/global");
  assert.deepEqual([status, at("settings", "amm_password")], [200, "[hidden]"]);
  assert.equal(at("settings", "log_level", "value"), "INFO");
  await bot.venue.stop();
});

Deno.test("config: a dry run shows the next quote and changes nothing", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const changes = { exploration_min_spread_cents: 18 };
  const body = { ...WHY, expected_version: 0, changes, dry_run: true };
  const before = await bot.request("GET", `/api/config/${MARKET}`);
  const tried = await bot.request("PUT", `/api/config/${MARKET}`, { body });
  assert.deepEqual([tried.status, tried.at("kind")], [200, "valid"], tried.text);
  const spread = tried.at("preview", "spread", "spread_cents");
  const now = bot.venue.report().explanation?.spread?.spreadCents ?? NaN;
  assert.ok(typeof spread === "number" && spread > now + 1, `${now} → ${spread}`);
  assert.deepEqual((await bot.request("GET", `/api/config/${MARKET}`)).json, before.json);
  await bot.venue.stop();
});

Deno.test("every answer has a request id; one that is given comes back, also in the error", async () => {
  const bot = operatedBot();
  const plain = await bot.request("GET", "/api/markets");
  assert.match(plain.headers.get("X-Request-Id") ?? "", /^\w+$/);
  const headers = { "X-Request-Id": "abc-1" };
  const missing = await bot.request("GET", "/api/nothing", { headers });
  assert.equal(missing.headers.get("X-Request-Id"), "abc-1");
  assert.equal(missing.at("request_id"), "abc-1");
});

Deno.test("markets: rows, detail, history, explanations, trades and events tell of what happened", async () => {
  const bot = operatedBot();
  await bot.venue.start(60);
  const [ask = 0] = bot.venue.ladder("ASK");
  bot.venue.take("YES", ask, 5);
  await bot.venue.run(90);
  const list = await bot.request("GET", "/api/markets");
  assert.deepEqual([list.at("mode"), list.at("markets", 0, "market_id")], ["paper", MARKET]);
  const [bid] = bot.venue.ladder("BID");
  assert.equal(list.at("markets", 0, "bid_cents"), bid);
  const detail = await bot.request("GET", `/api/markets/${MARKET}`);
  const [best] = bot.venue.ownOrders().filter(({ side }) => side === "BID");
  assert.equal(typeof detail.at("own_orders", "BID", 0, "age_ms"), "number");
  assert.ok(best !== undefined);
  const points = (await bot.request("GET", `/api/markets/${MARKET}/history?minutes=1`)).at(
    "points",
  );
  assert.ok(Array.isArray(points) && points.length >= 25 && points.length <= 60, `${points}`);
  const past = await bot.request(
    "GET",
    `/api/markets/${MARKET}/explanations?limit=2&before_cycle=9`,
  );
  assert.deepEqual([past.at("explanations", 0, "cycle"), past.at("explanations", 1, "cycle")], [
    8,
    7,
  ]);
  assert.equal((await bot.request("GET", `/api/markets/${MARKET}/explanations/8`)).at("cycle"), 8);
  const gone = await bot.request("GET", `/api/markets/${MARKET}/explanations/9999`);
  assert.match(String(gone.at("error", "message")), /are held/);
  const trades = await bot.request("GET", `/api/markets/${MARKET}/trades`);
  assert.deepEqual([
    trades.at("trades", 0, "fill", "quantity"),
    trades.at("trades", 0, "quote", "ask_cents"),
  ], [5, ask]);
  const fair = trades.at("trades", 0, "quote", "fair_cents");
  const after = [0, 1, 2].map((index) => trades.at("trades", 0, "markouts", index, "cents"));
  assert.ok(after.every((cents) => typeof cents === "number"), trades.text);
  assert.ok(typeof fair === "number" && fair < ask);
  const events = await bot.request("GET", `/api/events?market=${MARKET}&kind=lifecycle_changed`);
  assert.equal(events.at("events", 0, "event"), "lifecycle_changed");
  const seq = events.at("last_seq");
  const next = await bot.request(
    "GET",
    `/api/events?market=${MARKET}&kind=lifecycle_changed&after=${seq}`,
  );
  assert.deepEqual(next.at("events"), []);
  assert.equal((await bot.request("GET", "/api/markets/NOPE")).at("error", "field"), "path.id");
  await bot.venue.stop();
});

Deno.test("audit: pages go on where the last one ended", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  for (let index = 0; index < 5; index++) {
    await post(bot, `/api/markets/${MARKET}/${index % 2 === 0 ? "pause" : "resume"}`);
  }
  const seen: unknown[] = [];
  for (let cursor: unknown = ""; cursor !== null;) {
    const page = await bot.request(
      "GET",
      `/api/audit?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    seen.push(...(page.at("entries") as { seq: number }[]).map(({ seq }) => seq));
    cursor = page.at("next_cursor");
  }
  assert.deepEqual(seen, [5, 4, 3, 2, 1]);
  await bot.venue.stop();
});

Deno.test("docs: the document names every admin route with its token, and the page shows it", async () => {
  const bot = operatedBot();
  const document = await bot.request("GET", "/openapi.json");
  assert.equal(document.at("openapi"), "3.1.0");
  const paths = document.at("paths") as Record<string, Record<string, { security?: unknown }>>;
  for (const { method, path } of CHANGES) {
    const template = path.replace(`/markets/${MARKET}`, "/markets/{id}")
      .replace(`/config/${MARKET}`, "/config/{target}")
      .replace(/\/(kappa|tight)$/, "/{name}");
    assert.deepEqual(paths[template]?.[method.toLowerCase()]?.security, [{ bearer: [] }], template);
  }
  const changing = Object.values(paths).flatMap((methods) => Object.keys(methods))
    .filter((method) => method !== "get");
  assert.equal(changing.length, CHANGES.length, "every route that changes something is tested");
  const page = await bot.request("GET", "/docs");
  assert.match(page.text, /\/api\/markets\/\{id\}\/kill/);
  assert.doesNotMatch(page.text, /https?:\/\//, "nothing comes from elsewhere");
});
