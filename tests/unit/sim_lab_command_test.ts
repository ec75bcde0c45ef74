import assert from "node:assert/strict";
import { runProgram } from "../../src/cli/program.ts";
import { simCommand } from "../../sim/cli/sim_command.ts";
import { FIGURE_NAMES } from "../../sim/harness/figures.ts";
import { type MemoryIo, memoryIo } from "../support/memory_io.ts";
import { changed } from "../support/sim.ts";

const SHORT = changed(
  ["duration: 20m", "duration: 3m"],
  ["rate_per_hour: 120", "rate_per_hour: 1200"],
  ["events:\n  - { at: 10m, do: suspend }\n", ""],
);
const FILES = { "short.yaml": SHORT };

/** Runs `amm sim …` in memory, on one thread. */
async function sim(args: string, files: Readonly<Record<string, string>> = FILES) {
  const io = memoryIo({ files });
  const load = () => Promise.resolve(simCommand(io));
  const commands = [{ name: "sim", summary: "simulates", load }];
  await runProgram({ args: ["sim", ...args.split(" ")], io, version: "0", commands });
  return io;
}

const COMPARE = "compare --workers 1 --markets short.yaml --seeds 2";

Deno.test("sim compare --json: an array of cells with every figure as mean, low and high", async () => {
  const { out, err, exitCode } = await sim(`${COMPARE} --makers lmsr,symmetric --json`);
  const cells: Record<string, unknown>[] = JSON.parse(out);
  assert.equal(err, "");
  assert.equal(exitCode, 0);
  assert.deepEqual(cells.map(({ maker, market_type, seeds }) => [maker, market_type, seeds]), [
    ["lmsr", "small", 2],
    ["symmetric", "small", 2],
  ]);
  for (const cell of cells) {
    for (const name of FIGURE_NAMES) {
      assert.deepEqual(Object.keys(Object(cell[name])), ["mean", "low", "high"], name);
    }
    assert.equal(typeof cell.largest_loss_cents, "number");
    assert.match(String(cell.digest), /^[0-9a-f]{64}$/);
    assert.deepEqual(cell.violations, []);
  }
});

Deno.test("sim compare: two tables with a line for each maker, and one over all markets", async () => {
  const { out } = await sim(`${COMPARE} --makers lmsr`);
  assert.match(out, /^market +maker +two-sided % +quoted c +paid c/m);
  assert.match(out, /^small +lmsr +100\.0 ±0\.0 /m);
  assert.ok(!out.includes("all together"), "over one market there is nothing to put together");
  assert.match(out, /^market +maker +worst loss \$/m);
});

Deno.test("sim compare --without: the bot with and without the guard, and nobody else", async () => {
  const { out } = await sim(`${COMPARE} --without levels --json`);
  const cells: { maker: string }[] = JSON.parse(out);
  assert.deepEqual(cells.map(({ maker }) => maker), ["standard", "standard without levels"]);
});

Deno.test("sim compare --set: the bot runs with the setting", async () => {
  const spread = async (args: string) => {
    const { out } = await sim(`${COMPARE} --makers standard --json ${args}`);
    return JSON.parse(out)[0].quoted_spread_cents.mean;
  };
  const wide = await spread("--set exploration_min_spread_cents=12");
  assert.ok(wide > 1.5 * await spread("--set exploration_min_spread_cents=5"), `${wide}`);
});

Deno.test("sim compare --report: a page that needs nothing from outside", async () => {
  const { files } = await sim(`${COMPARE} --makers lmsr,symmetric --report c.html`);
  const page = files.get("c.html") ?? "";
  assert.match(page, /^<!doctype html>/);
  assert.ok(!/<(link|img|iframe|script)[^>]*\s(src|href)=/i.test(page));
  assert.ok(page.includes(`content="default-src 'none'; `));
  const [, data = ""] = /id="data">(.*?)<\/script>/s.exec(page) ?? [];
  const charts: { title: string; series: { label: string; points: unknown[] }[] }[] = JSON.parse(
    data,
  );
  assert.equal(charts.length, 1 + FIGURE_NAMES.length);
  for (const { series } of charts) {
    assert.deepEqual(series.map(({ label }) => label), ["lmsr", "symmetric"]);
  }
  assert.equal(page.match(/data-chart="\d+"/g)?.length, charts.length);
});

Deno.test("sim compare: broken invariants are shown with their seed and make the exit code 1", async () => {
  const blocked = SHORT.replace("duration: 3m", "duration: 3m\nvenue: { quirks: [Q-02] }");
  const { err, exitCode } = await sim(`${COMPARE} --makers standard`, { "short.yaml": blocked });
  assert.equal(exitCode, 1);
  assert.match(err, /^standard in small, seed 1: SIM-1: the bot does not work it: /m);
});

Deno.test("sim evidence --write: writes the document and says so", async () => {
  const { files, out, err, exitCode } = await sim("evidence --chapters defaults --write");
  assert.equal(exitCode, 0);
  assert.equal(out, "");
  assert.match(err, /^docs\/strategy-evidence\.md was written: 0 runs\n$/);
  const text = files.get("docs/strategy-evidence.md") ?? "";
  assert.match(text, /^# What the strategy is worth\n/);
  assert.match(text, /\n## 1\. Changed defaults\n/);
  assert.match(text, /\n\| `posterior_mode` +\| beta +\| flow +\|/);
});

Deno.test("sim evidence --json: the chapters with their tables", async () => {
  const { out } = await sim("evidence --chapters defaults --seeds 1 --json");
  const { seeds, runs, violations, chapters } = JSON.parse(out);
  assert.deepEqual([seeds, runs, violations], [1, 0, 0]);
  assert.equal(chapters[0].sections[0].table.columns[0], "parameter");
});

for (
  const [args, message] of [
    ["compare --makers standrd", /There is no standrd\. Did you mean standard\?/],
    ["compare --markets clam", /^Unknown market clam \(did you mean calm\?\); there are calm, /],
    ["compare --markets gone.yaml", /^Cannot read scenario gone\.yaml: /],
    ["compare --without vpn", /There is no vpn\. Did you mean vpin\?/],
    ["evidence --chapters dais", /There is no dais\. Did you mean days\?/],
    ["compare --seeds 0", /It must be a whole number from 1 to 100000\./],
    ["compare --seed -1", /It must be a whole number from 0 to /],
    ["compare --workers 0", /It must be a whole number from 1 to 256\./],
    ["compare --set kappa=1..2:3", /one value is wanted here; `sim sweep` takes more/],
    ["compare --set kapa=1", /^Unknown setting kapa/],
    ["sweep", /^Nothing to sweep: give --set name=first\.\.last:count/],
    ["sweep --set kappa=1..1000:3", /allowed 0\.1 to 100/],
    ["sweep --set inventory_skew_widen=0.5..0.7:3", /must hold: inventory_skew_widen </],
    ["sweep --maker lmsr --set kappa=1..2:2", /There is no lmsr/],
    [
      "sweep --set kappa=1..2:50 --set min_edge_cents=0..1:50",
      /^Cannot sweep 2500 settings: 1000 at most/,
    ],
    ["replay gone.csv", /^Cannot read gone\.csv: /],
    ["replay short.yaml", /its first line must name the columns time,price,size,taker_side/],
    ["run short.yaml --explain soon", /It must be a time since the beginning, such as 90s/],
    ["run short.yaml --explain 4m", /^Cannot explain small at 4m: it takes 3m/],
  ] as const
) {
  Deno.test(`sim ${args}: a usage error that says what would be right`, async () => {
    const { out, err, exitCode } = await sim(args);
    assert.equal(exitCode, 2, err);
    assert.equal(out, "");
    assert.match(err.replace(/^error: .* is invalid\. /, ""), message);
  });
}

Deno.test("sim sweep --json: a cell for each value, with its settings and its place", async () => {
  const { out, exitCode } = await sim(
    "sweep --workers 1 --markets short.yaml --seeds 1 --set exploration_min_spread_cents=4..8:2 --json",
  );
  const cells: Record<string, unknown>[] = JSON.parse(out);
  assert.equal(exitCode, 0);
  assert.deepEqual(cells.map(({ settings }) => settings), [
    { exploration_min_spread_cents: 4 },
    { exploration_min_spread_cents: 8 },
  ]);
  assert.ok(cells.some(({ on_frontier }) => on_frontier === true));
  assert.ok(cells.every(({ maker }) => /^exploration_min_spread_cents=/.test(String(maker))));
});

Deno.test("sim sweep: the frontier in words, and as a chart of cost against paid spread", async () => {
  const { out, files } = await sim(
    "sweep --workers 1 --markets short.yaml --seeds 1 --set kappa=1..2:2 --report s.html",
  );
  assert.match(out, /^Frontier: kappa=/m);
  const [, data = "[]"] = /id="data">(.*?)<\/script>/s.exec(files.get("s.html") ?? "") ?? [];
  const [chart] = JSON.parse(data);
  assert.equal(chart.x, "paid spread, cents");
  assert.equal(chart.y, "cost per share, cents");
  assert.deepEqual(chart.series.map(({ label }: { label: string }) => label), [
    "frontier",
    "beaten",
  ]);
  assert.equal(chart.series[0].line, true);
});

Deno.test("sim run --explain: the quotes in force at that time, term by term", async () => {
  const { out, exitCode } = await sim("run short.yaml --explain 90s");
  assert.equal(exitCode, 0);
  assert.match(out, /^SIM-1 at 1m 30s: cycle \d+, RUNNING, EXPLORATION$/m);
  assert.match(out, /^Fair price$/m);
  assert.match(out, /^ +anchor +50 c × 0$/m);
  assert.match(out, /^ +inventory shift +-?[\d.]+ c$/m);
  assert.match(out, /^ +risk \+ depth \+ uncertainty +[\d.]+ \+ [\d.]+ \+ [\d.]+ c$/m);
  assert.match(out, /^ +its standard deviation +[\d.]+ c$/m);
  assert.match(out, /^ +may still lose: ASK, BID +[\d.]+ \$, [\d.]+ \$$/m);
  assert.match(out, /^Orders that should rest$/m);
});

Deno.test("sim run --explain --json: the whole explanation of the cycle in force then", async () => {
  const explained = async (time: string) => {
    const { out } = await sim(`run short.yaml --explain ${time} --json`);
    return JSON.parse(out).markets[0].explained;
  };
  const [early, late] = [await explained("10s"), await explained("150s")];
  assert.equal(new Date(early.at_ms).toISOString(), "2026-01-05T00:00:10.000Z");
  assert.ok(late.at_ms <= Date.UTC(2026, 0, 5, 0, 2, 30));
  assert.ok(late.at_ms > Date.UTC(2026, 0, 5, 0, 2, 27), "the last one before that time");
  assert.equal(typeof early.spread.risk_spread_cents, "number");
});

Deno.test("sim run: without --explain the JSON holds no explanations and no raw sums", async () => {
  const { out } = await sim("run short.yaml --json");
  const [market] = JSON.parse(out).markets;
  for (const name of ["explained", "figures", "samples", "last_quote"]) {
    assert.ok(!(name in market), name);
  }
});

/** One bad row among `good` good ones. */
function tape(good: number): string {
  const rows = Array.from({ length: good }, (_, index) => {
    const minute = String(index % 60).padStart(2, "0");
    const hour = String(8 + Math.floor(index / 60)).padStart(2, "0");
    return `2026-03-02T${hour}:${minute}:00Z,${index % 2 === 0 ? 53 : 47},5,${
      index % 2 === 0 ? "BUY" : "SELL"
    }`;
  });
  rows.splice(2, 0, "2026-03-02T08:02:00Z,0.47,5,SELL");
  return ["time,price,size,taker_side", ...rows].join("\n");
}

Deno.test("sim replay: one bad row in a hundred is named, and the rest is replayed", async () => {
  const { out, err, exitCode } = await sim("replay t.csv --json", { "t.csv": tape(99) });
  assert.equal(exitCode, 0, err);
  assert.match(
    err,
    /^t\.csv: 1 of 100 rows are bad\nline 4: price is "0\.47"; must be YES cents from 1 to 99\n$/,
  );
  const result = JSON.parse(out);
  assert.equal(result.scenario, "replay");
  assert.ok(result.own_trades > 10, `${result.own_trades} trades`);
  assert.deepEqual(result.violations, []);
});

Deno.test("sim replay: more than one bad row in a hundred stops the run with exit code 2", async () => {
  const { out, err, exitCode } = await sim("replay t.csv", { "t.csv": tape(98) });
  assert.equal(exitCode, 2);
  assert.equal(out, "");
  assert.match(err, /^Cannot use t\.csv: 1 of 99 rows are bad\nline 4: /);
  assert.match(err, /At most 1 % may be bad/);
});

Deno.test("sim replay --maker --outcome: somebody else, and the market is decided", async () => {
  const args = "replay t.csv --maker lmsr --outcome NO --json";
  const results = [
    await sim(args, { "t.csv": tape(100) }),
    await sim(args, { "t.csv": tape(100) }),
  ];
  const [one, again] = results.map(({ out }: MemoryIo) => JSON.parse(out));
  assert.equal(one.digest, again.digest);
  assert.ok(one.own_trades > 10);
  assert.equal(one.own_orders_open, 0);
});
