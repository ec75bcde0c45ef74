import assert from "node:assert/strict";
import { summarize } from "../../.ci/summary.ts";

function report(...cases: readonly string[]): string {
  return `<?xml version="1.0"?><testsuites name="deno test" tests="9"><testsuite name="./a_test.ts">
${cases.join("\n")}
</testsuite></testsuites>`;
}

function testCase(name: string, body = ""): string {
  return `<testcase name="${name}" classname="./a_test.ts" time="0.1" line="1" col="6">\n${body}</testcase>`;
}

const failure =
  '<failure message="Error: 1 &lt; 2">Error: 1 &lt; 2 &amp;amp; &quot;x&quot;</failure>';

Deno.test("CI summary: the last line has the real counts", () => {
  const summary = summarize(report(testCase("a"), testCase("b")), true);
  assert.equal(summary.text, "2 passed, 0 failed");
  assert.equal(summary.ok, true);
});

Deno.test("CI summary: a failure is shown readably and counted", () => {
  const summary = summarize(report(testCase("a"), testCase("b &gt; c", failure)), false);
  assert.equal(
    summary.text,
    'FAILED ./a_test.ts: b > c\nError: 1 < 2 &amp; "x"\n\n1 passed, 1 failed',
  );
  assert.equal(summary.ok, false);
});

Deno.test("CI summary: steps are not counted, and the failing one is shown in place of its test", () => {
  const summary = summarize(
    report(
      testCase("t", '<failure message="">1 test step failed.</failure>'),
      testCase("t &gt; good"),
      testCase("t &gt; bad", failure),
    ),
    false,
  );
  assert.match(summary.text, /FAILED \.\/a_test\.ts: t > bad\n/);
  assert.match(summary.text, /\n0 passed, 1 failed$/);
  assert.doesNotMatch(summary.text, /test step failed/);
});

Deno.test("CI summary: an ignored test is named and is not a pass", () => {
  const summary = summarize(report(testCase("a"), testCase("b", "<skipped/>")), true);
  assert.equal(summary.text, "ignored: b\n1 passed, 0 failed");
  assert.equal(summary.ok, true);
});

Deno.test("CI summary: a runner that fails outside of any test is a failure", () => {
  const summary = summarize(report(testCase("a")), false);
  assert.deepEqual([summary.passed, summary.failed, summary.ok], [1, 1, false]);
});

Deno.test("CI summary: a report that was never written is a failure", () => {
  const summary = summarize(null, false);
  assert.match(summary.text, /\n0 passed, 1 failed$/);
  assert.equal(summary.ok, false);
});

Deno.test("CI summary: no test at all is not a success", () => {
  for (const xml of [report(), report(testCase("a", "<skipped/>"))]) {
    const summary = summarize(xml, true);
    assert.match(summary.text, /no test ran\n0 passed, 0 failed$/);
    assert.equal(summary.ok, false);
  }
});
