import assert from "node:assert/strict";
import { seededRandom } from "../../src/runtime/random.ts";
import { pathSchema, pricePath } from "../../sim/price_path.ts";
import { replayScenario } from "../../sim/replay/replay_scenario.ts";
import { badRowsReport, parseTape, TapeError } from "../../sim/replay/tape_file.ts";

const HEADING = "time,price,size,taker_side";
const GOOD = "2026-03-02T09:00:00Z,47,8,BUY";

/** A file with enough good rows that one bad one is let through. */
function withRow(row: string, heading = HEADING): string {
  return [heading, ...Array(120).fill(GOOD), row].join("\n");
}

/** What is wrong with a row, null if nothing. */
function problemOf(row: string): string | null {
  return parseTape("t.csv", withRow(row)).bad[0]?.problem ?? null;
}

Deno.test("tape: the sample file is read to the last row", async () => {
  const text = await Deno.readTextFile("tests/fixtures/recorded-trades.csv");
  const { trades, bad, rows } = parseTape("recorded-trades.csv", text);
  assert.deepEqual([trades.length, bad.length, rows], [240, 0, 240]);
  assert.deepEqual(trades[0], {
    timeMs: Date.UTC(2026, 2, 2, 9, 2, 34, 56),
    priceCents: 47,
    shares: 8,
    takerSide: "BID",
  });
});

Deno.test("tape: CSV in any order of columns, with others, quotation marks and Windows lines", () => {
  const text = "\uFEFFid,Taker_Side,size,price,time\r\n" +
    '1,sell,"3",47.5,"2026-03-02 10:00:00+01:00"\r\n\r\n' +
    '"a,""b""",BUY,1,48,1772442000000\r\n';
  assert.deepEqual(parseTape("t.csv", text).trades, [
    { timeMs: Date.UTC(2026, 2, 2, 9), priceCents: 47.5, shares: 3, takerSide: "ASK" },
    { timeMs: 1772442000000, priceCents: 48, shares: 1, takerSide: "BID" },
  ]);
});

Deno.test("tape: JSON lines", () => {
  const text = '{"time":1772442000000,"price":48,"size":2,"taker_side":"SELL","venue":"x"}\n';
  assert.deepEqual(parseTape("t.jsonl", text).trades, [
    { timeMs: 1772442000000, priceCents: 48, shares: 2, takerSide: "ASK" },
  ]);
});

Deno.test("tape: a line that is no JSON, or no object, is a bad row", () => {
  const good = '{"time":1772442000000,"price":48,"size":2,"taker_side":"SELL"}';
  const lines = [...Array(300).fill(good), "{", "7", "null"];
  assert.deepEqual(parseTape("t.jsonl", lines.join("\n")).bad, [
    { line: 301, problem: "it is no JSON" },
    { line: 302, problem: "time is missing; must be ISO 8601 with a zone, or epoch milliseconds" },
    { line: 303, problem: "time is missing; must be ISO 8601 with a zone, or epoch milliseconds" },
  ]);
});

for (
  const [row, problem] of [
    ["2026-03-02T09:00:00,47,8,BUY", /^time is .*must be ISO 8601 with a zone/],
    ["1772442000,47,8,BUY", /^time is "1772442000"; must be .* epoch milliseconds/],
    ["soon,47,8,BUY", /^time is "soon"/],
    [",47,8,BUY", /^time is missing/],
    ["2026-02-31T99:00:00Z,47,8,BUY", /^time is /],
    ["2026-03-02T08:59:59Z,47,8,BUY", /, before that of the row above$/],
    ["2026-03-02T09:00:01Z,0.47,8,BUY", /^price is "0\.47"; must be YES cents from 1 to 99/],
    ["2026-03-02T09:00:01Z,100,8,BUY", /^price is "100"/],
    ["2026-03-02T09:00:01Z,-5,8,BUY", /^price is "-5"/],
    ["2026-03-02T09:00:01Z,NaN,8,BUY", /^price is "NaN"/],
    ["2026-03-02T09:00:01Z,1e1,8,BUY", /^price is "1e1"/],
    ["2026-03-02T09:00:01Z,47,0,BUY", /^size is "0"; must be whole shares from 1/],
    ["2026-03-02T09:00:01Z,47,2.5,BUY", /^size is "2\.5"/],
    ["2026-03-02T09:00:01Z,47,,BUY", /^size is missing/],
    ["2026-03-02T09:00:01Z,47,8,YES", /^taker_side is "YES"; must be BUY or SELL, of YES/],
    ["2026-03-02T09:00:01Z,47,8", /^it has 3 fields; the heading has 4/],
    ["2026-03-02T09:00:01Z,47,8,BUY,", /^it has 5 fields; the heading has 4/],
  ] as const
) {
  Deno.test(`tape: ${row} is a bad row`, () => {
    assert.match(problemOf(row) ?? "accepted", problem);
  });
}

Deno.test("tape: a row after a bad one is compared with the last good one", () => {
  const text = withRow("2027-01-01T00:00:00Z,0,8,BUY") + "\n2026-03-02T09:00:01Z,47,8,BUY";
  assert.equal(parseTape("t.csv", text).trades.length, 121);
});

Deno.test("tape: exactly one bad row in a hundred is let through, more are not", () => {
  const rows = (good: number) => [HEADING, ...Array(good).fill(GOOD), "x,x,x,x"].join("\n");
  assert.equal(parseTape("t.csv", rows(99)).bad.length, 1);
  assert.throws(() => parseTape("t.csv", rows(98)), (error) => {
    assert.ok(error instanceof TapeError);
    assert.match(error.message, /^Cannot use t\.csv: 1 of 99 rows are bad\nline 100: time is "x"/);
    return true;
  });
});

Deno.test("tape: no rows, and no heading, are refused", () => {
  assert.throws(() => parseTape("t.csv", HEADING), /Cannot use t\.csv: it holds no trades/);
  assert.throws(() => parseTape("t.csv", ""), /missing time,price,size,taker_side/);
  assert.throws(() => parseTape("t.csv", "time,price,size\n1,2,3"), /missing taker_side/);
});

Deno.test("bad rows: at most twenty are shown, and all are counted", () => {
  const bad = Array.from({ length: 50 }, (_, index) => ({ line: index + 2, problem: "no" }));
  const lines = badRowsReport(bad, 60).split("\n");
  assert.equal(lines.length, 22);
  assert.deepEqual([lines[0], lines[1], lines.at(-1)], [
    "50 of 60 rows are bad",
    "line 2: no",
    "and 30 more",
  ]);
});

const TRADE = { timeMs: 1_772_442_000_000, priceCents: 47.6, shares: 8, takerSide: "BID" as const };

Deno.test("replay: the trades come a minute after the start, with their distances", () => {
  const later = { ...TRADE, timeMs: TRADE.timeMs + 90_000, priceCents: 60 };
  const scenario = replayScenario({ trades: [TRADE, later], bad: [], rows: 2 }, { file: "t.csv" });
  const [market] = scenario.markets;
  assert.equal(scenario.duration, 60_000 + 90_000 + 300_000);
  assert.equal(market?.anchor, 48);
  assert.deepEqual(market?.path.jumps.map(({ at, to }) => [at, to]), [
    [60_000, 47.6],
    [150_000, 60],
  ]);
  const [trader] = market?.traders ?? [];
  assert.ok(trader?.kind === "tape");
  assert.deepEqual(trader.trades, [
    { at: 60_000, side: "BID", price: 47.6, size: 8 },
    { at: 150_000, side: "BID", price: 60, size: 8 },
  ]);
});

Deno.test("replay: an anchor and an outcome as they are given", () => {
  const tape = { trades: [TRADE], bad: [], rows: 1 };
  const scenario = replayScenario(tape, { file: "t.csv", anchorCents: 70, outcome: "NO" });
  assert.equal(scenario.markets[0]?.anchor, 70);
  assert.deepEqual(scenario.events, [{ at: scenario.duration, do: "resolve", result: "NO" }]);
});

Deno.test("replay: a file over more time than a run can take is refused", () => {
  const late = { ...TRADE, timeMs: TRADE.timeMs + 91 * 86_400_000 };
  const tape = { trades: [TRADE, late], bad: [], rows: 2 };
  assert.throws(
    () => replayScenario(tape, { file: "t.csv" }),
    /^TapeError: Cannot replay t\.csv: it covers 91d .*; at most 90d at once/,
  );
});

Deno.test("price path: a hundred thousand jumps are looked up as fast as one", () => {
  const jumps = Array.from({ length: 100_000 }, (_, at) => ({ at, to: 20 + (at % 60), over: 0 }));
  const path = pricePath({
    spec: { ...pathSchema.parse({ start: 50 }), jumps },
    endsInMs: 1e9,
    random: seededRandom(1),
  });
  let looks = 0;
  for (let at = 0; at < 100_000; at += 7) {
    looks++;
    assert.ok(Math.abs(path.at(at) - (20 + (at % 60))) < 1e-9, `at ${at}`);
    assert.equal(path.nextMoveMs(at), at === 99_999 ? null : at + 1);
  }
  assert.ok(looks > 14_000);
});
