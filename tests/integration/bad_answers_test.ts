/**
 * A venue on its worst day, seen by the whole bot through the live connector: never a crash, never a
 * quote based on what it says, the right one of defer and degraded, and one log line that names the
 * call. Afterwards the bot quotes again and its books are the venue's.
 */

import assert from "node:assert/strict";
import type { GlobalConfig } from "../../src/config/registry.ts";
import { isRecord } from "../../src/connector/rest/wire.ts";
import { LiveBot, type WireFault } from "../support/live_bot.ts";

/** What the venue does to its answers. */
interface BadAnswer {
  readonly what: string;
  readonly fault: () => WireFault;
  /** Degraded: no quotes until a complete sync. Defer: quotes stay, unless it goes on and on. */
  readonly reaction: "defer" | "degraded";
  /** How the log calls it. */
  readonly event: "call_failed" | "rate_limited";
  /** Attempts of one read until it is given up. */
  readonly attempts: number;
}

const MALFORMED = { reaction: "degraded", event: "call_failed", attempts: 1 } as const;
const LIMITED = { reaction: "defer", event: "rate_limited", attempts: 1 } as const;
const UNAVAILABLE = { reaction: "defer", event: "call_failed", attempts: 2 } as const;

const BAD_ANSWERS: readonly BadAnswer[] = [
  { what: "answers HTML", fault: () => new Response("<html>log in</html>"), ...MALFORMED },
  { what: "answers truncated JSON", fault: () => truncated, ...MALFORMED },
  { what: "answers figures as text", fault: () => altered(figuresAsText), ...MALFORMED },
  { what: "answers prices of 0", fault: () => altered(pricesOfZero), ...MALFORMED },
  { what: "answers a row twice", fault: () => altered(firstRowTwice), ...MALFORMED },
  { what: "answers 500 and drops the connection", fault: () => dropped500, ...UNAVAILABLE },
  {
    what: "answers 429 with Retry-After",
    fault: () => limited({ "retry-after": "20" }),
    ...LIMITED,
  },
  { what: "answers 429 without Retry-After", fault: () => limited({}), ...LIMITED },
];

/** A read of every cycle, or one of every now and then. */
interface Read {
  readonly route: string;
  /** As the log names it. */
  readonly call: string;
  /** The bad answers that do not show in it: it has no such field, or no rows. */
  readonly immune?: readonly string[];
}

const READS: readonly Read[] = [
  { route: "GET /markets/MKT-1", call: "market MKT-1", immune: ["answers a row twice"] },
  { route: "GET /markets/MKT-1/orderbook", call: "orderBook MKT-1" },
  { route: "GET /orders", call: "openOrders MKT-1" },
  { route: "GET /trades", call: "trades" },
  {
    route: "GET /account/balance",
    call: "balance",
    immune: ["answers prices of 0", "answers a row twice"],
  },
  {
    route: "GET /positions/MKT-1",
    call: "position MKT-1",
    immune: ["answers prices of 0", "answers a row twice"],
  },
];

for (const bad of BAD_ANSWERS) {
  for (const read of READS.filter(({ immune = [] }) => !immune.includes(bad.what))) {
    Deno.test(`bad answers: a venue that ${bad.what} to ${read.route}: ${bad.reaction}, then as before`, async () => {
      const bot = await quotingBot();
      const before = bot.quotes;
      const events = bot.events.length;
      const isBad = ({ route }: { readonly route: string }) => route === read.route;
      let hit = 0;
      bot.tamper = (request) => {
        if (!isBad(request)) return undefined;
        hit++;
        return bad.fault();
      };
      bot.take("YES", 99, 5);
      await bot.run(1);
      const untouched = bot.quotes.length;
      await bot.run(14);
      assert.ok(hit > 0, "the call was made");

      const since = bot.events.slice(events);
      const lines = since.filter(({ event, fields }) =>
        event === bad.event && fields.call === read.call && fields.failure !== "not_sent"
      );
      assert.ok(lines.length > 0, "the log names the call");
      if (bad.event === "rate_limited" || bad.attempts === 1) assert.ok(lines.length <= hit);
      else assert.ok(lines.length <= Math.ceil(hit / bad.attempts), "one line a call");
      const nameless = since.filter(({ event, fields }) =>
        event === "call_failed" && fields.call === undefined
      );
      assert.deepEqual(nameless, []);

      const isPaused = since.some(({ event, fields }) =>
        event === "pause_set" && String(fields.reasons).includes("STALE_DATA")
      );
      if (bad.reaction === "degraded") assert.ok(isPaused, "no quotes until a complete sync");
      else assert.ok(untouched >= before.length - 1, "the quotes stay at first");
      await heal(bot);
    });
  }
}

Deno.test("bad answers: no order is placed on a book that cannot be believed", async () => {
  for (const bad of BAD_ANSWERS.filter(({ reaction }) => reaction === "degraded")) {
    const bot = await quotingBot();
    // The cycle under way may end with the book it has read.
    await bot.run(1);
    bot.tamper = ({ route }) => route.endsWith("/orderbook") ? bad.fault() : undefined;
    await bot.run(3);
    const events = bot.events.length;
    bot.take("YES", 99, 1);
    await bot.run(10);
    const placed = bot.events.slice(events).filter(({ event }) => event === "order_placed");
    assert.deepEqual([placed, bot.quotes], [[], []], bad.what);
    await heal(bot);
  }
});

Deno.test("bad answers: a fill whose trade could not be read is read by the next cycle, before anything is placed", async () => {
  const rarely = { tradePollIntervalMs: 600_000, reconciliationIntervalMs: 600_000 };
  const bot = await quotingBot({ ...rarely, balancePollIntervalMs: 600_000 });
  let failed = 0;
  bot.tamper = ({ route }) => route === "GET /trades" && failed++ < 2 ? dropped500 : undefined;
  const events = bot.events.length;
  bot.take("YES", 99, 5);
  await bot.run(10);
  assert.equal(bot.logged("cycle_deferred").length, 1);
  const [fill, placed] = (["fill", "order_placed"] as const)
    .map((event) => bot.events.slice(events).findIndex((logged) => logged.event === event));
  assert.ok(fill !== undefined && fill >= 0, "the fill is booked");
  assert.ok(placed === undefined || placed < 0 || placed > fill, "and nothing was placed before");
  await heal(bot);
});

for (const done of [true, false]) {
  const how = done ? "was carried out" : "never arrived";
  const answers: readonly (readonly [string, () => WireFault])[] = done
    ? [["truncated JSON", () => truncated], ["no answer", () => swallowed]]
    : [
      ["HTML", () => new Response("<html>")],
      ["a 500", () => dropped500],
      ["a 429", () => limited({})],
      ["a lost connection", () => "drop"],
    ];
  for (const [what, fault] of answers) {
    Deno.test(`bad answers: ${what} to every placement, cancel and replace that ${how} leaves no order twice`, async () => {
      const bot = await quotingBot();
      bot.tamper = ({ route }) => route.startsWith("POST /orders") ? fault() : undefined;
      for (let round = 0; round < 6; round++) {
        bot.take(round % 2 === 0 ? "YES" : "NO", 99, 3);
        await bot.run(10);
        for (const resting of Object.values(bot.resting)) {
          assert.ok(resting <= 2 * LADDER_SHARES, `${resting} shares rest on a side`);
        }
      }
      await heal(bot);
    });
  }
}

Deno.test("bad answers: nothing at all for a minute: cancels are tried although the list does not come", async () => {
  const bot = await quotingBot();
  const sent = bot.sent.length;
  bot.tamper = () => "hang";
  await bot.run(60);
  const routes = bot.sent.slice(sent).map(({ route }) => route);
  assert.ok(routes.some((route) => route.endsWith("/cancel")));
  assert.ok(bot.sent.length - sent < 100, "a silent venue is not stormed");
  await heal(bot);
});

Deno.test("bad answers: a list of orders that hangs keeps no quote on the book once the data are stale", async () => {
  const bot = await quotingBot();
  bot.tamper = ({ route }) => route === "GET /orders" ? "hang" : undefined;
  await bot.run(25);
  assert.deepEqual(bot.quotes, []);
  await heal(bot);
});

Deno.test("bad answers: after a 429 with Retry-After no read is sent until it is over", async () => {
  const bot = await quotingBot();
  let refused = 0;
  bot.tamper = ({ route }) =>
    route === "GET /orders" && refused++ === 0 ? limited({ "retry-after": "20" }) : undefined;
  await bot.run(3);
  assert.equal(refused, 1);
  const sent = bot.sent.length;
  await bot.run(17);
  assert.deepEqual(bot.sent.slice(sent).filter(({ route }) => route.startsWith("GET")), []);
  await heal(bot);
});

/** Shares of a whole side: 25, 12 and 6. */
const LADDER_SHARES = 43;

/** A bot that quotes both sides of its market. */
async function quotingBot(global: Partial<GlobalConfig> = {}): Promise<LiveBot> {
  const bot = new LiveBot({
    market: { initialFundingCents: 200_000, ladderLossRatio: 1 },
    global: { reconciliationIntervalMs: 10_000, balancePollIntervalMs: 10_000, ...global },
  });
  // Somebody else's book, so that it is not empty when the bot has withdrawn its quotes.
  bot.rest("YES", 20, 5);
  bot.rest("NO", 20, 5);
  await bot.start(6);
  assert.equal(bot.quotes.length, 6);
  assert.deepEqual(bot.resting, { BID: LADDER_SHARES, ASK: LADDER_SHARES });
  return bot;
}

/** The venue is well again: the bot quotes, its books are right, and a stop leaves nothing. */
async function heal(bot: LiveBot): Promise<void> {
  bot.tamper = () => undefined;
  await bot.run(70);
  assert.equal(bot.report.lifecycle, "RUNNING", String(bot.report.problem));
  // What fills took from a level is put back in an order of its own (§17), so levels count.
  assert.equal(new Set(bot.quotes).size, 6);
  for (const [side, resting] of Object.entries(bot.resting)) {
    assert.ok(resting <= 1.2 * LADDER_SHARES, `${resting} shares rest on side ${side}`);
  }
  const { bot: own, venue } = bot.books;
  assert.deepEqual([own.yes, own.no], [venue.yes, venue.no]);
  for (const event of ["market_failed", "uncaught_error", "inventory_drift_critical"] as const) {
    assert.deepEqual(bot.logged(event), [], event);
  }
  assert.deepEqual(bot.http.defects, []);
  assert.deepEqual(await bot.stop(), { remaining: [], unverified: [] });
  assert.deepEqual(bot.quotes, []);
}

const truncated: WireFault = async (answer) => {
  const text = await answer.text();
  return new Response(text.slice(0, text.length / 2), answer);
};

const swallowed: WireFault = () => new Promise<Response>(() => {});

const dropped500: WireFault = () =>
  new Response(
    new ReadableStream({ start: (controller) => controller.error(new TypeError("reset")) }),
    { status: 500, headers: { "content-type": "text/plain; charset=utf-8" } },
  );

function limited(headers: Record<string, string>): WireFault {
  return () => new Response("{}", { status: 429, headers });
}

/** The venue's answer with another payload. */
function altered(alter: (payload: unknown) => unknown): WireFault {
  return async (answer) => {
    const body = await answer.json();
    const changed = isRecord(body) && "data" in body
      ? { ...body, data: alter(body.data) }
      : alter(body);
    return new Response(JSON.stringify(changed), answer);
  };
}

function figuresAsText(payload: unknown): unknown {
  return eachValue(payload, (_, value) => typeof value === "number" ? String(value) : value);
}

function pricesOfZero(payload: unknown): unknown {
  return eachValue(
    payload,
    (name, value) => name.includes("price") && typeof value === "number" ? 0 : value,
  );
}

function firstRowTwice(payload: unknown): unknown {
  if (Array.isArray(payload)) return payload.slice(0, 1).concat(payload.map(firstRowTwice));
  return isRecord(payload)
    ? Object.fromEntries(Object.entries(payload).map(([name, v]) => [name, firstRowTwice(v)]))
    : payload;
}

/** A copy in which every value that is no list and no object has been passed through `change`. */
function eachValue(value: unknown, change: (name: string, value: unknown) => unknown): unknown {
  return JSON.parse(
    JSON.stringify(value),
    (name, inner) => typeof inner === "object" && inner !== null ? inner : change(name, inner),
  );
}
