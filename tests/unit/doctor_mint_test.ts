import assert from "node:assert/strict";
import { AMM_USER_ID, type QuirkId } from "../../sim/exchange/mod.ts";
import { pairKey } from "../../src/doctor/mint_check.ts";
import { DAY_MS } from "../../src/models/market.ts";
import {
  answer,
  type Diagnosis,
  DoctorVenue,
  examined,
  liveFile,
  named,
  route,
} from "../support/doctor.ts";

const MINT = "POST /api/v1/amm/mint";
const BURN = "POST /api/v1/amm/burn";
const TRY = { args: ["--try-mint"] };

function venueWith(quirk: QuirkId): DoctorVenue {
  return new DoctorVenue({ settings: { quirks: new Set([quirk]) } });
}

function cashOf(venue: DoctorVenue): number {
  return venue.exchange.account(AMM_USER_ID).availableCents;
}

/** Bodies of the calls of a route. */
function sent({ calls }: Diagnosis, route: string): readonly Record<string, unknown>[] {
  return calls.filter((call) => call.route === route).map(({ body }) => JSON.parse(body));
}

Deno.test("doctor: without --try-mint nothing changes at the venue, whatever is wrong with it", async (t) => {
  const venues: readonly (readonly [string, DoctorVenue])[] = [
    ["healthy", new DoctorVenue()],
    ["suspended", new DoctorVenue({}, { status: "SUSPENDED" })],
    ["mint out of order", venueWith("Q-02")],
  ];
  for (const [name, venue] of venues) {
    await t.step(name, async () => {
      const before = venue.state;
      const run = await venue.run();
      assert.deepEqual(venue.state, before);
      const posts = run.calls.filter((call) => call.route.startsWith("POST"));
      assert.deepEqual(
        new Set(posts.map((call) => call.route)),
        new Set([
          "POST /api/v1/auth/login",
          "POST /api/v1/amm/orders/replace",
        ]),
      );
      const [replace] = sent(run, "POST /api/v1/amm/orders/replace");
      assert.equal(replace?.old_order_id, "00000000-0000-0000-0000-000000000000");
    });
  }
});

Deno.test("doctor: the question about privileges leaves even the book of the deployed venue alone (Q-03)", async () => {
  const venue = venueWith("Q-03");
  venue.rest("amm_left", "YES");
  const before = venue.state;
  await venue.run();
  assert.deepEqual(venue.state, before);
});

Deno.test("doctor --try-mint: one pair is minted and burned, and the account has what it had", async () => {
  const venue = new DoctorVenue();
  const before = [cashOf(venue), venue.pairs];
  const run = await venue.run({ args: ["--try-mint"] });
  assert.deepEqual([cashOf(venue), venue.pairs], before);
  assert.deepEqual([sent(run, MINT), sent(run, BURN)], [
    [{ market_id: "MKT-1", quantity: 1, idempotency_key: "doctor-mint-2026-11-22-MKT-1" }],
    [{ market_id: "MKT-1", quantity: 1, idempotency_key: "doctor-burn-2026-11-22-MKT-1" }],
  ]);
  assert.match(run.io.out, /\[ ok \] mint +one pair was minted and burned again\n/);
});

Deno.test("doctor --try-mint: a second run on the same day mints nothing, one on the next day does", async () => {
  const venue = new DoctorVenue({ settings: { auditTrades: true } });
  const operations = () => venue.exchange.trades(AMM_USER_ID).items.length;
  await venue.run(TRY);
  assert.equal(operations(), 2);
  assert.match(named(await examined(TRY, venue), "mint").detail, /tried earlier today/);
  assert.equal(operations(), 2);
  await venue.http.clock.advance(DAY_MS);
  assert.match(named(await examined(TRY, venue), "mint").detail, /^one pair was minted/);
  assert.equal(operations(), 4);
});

Deno.test("doctor --try-mint: the pair that a broken-off run left is burned by the next", async () => {
  const venue = new DoctorVenue();
  const before = [cashOf(venue), venue.pairs];
  const broken = named(await examined({ ...TRY, ...route(BURN, "drop") }, venue), "mint");
  assert.equal(broken.status, "warning");
  assert.match(broken.detail, /^mint works, but the pair of this run could not be burned: /);
  assert.match(broken.fix ?? "", /again today: it uses the same keys/);
  assert.deepEqual([cashOf(venue), venue.pairs], [(before[0] ?? 0) - 100, (before[1] ?? 0) + 1]);
  const next = named(await examined(TRY, venue), "mint");
  assert.deepEqual([next.status, next.detail], [
    "ok",
    "the pair that a run earlier today had minted was burned",
  ]);
  assert.deepEqual([cashOf(venue), venue.pairs], before);
});

Deno.test("doctor --try-mint: the pair goes back even if the position cannot be read", async () => {
  const venue = new DoctorVenue();
  const before = [cashOf(venue), venue.pairs];
  let reads = 0;
  const mint = named(
    await examined({
      ...TRY,
      intervene: ({ route }) =>
        route === "GET /api/v1/positions/MKT-1" && ++reads > 1
          ? new Response("", { status: 500 })
          : undefined,
    }, venue),
    "mint",
  );
  assert.equal(mint.status, "failed");
  assert.match(mint.detail, /^Cannot read position/);
  assert.deepEqual([cashOf(venue), venue.pairs], before);
});

Deno.test("doctor --try-mint: a pair that was seen shows that the venue does not net", async () => {
  const venue = new DoctorVenue();
  venue.loseStock();
  const unasked = named(await examined({}, venue), "pairs");
  assert.equal(unasked.status, "skipped");
  assert.match(unasked.fix ?? "", /--try-mint/);
  assert.equal(named(await examined(TRY, venue), "pairs").status, "ok");
});

Deno.test("doctor --try-mint: a venue that nets the pair away at once fails the check", async () => {
  const minted = { market_id: "MKT-1", minted_quantity: 1 };
  const checks = await examined({ ...TRY, ...route(MINT, answer(201, { code: 0, data: minted })) });
  const mint = named(checks, "mint");
  assert.equal(mint.status, "failed");
  assert.match(mint.detail, /the position went from 100 YES, 100 NO to 100 YES, 100 NO/);
  assert.match(mint.fix ?? "", /auto-netting/);
});

Deno.test("doctor --try-mint: a mint out of order (Q-02) is as bad as the funding needs it", async (t) => {
  const table = [
    ["inventory", 0, "failed", /^Set quote_funding: cash/],
    ["inventory", 100, "warning", /^The market can start/],
    ["inventory_then_cash", 0, "warning", /^The market can start/],
    ["cash", 0, "warning", /^The market can start/],
  ] as const;
  for (const [funding, pairs, status, fix] of table) {
    await t.step(`${funding} with ${pairs} pairs`, async () => {
      const venue = venueWith("Q-02");
      const file = liveFile({ market: [`quote_funding: ${funding}`] });
      const position = { market_id: "MKT-1", yes_cost_sum: 0, no_cost_sum: 0 };
      const held = { ...position, yes_volume: pairs, no_volume: pairs };
      const holding = route("GET /api/v1/positions/MKT-1", answer(200, { code: 0, data: held }));
      const mint = named(await examined({ ...TRY, ...holding, file }, venue), "mint");
      assert.equal(mint.status, status);
      assert.match(mint.detail, /^mint is out of order \(Q-02\): HTTP 500/);
      assert.match(mint.fix ?? "", fix);
    });
  }
});

Deno.test("doctor --try-mint: an account without a dollar fails the check", async () => {
  const refused = answer(422, { code: 2001, message: "Insufficient balance", data: null });
  const mint = named(await examined({ ...TRY, ...route(MINT, refused) }), "mint");
  assert.equal(mint.status, "failed");
  assert.match(mint.detail, /cannot pay for one pair: .*code 2001/);
  assert.equal(mint.fix, "Fund the account");
});

Deno.test("doctor: what an untried mint means depends on the funding", async (t) => {
  const table = [
    ["inventory", /cannot start/],
    ["inventory_then_cash", /quoted from cash/],
    ["cash", null],
  ] as const;
  for (const [funding, fix] of table) {
    await t.step(funding, async () => {
      const file = liveFile({ market: [`quote_funding: ${funding}`] });
      const mint = named(await examined({ file }), "mint");
      assert.equal(mint.status, "skipped");
      if (fix === null) assert.equal(mint.fix, null);
      else assert.match(mint.fix ?? "", fix);
    });
  }
});

Deno.test("doctor --try-mint: keys of long market ids fit the venue and differ", () => {
  const keys = ["A", "B"].map((end) => pairKey("mint", "M".repeat(63) + end, Date.UTC(2026, 0, 2)));
  assert.deepEqual(keys.map((key) => key.length), [64, 64]);
  assert.notEqual(keys[0], keys[1]);
});
