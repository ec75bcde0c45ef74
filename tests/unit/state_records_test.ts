/** The dictionary of the store, field by field: what is written, and what garbage is taken for. */

import assert from "node:assert/strict";
import { rememberAll, type RememberedMarket } from "../../src/cache/persisted_market.ts";
import { contentOf } from "../../src/cache/market_write.ts";
import type { FoundKey } from "../../src/cache/records/hash.ts";
import { type MarketHashes, readMarket } from "../../src/cache/records/market_records.ts";
import { INSTEAD } from "../../src/cache/records/refusal.ts";
import { readSharedRecord } from "../../src/cache/records/shared_records.ts";
import { marketKeys, SHARED_KEYS } from "../../src/cache/redis_keys.ts";
import { resumeMarket } from "../../src/cycle/market_state.ts";
import { price, shares } from "../../src/models/money.ts";
import { marketConfig } from "../support/config.ts";
import { marketRecord } from "../support/market.ts";
import {
  hashesOf,
  KILL,
  M,
  named,
  ownOrder,
  persisted,
  published,
  SENT_MINT,
} from "../support/snapshots.ts";
import { TestVenue } from "../support/venue.ts";

const KEYS = marketKeys(M);
const AUTHOR = { instanceId: "one", fence: 7 };

/** What is read when one field of one hash is damaged. */
function readWith(
  part: keyof MarketHashes,
  field: string,
  text: string | null,
  record = persisted({ operation: SENT_MINT }),
): RememberedMarket | null {
  const hashes = { ...hashesOf(record) };
  const { key, found } = hashes[part];
  assert.equal(found.kind, "hash");
  const fields: Record<string, string> = { ...(found.kind === "hash" ? found.fields : {}) };
  assert.notEqual(fields[field], undefined, `${part} has no field ${field}`);
  if (text === null) delete fields[field];
  else fields[field] = text;
  hashes[part] = named(key, fields);
  return readMarket(hashes);
}

/** What must be read instead of the sound record. */
type Expected = (sound: RememberedMarket) => Partial<RememberedMarket>;
const risk = (change: Partial<NonNullable<RememberedMarket["risk"]>>): Expected => (sound) => ({
  risk: sound.risk === null ? null : { ...sound.risk, ...change },
});
const ledger = (change: object): Expected => ({ books }) => ({
  books: books === null ? null : { ...books, ledger: { ...books.ledger, ...change } },
});
const operation = (change: object): Expected => (sound) => ({
  operation: sound.operation === null ? null : { ...sound.operation, ...change },
});
const noBooks: Expected = () => ({ books: null });
const noDay = risk({ day: null });
const noPhase = risk({ phase: null });
const noLearner = risk({ learner: null });
const forgotten: Expected = () => ({ books: null, operation: null });
const killed: Expected = risk({
  defense: {
    level: "KILL_SWITCH",
    calmCycles: 4,
    latch: { reason: "INVALID_INPUT", atMs: 0, source: `${KEYS.risk} cannot be read` },
  },
});

/** Field, garbage, and what is believed then; a missing field (null) is tried with each. */
const TABLE: readonly (readonly [keyof MarketHashes, string, readonly string[], Expected])[] = [
  ["ledger", "initial_funding_cents", ["", "12.5", "1e5", "99999999999999999999"], noBooks],
  ["ledger", "market_cash_cents", ["", "abc", "NaN", " 5", "0x10"], noBooks],
  ["ledger", "net_deposits_cents", ["--1", "1,000"], noBooks],
  ["ledger", "trade_cursor", ["x".repeat(500)], noBooks],
  ["ledger", "fees_paid_cents", ["abc"], ledger({ feesPaidCents: 0 })],
  ["ledger", "minted_pairs", ["-1", "1.5"], ledger({ mintedPairs: 0 })],
  ["ledger", "burned_pairs", ["-1"], ledger({ burnedPairs: 0 })],
  ["ledger", "bought_cents", ["?"], ledger({ boughtCents: 0 })],
  ["ledger", "leak_cents", ["?"], ledger({ leakCents: 0 })],
  ["risk", "kill_latched", ["", "off", "true", "1", "OFF ", "\u0000"], killed],
  ["risk", "day", ["yesterday", "2026-1-5", ""], noDay],
  ["risk", "day_start_equity_cents", ["99000.5", "Infinity"], noDay],
  ["risk", "deposits_today_cents", ["none"], noDay],
  [
    "risk",
    "defense_level",
    ["PANIC", "", "widen"],
    risk({ defense: { level: "ONE_SIDE", calmCycles: 4, latch: null } }),
  ],
  [
    "risk",
    "calm_cycles",
    ["-1", "4.5"],
    risk({ defense: { level: "WIDEN", calmCycles: 0, latch: null } }),
  ],
  ["risk", "phase", ["EXPLOITATION", ""], noPhase],
  ["risk", "phase_started_ms", ["-5", "soon"], noPhase],
  ["risk", "phase_volume", ["1.5"], noPhase],
  ["risk", "phase_cooldown_until_ms", ["later"], noPhase],
  ["risk", "drift_breaches", ["1,,2", "1;2", "x"], risk({ driftBreachesMs: null })],
  ["risk", "anchor_price_cents", ["0", "100", "fifty"], noLearner],
  ["risk", "anchor_set_at_ms", ["-1"], noLearner],
  ["risk", "posterior_mean", ["0", "1", "NaN", "-0.5", "50"], noLearner],
  ["risk", "posterior_strength", ["0", "-3", "Infinity", "1e999"], noLearner],
  ["risk", "posterior_at_ms", ["now"], noLearner],
  ["risk", "posterior_recent_trades", ["-0.1"], noLearner],
  ["operation", "op", ["mint", "DEPOSIT"], forgotten],
  ["operation", "key", ["", "k".repeat(65)], forgotten],
  ["operation", "quantity", ["0", "-5", "1.5"], forgotten],
  ["operation", "state", ["HALF"], operation({ state: "SENT" })],
  ["operation", "created_at_ms", ["x"], operation({ createdAtMs: 0 })],
  ["operation", "retry_after_ms", ["x"], operation({ retryAfterMs: 0 })],
  ["operation", "held_yes", ["-1", "some"], operation({ held: null })],
  ["operation", "held_no", ["0.5"], operation({ held: null })],
  ["state", "total_fills_today", ["-1", "many"], ({ risk }) => ({
    risk: risk === null || risk.day === null ? risk : { ...risk, day: { ...risk.day, fills: 0 } },
  })],
];

Deno.test("state records: garbage in a field is refused by name, and the safe value takes its place", async (t) => {
  const sound = rememberAll(persisted({ operation: SENT_MINT }));
  for (const [part, field, garbage, expected] of TABLE) {
    await t.step(`${part} ${field}`, () => {
      for (const text of [...garbage, ...(part === "state" ? [] : [null])]) {
        const read = readWith(part, field, text);
        const { refused = [], ...rest } = read ?? {};
        const { refused: _, ...wanted } = { ...sound, ...expected(sound) };
        assert.deepEqual(rest, wanted, `${field} = ${text}`);
        const [refusal] = refused;
        assert.equal(refused.length, 1);
        assert.deepEqual([refusal?.key, refusal?.field], [KEYS[part], field]);
        assert.equal(refusal?.instead, INSTEAD[field as keyof typeof INSTEAD]);
      }
    });
  }
});

Deno.test("state records: every field that is read back stands in the table of this test", () => {
  const tried = new Set(TABLE.map(([, field]) => field));
  // These need a kill; the next test has them. And profit of the day is a field per market.
  const elsewhere = ["kill_reason", "kill_at_ms", "kill_source", "day_pnl"];
  assert.deepEqual(Object.keys(INSTEAD).filter((name) => !tried.has(name)), elsewhere);
});

Deno.test("state records: a kill with garbage in it stays a kill", () => {
  const record = persisted({ defense: { level: "KILL_SWITCH", calmCycles: 0, latch: KILL } });
  const latchWith = (field: string, text: string | null) =>
    readWith("risk", field, text, record)?.risk?.defense.latch;
  assert.deepEqual(latchWith("kill_reason", "BAD MOOD"), { ...KILL, reason: "INVALID_INPUT" });
  assert.deepEqual(latchWith("kill_at_ms", "noon"), { ...KILL, atMs: 0 });
  assert.deepEqual(latchWith("kill_source", null), { ...KILL, source: "" });
  assert.equal(latchWith("defense_level", "NORMAL")?.reason, "LOSS", "the latch alone decides");
});

Deno.test("state records: a key of another type is refused as a whole", () => {
  const sound = hashesOf(persisted({ operation: SENT_MINT }));
  const readOther = (part: keyof MarketHashes) =>
    readMarket({ ...sound, [part]: { key: KEYS[part], found: { kind: "other", type: "list" } } });
  assert.equal(readOther("ledger")?.books, null);
  assert.equal(readOther("risk")?.risk?.defense.latch?.reason, "INVALID_INPUT");
  const withoutOperation = readOther("operation");
  assert.deepEqual([withoutOperation?.operation, withoutOperation?.books], [null, null]);
  assert.equal(readOther("state")?.risk?.day?.fills, 0);
  for (const part of ["ledger", "risk", "operation", "state"] as const) {
    const [refusal] = readOther(part)?.refused ?? [];
    assert.deepEqual(
      [refusal?.key, refusal?.field, refusal?.found],
      [KEYS[part], null, "a list instead of a hash"],
    );
  }
});

Deno.test("state records: a market that was killed before it was ever worked is killed, and nothing else is missed", () => {
  const fields = { kill_latched: "ON", kill_reason: "ADMIN", kill_at_ms: "5", kill_source: "ann" };
  const none: FoundKey = { kind: "none" };
  const read = readMarket({
    risk: named(KEYS.risk, fields),
    ledger: { key: KEYS.ledger, found: none },
    operation: { key: KEYS.operation, found: none },
    state: { key: KEYS.state, found: none },
  });
  assert.deepEqual(read?.risk?.defense.latch, { reason: "ADMIN", atMs: 5, source: "ann" });
  assert.deepEqual(read?.refused, []);
});

Deno.test("state records: an operation that was finished is none, and one without a readable state is repeated", () => {
  const record = persisted({ operation: SENT_MINT });
  assert.equal(readWith("operation", "state", "DONE", record)?.operation, null);
  assert.deepEqual(readWith("operation", "state", "DONE", record)?.refused, []);
});

Deno.test("state records: what is refused is begun anew, and breaches that cannot be read count as two", () => {
  const config = marketConfig({ anchorPriceCents: 35 });
  const { ledger } = persisted();
  const { position } = published();
  const opening = { market: marketRecord(), position, ledger, tradeCursor: null, nowMs: 5_000 };
  const resume = (part: keyof MarketHashes, field: string) => {
    const read = readWith(part, field, "garbage");
    assert.ok(read !== null);
    return resumeMarket(opening, read, config);
  };
  assert.deepEqual(resume("risk", "drift_breaches").driftBreachesMs, [5_000, 5_000]);
  assert.equal(resume("risk", "phase").phase.phase, "EXPLORATION");
  assert.equal(resume("risk", "posterior_mean").posterior.mean, 0.35);
  assert.equal(resume("risk", "defense_level").defense.level, "ONE_SIDE");
  assert.equal(resume("risk", "day").day, null);
});

Deno.test("state records: inventory is written with what own orders leave free", () => {
  const orders = [
    ownOrder({ orderId: "A", remaining: shares(20) }),
    ownOrder({ orderId: "B", contract: "NO", direction: "SELL", remaining: shares(60) }),
    ownOrder({ orderId: "C", direction: "BUY", contractPrice: price(40), remaining: shares(10) }),
  ];
  const { hashes } = contentOf(M, persisted(), published({ orders }), AUTHOR);
  assert.deepEqual(hashes.get(KEYS.inventory), {
    yes_volume: "900",
    no_volume: "860",
    yes_available: "880",
    no_available: "800",
    yes_cost_sum_cents: "44000",
    no_cost_sum_cents: "43000",
    // 41 234 less 10 at 40 and the fee buffer of 20 basis points, rounded up.
    cash_cents: String(41_234 - 400 - 1),
    updated_at_ms: "1700000000500",
  });
});

Deno.test("state records: an order is written with the book quote it stands for, its freeze and the fence", () => {
  const buyNo = ownOrder({
    contract: "NO",
    direction: "BUY",
    contractPrice: price(40),
    side: "ASK",
    yesPrice: price(60),
    remaining: shares(10),
  });
  const { hashes } = contentOf(M, persisted(), published({ orders: [buyNo] }), AUTHOR);
  assert.deepEqual(JSON.parse(hashes.get(KEYS.orders)?.["O-1"] ?? ""), {
    side: "NO",
    direction: "BUY",
    price: 40,
    qty: 25,
    remaining: 10,
    book_type: "SYNTHETIC_SELL",
    created_ms: 1_700_000_000_000,
    client_order_id: "amm_O-1",
    quote_side: "ASK",
    yes_price: 60,
    frozen_cents: 401,
    fence: 7,
  });
  const types = (["YES", "NO"] as const).flatMap((contract) =>
    (["BUY", "SELL"] as const).map((direction) => {
      const orders = [ownOrder({ contract, direction })];
      const { hashes } = contentOf(M, persisted(), published({ orders }), AUTHOR);
      return JSON.parse(hashes.get(KEYS.orders)?.["O-1"] ?? "").book_type;
    })
  );
  assert.deepEqual(types, ["NATIVE_BUY", "NATIVE_SELL", "SYNTHETIC_SELL", "SYNTHETIC_BUY"]);
});

Deno.test("state records: the strategy state of a real cycle has every field of the dictionary", async () => {
  const venue = new TestVenue();
  await venue.start(3);
  const { explanation } = venue.report();
  await venue.stop();
  const lvr = { ...published().lvr, lastFillMs: { ASK: 1_000, BID: null } };
  const config = marketConfig({ lvrPostFillDelayMs: 4_000 });
  const shown = published({ explanation, lvr, config });
  const record = persisted({
    defense: { level: "KILL_SWITCH", calmCycles: 0, latch: KILL },
  });
  const { hashes, shared } = contentOf(M, record, shown, AUTHOR);
  const { sigma_cents, sigma_hour_cents, ...rest } = hashes.get(KEYS.state) ?? {};
  assert.ok(Number(sigma_cents) > 0 && Number(sigma_hour_cents) > 0);
  assert.deepEqual(rest, {
    phase: "EXPLORATION",
    fair_price_cents: "50",
    inventory_skew: "0",
    inventory_skew_eff: "0",
    last_requote_ms: String(explanation?.atMs),
    daily_pnl_cents: "0",
    total_pnl_cents: "0",
    total_fills_today: "12",
    lvr_cooldown_until: "5000",
    cooldown_ask_until: "5000",
    cooldown_bid_until: "0",
    kill_switch: "ON",
    pause_reasons: "",
    quote_funding: "inventory",
    as_profile: "standard",
    instance_id: "one",
    fence: "7",
    defense_level: "KILL_SWITCH",
    lifecycle: "RUNNING",
  });
  assert.deepEqual(shared.map(({ key, value }) => [key, value]), [
    [SHARED_KEYS.marketCash, "41234"],
    ["amm:pnl:2026-01-05", "0"],
  ]);
});

Deno.test("shared record: figures of the day are read market by market, one that is none is null", () => {
  const day = named("x", { "MKT-1": "-250", "MKT-2": "lots", "MKT-3": "" }).found;
  const { dayPnlCents, refused } = readSharedRecord({ kind: "none" }, day, "2026-01-05");
  assert.deepEqual([...dayPnlCents], [["MKT-1", -250], ["MKT-2", null], ["MKT-3", null]]);
  assert.deepEqual(refused.map(({ key, field }) => [key, field]), [
    ["amm:pnl:2026-01-05", "MKT-2"],
    ["amm:pnl:2026-01-05", "MKT-3"],
  ]);
});

Deno.test("shared record: what the global latch may look like, and what it is taken for", () => {
  const NONE: FoundKey = { kind: "none" };
  const latchOf = (found: FoundKey) => readSharedRecord(found, NONE, "2026-01-05").latch;
  const hash = (fields: Record<string, string>) => latchOf({ kind: "hash", fields });
  const on = { kill_latched: "ON", kill_reason: "ADMIN", kill_at_ms: "9", kill_source: "ann" };
  assert.deepEqual(latchOf(NONE), { kind: "none" });
  assert.deepEqual(latchOf({ kind: "other", type: "string" }), { kind: "unreadable" });
  assert.deepEqual(hash(on), {
    kind: "on",
    latch: { reason: "ADMIN", atMs: 9, source: "ann" },
  });
  assert.deepEqual(hash({ ...on, kill_latched: "OFF", kill_released_by: "bob: over" }), {
    kind: "off",
    latchAtMs: 9,
    by: "bob: over",
  });
  for (const word of ["yes", "", "on"]) {
    const found = hash({ ...on, kill_latched: word });
    assert.equal(found.kind === "on" && found.latch.reason, "INVALID_INPUT", word);
  }
  const { kill_latched: _, ...half } = on;
  assert.equal(hash(half).kind, "on", "half a record is a kill");
});
