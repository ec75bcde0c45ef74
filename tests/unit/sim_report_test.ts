import assert from "node:assert/strict";
import { escapeHtml, scriptJson } from "../../sim/report/html.ts";
import { reportPage } from "../../sim/report/page.ts";
import { marketResult, simulationResult } from "../support/sim.ts";

const EVIL = `<img src=x onerror="alert('1')">&</script>`;

const SAMPLE = {
  elapsedMs: 1_800_000,
  trueCents: 51.5,
  fairCents: 50,
  bid: 48,
  ask: null,
  netShares: -20,
  pnlCents: 250,
  bookedPnlCents: -125,
  level: "ONE_SIDE" as const,
  paused: true,
};

Deno.test("escapeHtml: nothing of it can become markup or end an attribute", () => {
  assert.equal(
    escapeHtml(EVIL),
    "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;&lt;/script&gt;",
  );
});

Deno.test("scriptJson: no text can end the element, and the value survives", () => {
  const json = scriptJson({ name: EVIL });
  assert.ok(!json.includes("<"));
  assert.deepEqual(JSON.parse(json), { name: EVIL });
});

Deno.test("report: whatever names and violations hold stays text", () => {
  const page = reportPage([simulationResult({
    scenario: EVIL,
    description: EVIL,
    violations: [EVIL],
    markets: [marketResult({ marketId: EVIL, title: `${EVIL}!`, samples: [SAMPLE] })],
  })]);
  assert.ok(!page.includes("<img"));
  assert.ok(page.includes("&lt;img src=x"));
});

Deno.test("report: the page needs nothing from outside", () => {
  const page = reportPage([simulationResult({ markets: [marketResult({ samples: [SAMPLE] })] })]);
  assert.ok(page.includes(`content="default-src 'none'; `));
  assert.ok(!/<(link|img|iframe|script)[^>]*\s(src|href)=/i.test(page));
  assert.ok(!/@import|url\(/i.test(page));
  assert.ok(page.includes("uPlot"));
});

Deno.test("report: each market has its four charts, with its own data", () => {
  const markets = ["A", "B"].map((marketId) => marketResult({ marketId, samples: [SAMPLE] }));
  const page = reportPage([simulationResult({ markets })]);
  for (const index of [0, 1]) {
    for (const chart of ["prices", "inventory", "pnl", "level"]) {
      assert.ok(page.includes(`data-chart="${chart}" data-market="${index}"`));
    }
  }
  const [, data = ""] = /id="data">(.*?)<\/script>/s.exec(page) ?? [];
  assert.deepEqual(JSON.parse(data)[1], {
    hours: [0.5],
    columns: {
      prices: [[51.5], [50], [48], [null]],
      inventory: [[-20]],
      pnl: [[2.5], [-1.25]],
      level: [[2], [0.5]],
    },
  });
});

Deno.test("report: the summary shows seed, verdict and money of every run", () => {
  const good = simulationResult({ scenario: "good", seed: 42, pnlCents: -1234 });
  const bad = simulationResult({ scenario: "bad", violations: ["one", "two"] });
  const page = reportPage([good, bad]);
  assert.ok(page.includes("<td>good</td><td>42</td><td>ok</td>"));
  assert.ok(page.includes("<td>-12.34 $</td>"));
  assert.ok(page.includes("<td>bad</td><td>1</td><td>2 violations</td>"));
  assert.ok(page.includes("<li>one</li><li>two</li>"));
});

Deno.test("report: a market that never quoted says so", () => {
  assert.ok(reportPage([simulationResult()]).includes("Nothing was quoted."));
});
