import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import {
  answer,
  type DoctorOptions,
  DoctorVenue,
  examined,
  liveFile,
  named,
  names,
  route,
} from "../support/doctor.ts";
import { type HttpVenueOptions, MARKET } from "../support/exchange_http.ts";

interface Oddity {
  readonly what: string;
  readonly options?: DoctorOptions;
  readonly http?: HttpVenueOptions;
  readonly prepare?: (venue: DoctorVenue) => void;
  readonly check: string;
  readonly detail: RegExp;
  readonly fix: RegExp;
}

const emptyBook = { bids: [], asks: [] };
const level = (price_cents: number) => ({ price_cents, total_quantity: 1 });

const ODDITIES: readonly Oddity[] = [
  {
    what: "a setting that is out of use",
    options: { file: liveFile({ market: ["price_jump_threshold: 0.2"] }) },
    check: "configuration",
    detail: /^1 warning: live.yaml:9:5/,
    fix: /config check live.yaml/,
  },
  {
    what: "state that does not outlive a restart",
    options: { file: liveFile({ global: ["state_store: memory"] }) },
    check: "state store",
    detail: /^memory: a restart forgets kill latches/,
    fix: /state_store: redis/,
  },
  {
    what: "a health page that is not the venue's",
    options: route("GET /health", new Response("<html>", { status: 404 })),
    check: "reachability",
    detail: /GET \/health with HTTP 404/,
    fix: /base_url/,
  },
  {
    what: "a venue that takes its time",
    options: route("GET /health", 2001),
    check: "latency",
    detail: /^median 2001 ms of 5 calls; above max_latency_ms 2000/,
    fix: /nearer/,
  },
  {
    what: "a token that hardly lives",
    options: route(
      "POST /api/v1/auth/login",
      answer(200, {
        code: 0,
        data: {
          access_token: "a",
          refresh_token: "r",
          expires_in: 30,
          user: { user_id: AMM_USER_ID },
        },
      }),
    ),
    check: "login",
    detail: /a token lives 0.5 min/,
    fix: /live longer/,
  },
  {
    what: "a clock that is some seconds off",
    options: { aheadMs: -2001 },
    check: "clock",
    detail: /^the venue's clock is 2.0 s ahead of this machine's \(±0.0 s\)$/,
    fix: /time service/,
  },
  {
    what: "a market that has not begun",
    prepare: (venue) => venue.patch({ tradingStartAtMs: venue.http.clock.nowMs() + HOUR_MS }),
    check: "trading time",
    detail: /^trading begins only at 2026-11-22T07:1/,
    fix: /^Start the bot when/,
  },
  {
    what: "a market without an end",
    prepare: (venue) => venue.patch({ tradingEndAtMs: null }),
    check: "trading time",
    detail: /^the venue names no end; the bot always counts \d+ h/,
    fix: /remaining_hours_override/,
  },
  {
    what: "an anchor at which the market takes no order",
    prepare: (venue) => venue.patch({ maxPrice: 40 }),
    check: "price limits",
    detail: /from 1 to 40, but its anchor is 50$/,
    fix: /anchor_price_cents/,
  },
  {
    what: "a taker fee other than 20 bps where the bot buys (Q-07)",
    options: { file: liveFile({ market: ["quote_funding: cash"] }) },
    prepare: (venue) => venue.patch({ takerFeeBps: 0 }),
    check: "fees",
    detail: /^maker 10 bps, taker 0 bps: .*Q-07.*quote_funding cash buys$/,
    fix: /quote_funding: inventory/,
  },
  {
    what: "a crossed book (Q-03)",
    options: route(
      "GET /api/v1/markets/MKT-1/orderbook",
      answer(200, {
        code: 0,
        data: {
          market_id: MARKET,
          yes: { bids: [level(55)], asks: [level(55)] },
          no: emptyBook,
          last_trade_price_cents: null,
        },
      }),
    ),
    check: "order book",
    detail: /^best bid 55, best ask 55, last trade none: .*Q-03/,
    fix: /clear the book/,
  },
  {
    what: "orders that an earlier run left",
    prepare: (venue) => {
      venue.rest("amm_MKT-1_YES_BUY_1_0", "YES");
      venue.rest("amm_MKT-1_NO_BUY_1_1", "NO");
    },
    check: "open orders",
    detail: /^2 of the bot, 0 of somebody else/,
    fix: /^Make sure that no other bot is running; start cancels what it left$/,
  },
  {
    what: "orders that somebody else placed on the account",
    prepare: (venue) => venue.rest("by-hand-1", "YES"),
    check: "open orders",
    detail: /^0 of the bot, 1 of somebody else/,
    fix: /^Cancel the others by hand/,
  },
  {
    what: "limits of the venue below those of the bot",
    options: { file: liveFile({ global: ["replace_ops_per_minute: 400"] }) },
    http: { limits: { replacesPerMinute: 30 } },
    check: "rate limits",
    detail: /^replace_ops_per_minute is 400 and the venue allows 30;/,
    fix: /^Set replace_ops_per_minute: 30, or ask/,
  },
];

for (const { what, options, http, prepare, check, detail, fix } of ODDITIES) {
  Deno.test(`doctor: ${what} is a warning about ${check}`, async () => {
    const venue = new DoctorVenue(http);
    prepare?.(venue);
    const found = named(await examined(options, venue), check);
    assert.equal(found.status, "warning", found.detail);
    assert.match(found.detail, detail);
    assert.match(found.fix ?? "", fix);
  });
}

Deno.test("doctor: a warning stops nothing that builds on it", async () => {
  const checks = await examined(route("GET /health", new Response("", { status: 404 })));
  assert.deepEqual(names(checks, "warning"), ["reachability"]);
  assert.deepEqual(names(checks, "failed"), []);
  assert.deepEqual(names(checks, "skipped"), ["mint"]);
});

Deno.test("doctor: calls that get lost on the way are a warning about latency", async () => {
  let calls = 0;
  const checks = await examined({
    intervene: ({ route }) => route === "GET /health" && ++calls === 4 ? "drop" : undefined,
  });
  assert.equal(named(checks, "latency").status, "warning");
  assert.match(named(checks, "latency").detail, /^1 of 5 calls/);
});

Deno.test("doctor: a taker fee other than 20 bps is fine where the bot only sells", async () => {
  const venue = new DoctorVenue({}, { takerFeeBps: 0 });
  assert.equal(named(await examined({}, venue), "fees").status, "ok");
});

Deno.test("doctor: a 429 on the way is a warning even if the repeat gets through", async () => {
  let calls = 0;
  const limited = answer(429, { code: 9001, message: "", data: null }, { "retry-after": "1" });
  const checks = await examined({
    intervene: ({ route }) => route === "GET /api/v1/trades" && ++calls === 1 ? limited : undefined,
  });
  assert.equal(named(checks, "trades").status, "ok");
  assert.match(named(checks, "rate limits").detail, /429/);
  assert.equal(named(checks, "rate limits").status, "warning");
});

Deno.test("doctor: a slow answer does not make a clock wrong that may be right", async (t) => {
  for (const [delayMs, status] of [[0, "warning"], [4000, "ok"]] as const) {
    await t.step(`${delayMs} ms`, async () => {
      const options = route("POST /api/v1/auth/login", delayMs);
      const checks = await examined({ ...options, aheadMs: 5000 });
      assert.equal(named(checks, "clock").status, status);
    });
  }
});

Deno.test("doctor: the clock is read off the Date header if no answer has the time in it", async (t) => {
  for (
    const [aheadMs, status] of [[0, "ok"], [3000, "ok"], [3001, "warning"], [
      -2001,
      "warning",
    ]] as const
  ) {
    await t.step(`${aheadMs} ms ahead`, async () => {
      const date = new Date(Date.parse("2026-11-22T06:13:40Z")).toUTCString();
      const headers = { date, "content-type": "application/json" };
      const checks = await examined({
        aheadMs,
        intervene: ({ route }) => {
          const health = () => new Response('{"status":"ok"}', { headers });
          if (route === "GET /health") return health();
          return route === "POST /api/v1/auth/login" ? "drop" : undefined;
        },
      });
      assert.equal(named(checks, "clock").status, status);
    });
  }
});

Deno.test("doctor: a venue that does not tell the time is a warning", async () => {
  const checks = await examined(route("POST /api/v1/auth/login", "drop"));
  assert.equal(named(checks, "clock").status, "warning");
  assert.equal(named(checks, "login").status, "failed");
});

Deno.test("doctor: the position says what a start would mint", async (t) => {
  const wanted = liveFile({ market: ["initial_mint_quantity: 500"] });
  const table = [
    [wanted, 100, "100 YES, 100 NO"],
    [wanted, 0, "0 YES, 0 NO; start mints 500 pairs for $500.00"],
    [liveFile({ market: ["quote_funding: cash"] }), 0, "0 YES, 0 NO"],
  ] as const;
  for (const [file, pairs, detail] of table) {
    await t.step(detail, async () => {
      const venue = new DoctorVenue();
      if (pairs === 0) venue.loseStock();
      assert.equal(named(await examined({ file }, venue), "position").detail, detail);
    });
  }
});

Deno.test("doctor: stock that is held counts towards the funding, and so does frozen cash", async () => {
  const venue = new DoctorVenue();
  venue.rest("amm_left", "YES");
  assert.equal(
    named(await examined({}, venue), "funding").detail,
    "$9,000.00 in the account ($0.41 frozen), $1,900.00 needed to open 1 market",
  );
});
