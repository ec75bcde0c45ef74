import assert from "node:assert/strict";
import { eachFigure, type FigureName } from "../../sim/harness/figures.ts";
import type { Finding } from "../../sim/lab/evidence/chapter.ts";
import { CHAPTER_NAMES, CHAPTERS } from "../../sim/lab/evidence/evidence.ts";
import { GUARD_SITUATIONS } from "../../sim/lab/evidence/guard_situations.ts";
import { verdictOf } from "../../sim/lab/evidence/guard_value.ts";
import { markdownOf } from "../../sim/lab/evidence/markdown.ts";
import { NOT_EXPLAINED, reasonFor } from "../../sim/lab/evidence/reasons.ts";
import { dayOf, REGIME_NAMES } from "../../sim/lab/evidence/regimes.ts";
import { GUARD_NAMES } from "../../sim/lab/guards.ts";
import { CONTENDER_NAMES } from "../../sim/lab/makers/mod.ts";
import { MARKET_TYPE_NAMES } from "../../sim/lab/market_types.ts";
import { pairedDifference } from "../../sim/lab/statistics.ts";

type Sums = Partial<Record<FigureName, number | readonly [sum: number, weight: number]>>;

/** A finding with the given figures; all others are 0. */
function finding(words: Partial<Finding>, sums: Sums, violations: string[] = []): Finding {
  const figures = eachFigure((name) => {
    const value = sums[name] ?? 0;
    return typeof value === "number"
      ? { sum: value, weight: 1 }
      : { sum: value[0], weight: value[1] };
  });
  return {
    place: "calm",
    maker: "standard",
    trial: { market: "calm", seed: 1, contender: "standard", settings: {} },
    outcome: { figures, digest: "", violations },
    ...words,
  };
}

const EFFORT = { seeds: 1, seed: 7 };

Deno.test("evidence: every chapter names its runs, and the same effort names the same ones", () => {
  for (const name of CHAPTER_NAMES) {
    assert.deepEqual(CHAPTERS[name].runs(EFFORT), CHAPTERS[name].runs(EFFORT), name);
  }
  const cells = MARKET_TYPE_NAMES.length * CONTENDER_NAMES.length;
  assert.equal(CHAPTERS.comparison.runs({ seeds: 3, seed: 1 }).length, 3 * cells);
});

Deno.test("evidence: a chapter without any finding still has its sections", () => {
  for (const name of CHAPTER_NAMES) {
    const sections = CHAPTERS[name].sections([], []);
    assert.ok(sections.length > 0, name);
  }
});

/** Two seeds of one cell for each maker; the bot is better in cost, worse in price. */
function duelOf(place: string): Finding[] {
  return CONTENDER_NAMES.flatMap((maker) =>
    [1, 2, 3].map((seed) => {
      const isBot = maker === "standard";
      return finding({ place, maker }, {
        cost_per_share_cents: [(isBot ? -200 : 100) + seed, 100],
        price_error_cents: [(isBot ? 3 : 2) + seed / 100, 1],
        worst_loss_cents: seed,
      });
    })
  );
}

Deno.test("comparison: says of each cell who wins, and a lost cell without a reason is not explained", () => {
  const sections = CHAPTERS.comparison.sections(duelOf("calm"), []);
  const duel = sections.find(({ heading }) => heading === "This bot less lmsr");
  const calm = duel?.table?.rows.find(([market]) => market === "calm");
  assert.deepEqual(calm, [
    "calm",
    "-3.00",
    "[-3.00, -3.00]",
    "won",
    "1.00",
    "[1.00, 1.00]",
    "lost",
  ]);
  const thin = duel?.table?.rows.find(([market]) => market === "thin");
  assert.deepEqual(thin?.[3], "no trades");
  const lost = sections.find(({ heading }) => heading === "Cells that are lost")?.table?.rows;
  assert.ok(
    lost?.some(([market, rival, what, verdict, why]) =>
      market === "calm" && rival === "lmsr" && what === "price error" && verdict === "lost" &&
      why === NOT_EXPLAINED
    ),
  );
  assert.ok(!lost?.some(([, , what]) => what === "cost per share"));
});

Deno.test("reasons: one for all rivals stands for each of them", () => {
  const cell = { place: "thirty_day", rival: "lmsr", contest: "error" } as const;
  assert.notEqual(reasonFor(cell), NOT_EXPLAINED);
  assert.equal(reasonFor({ ...cell, place: "nowhere" }), NOT_EXPLAINED);
});

Deno.test("paired difference: what the pairs have in common does not widen the interval", () => {
  const noise = [5, -40, 30, 12, -7];
  const first = noise.map((sum) => ({ sum: sum + 1, weight: 1 }));
  const second = noise.map((sum) => ({ sum, weight: 1 }));
  const { mean, low, high } = pairedDifference(first, second);
  assert.ok(mean !== null && low !== null && high !== null);
  assert.ok(Math.abs(mean - 1) < 1e-9 && high - low < 1e-9);
  const apart = pairedDifference(first, [...second].reverse());
  assert.ok((apart.high ?? 0) - (apart.low ?? 0) > 10);
});

Deno.test("paired difference: without runs or without weight nothing is known", () => {
  const unknown = { mean: null, low: null, high: null };
  assert.deepEqual(pairedDifference([], []), unknown);
  assert.deepEqual(pairedDifference([{ sum: 0, weight: 0 }], [{ sum: 1, weight: 1 }]), unknown);
  assert.deepEqual(pairedDifference([{ sum: 3, weight: 1 }], [{ sum: 1, weight: 1 }]), {
    mean: 2,
    low: null,
    high: null,
  });
});

/** P&L of a guard's runs, seed by seed. */
function runs(pnls: readonly number[], more: Sums = {}): Finding[] {
  return pnls.map((pnl_cents) => finding({}, { pnl_cents, ...more }));
}

Deno.test("guards: twice the loss without it is its value, if it is certain", () => {
  const on = runs([-100, -110, -90]);
  assert.equal(verdictOf({ on, off: runs([-250, -240, -260]) }), "halves the loss");
  assert.equal(verdictOf({ on, off: runs([-150, -160, -140]) }), "no value");
  assert.equal(verdictOf({ on, off: runs([100, 400, -1_400]) }), "no value");
  assert.equal(verdictOf({ on: runs([50, 40]), off: runs([80, 90]) }), "no value");
});

Deno.test("guards: a kill or a loss beyond the budget that it avoids is its value", () => {
  const on = runs([100, 110]);
  assert.equal(verdictOf({ on, off: runs([100, 110], { kills: 1 }) }), "keeps a bound");
  const beyond = runs([100, 110], { worst_loss_cents: 1_000_000 });
  assert.equal(verdictOf({ on, off: beyond }), "keeps a bound");
  assert.equal(verdictOf({ on: beyond, off: beyond }), "no value");
});

Deno.test("guards: each has situations that exist", () => {
  for (const name of GUARD_NAMES) assert.ok(GUARD_SITUATIONS[name].length > 0, name);
  const places = new Set(CHAPTERS.guards.runs(EFFORT).map(({ place }) => place));
  assert.deepEqual(places, new Set(Object.values(GUARD_SITUATIONS).flat()));
});

Deno.test("loss bound: counts the runs of bots only, and names every violation with its seed", () => {
  const broken = finding({}, { worst_outcome_loss_cents: 6_100 }, ["LAB: lost too much"]);
  const rival = finding({
    maker: "lmsr",
    trial: { market: "calm", seed: 1, contender: "lmsr", settings: {} },
  }, { worst_outcome_loss_cents: 99_999 });
  const [bound, violations] = CHAPTERS.loss_bound.sections([], [broken, rival]);
  assert.deepEqual(bound?.table?.rows, [["calm", "1", "61.00", "1"]]);
  assert.deepEqual(violations?.table?.rows, [["calm", "standard", "1", "LAB: lost too much"]]);
});

Deno.test("days: within the budget, kills and the goals are counted", () => {
  const day = (sums: Sums) => finding({ place: "calm", maker: "cash" }, sums);
  const sections = CHAPTERS.days.sections([
    day({ two_sided_outside_news: [90, 100], worst_loss_cents: 100, kills: 1 }),
    day({ two_sided_outside_news: [100, 100], worst_loss_cents: 1_000_000, kills: 1 }),
  ], []);
  const [uptime, losses] = sections;
  assert.match(String(uptime?.table?.rows[0]?.[2]), /^95\.0 ±/);
  const row = losses?.table?.rows.find(([place, maker]) => place === "calm" && maker === "cash");
  assert.deepEqual(row?.slice(2, 6), ["2", "1", "2", "1"]);
  assert.match(losses?.text[1] ?? "", /on 1 of 2 days: 50\.0 %; the goal of 99\.0 % is missed\. /);
});

for (const name of REGIME_NAMES) {
  Deno.test(`regime ${name}: a seed draws a day, another seed another`, () => {
    assert.deepEqual(dayOf(name, 3), dayOf(name, 3));
    assert.notDeepEqual(dayOf(name, 3).markets, dayOf(name, 4).markets);
    assert.equal(dayOf(name, 3).duration, 24 * 3_600_000);
  });
}

Deno.test("markdown: numbered chapters, lines of at most 100 characters, tables that line up", () => {
  const long = "word ".repeat(50).trim();
  const text = markdownOf("Title", [long], [{
    title: "First",
    sections: [{
      heading: "Part",
      text: ["- item " + long],
      table: { columns: ["a", "figure"], rows: [["x|y", "1"], ["longer", "22"]] },
    }],
  }]);
  assert.match(text, /^# Title\n\nword /);
  assert.match(text, /\n## 1\. First\n\n### Part\n\n- item word/);
  assert.ok(text.split("\n").every((line) => line.length <= 100));
  assert.ok(text.includes("| a      | figure |\n| ------ | ------ |\n| x\\|y   | 1      |\n"));
});
