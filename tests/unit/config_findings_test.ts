import assert from "node:assert/strict";
import { errorsIn, formatFinding } from "../../src/config/finding.ts";
import { codesOf, findingsOf, loaded, loadTexts, paperWith } from "../support/config_layers.ts";

/** What a paper configuration with these lines for its market gives, as lines for a person. */
function linesOf(...marketSettings: readonly string[]): string[] {
  return findingsOf(loadTexts({ file: paperWith(...marketSettings) })).map(formatFinding);
}

Deno.test("findings: a value out of range names file, line, column, range and unit", () => {
  assert.deepEqual(linesOf("kappa: 0"), [
    "bot.yaml:6:5 market MKT-1: kappa: 0 is out of range; allowed 0.1 to 100 (per cent) [RANGE]",
  ]);
});

Deno.test("findings: in the defaults of all markets no market is named", () => {
  const result = loadTexts({ file: `${paperWith()}\n  default:\n    kappa: 0` });
  assert.deepEqual(findingsOf(result).map(formatFinding), [
    "bot.yaml:7:5 kappa: 0 is out of range; allowed 0.1 to 100 (per cent) [RANGE]",
  ]);
});

Deno.test("findings: all of them come at once, from the top of the file down", () => {
  const result = loadTexts({
    file: `
mode: demo
global:
  health_port: 99999
  log_level: loud
markets:
  default:
    kappa: zero
  MKT-1:
    anchor_price_cents: 100
    quote_funding: credit
  "bad id": {}
extra: 1
`,
    environment: { AMM_ENV: "moon" },
  });
  assert.deepEqual(codesOf(findingsOf(result)), [
    "RANGE mode",
    "RANGE health_port",
    "RANGE log_level",
    "TYPE kappa",
    "MISSING initial_funding_cents",
    "RANGE anchor_price_cents",
    "RANGE quote_funding",
    "RANGE bad id",
    "UNKNOWN_KEY extra",
    "RANGE environment",
  ]);
});

Deno.test("findings: a wrong value in a weaker layer is found although a stronger one hides it", () => {
  const result = loadTexts({
    defaults: "markets: {default: {kappa: 0}}",
    file: paperWith("kappa: 2"),
  });
  assert.deepEqual(codesOf(findingsOf(result)), ["RANGE kappa"]);
});

Deno.test("findings: rules are judged in spite of other errors, but not on invalid values", () => {
  const codes = codesOf(findingsOf(loadTexts({
    file: paperWith("kappa: 0", "spread_min_cents: 99", "inventory_skew_widen: 0.7"),
  })));
  assert.deepEqual(codes, ["RANGE kappa", "RANGE spread_min_cents", "X07"]);
});

Deno.test("findings: an unknown name is an error that names the most similar setting", () => {
  assert.deepEqual(linesOf("spred_min_cents: 2"), [
    "bot.yaml:6:5 market MKT-1: spred_min_cents: is not a setting. " +
    "Did you mean spread_min_cents? [UNKNOWN_KEY]",
  ]);
});

Deno.test("findings: an unknown name is an error even without a value", () => {
  assert.deepEqual(codesOf(findingsOf(loadTexts({ file: paperWith("kapa:") }))), [
    "UNKNOWN_KEY kapa",
  ]);
});

Deno.test("findings: only groups of the catalogue may stand before a name", () => {
  assert.deepEqual(linesOf("as_engine.kappa: 2"), []);
  assert.deepEqual(codesOf(findingsOf(loadTexts({ file: paperWith("engine.kappa: 2") }))), [
    "UNKNOWN_KEY engine.kappa",
  ]);
});

Deno.test("findings: an unknown top-level block is an error that names the right one", () => {
  const [finding] = findingsOf(loadTexts({ file: `${paperWith()}\nmarket: {}` }));
  assert.equal(finding?.advice, "Did you mean markets?");
});

Deno.test("findings: a market setting among the global ones is a SCOPE error, and the reverse", () => {
  const file = `${paperWith("max_daily_loss_cents: 5000")}\nglobal: {kappa: 2}`;
  const codes = codesOf(findingsOf(loadTexts({ file })));
  assert.deepEqual(codes, ["SCOPE max_daily_loss_cents", "SCOPE kappa"]);
});

Deno.test("findings: secrets in a file are refused and never repeated", () => {
  const file = `${paperWith()}
global:
  amm_password: hunter2
  admin_token: hunter2
  redis_url: redis://user:hunter2@host/0`;
  const findings = findingsOf(loadTexts({ file }));
  assert.deepEqual(codesOf(findings), [
    "SECRET amm_password",
    "SECRET admin_token",
    "SECRET redis_url",
  ]);
  assert.equal(JSON.stringify(findings).includes("hunter2"), false);
  assert.match(findings[0]?.advice ?? "", /set AMM_PASSWORD/);
});

Deno.test("findings: a misspelt secret or URL does not show its value either", () => {
  const file = `${paperWith()}
global:
  amm_pasword: hunter2
  base_url: redis://user:hunter2@host/0`;
  const variables = { AMM_REDIS_URL: "http://user:hunter2@host/0" };
  const findings = findingsOf(loadTexts({ file, environment: variables }));
  assert.equal(errorsIn(findings).length, 3);
  assert.equal(JSON.stringify(findings).includes("hunter2"), false);
  assert.equal(findings.map(formatFinding).join().includes("hunter2"), false);
});

Deno.test("findings: no action may halt the market", () => {
  assert.deepEqual(codesOf(findingsOf(loadTexts({ file: paperWith("loss_action: halt") }))), [
    "FORBIDDEN_ACTION loss_action",
  ]);
});

Deno.test("findings: the id inside a block must be the key of the block", () => {
  assert.deepEqual(linesOf("market_id: MKT-1"), []);
  assert.deepEqual(codesOf(findingsOf(loadTexts({ file: paperWith("market_id: MKT-2") }))), [
    "RANGE market_id",
  ]);
});

Deno.test("findings: a block that is no mapping is a finding with its place", () => {
  const result = loadTexts({ file: "mode: paper\nglobal: 3\nmarkets: [a]" });
  assert.deepEqual(codesOf(findingsOf(result)), [
    "TYPE global",
    "TYPE markets",
    "MISSING market_ids",
  ]);
});

Deno.test("findings: a list or a mapping is no value of a number", () => {
  const codes = codesOf(
    findingsOf(loadTexts({ file: paperWith("kappa: [1]", "vpin_window: {}") })),
  );
  assert.deepEqual(codes, ["TYPE kappa", "TYPE vpin_window"]);
});

const HOSTILE: Readonly<Record<string, string>> = {
  "broken syntax": "mode: [paper",
  "tabs for indentation": "mode: paper\nglobal:\n\thealth_port: 1",
  "two documents": "mode: paper\n---\nmode: live",
  "an unknown tag": `${paperWith("kappa: !secret 2")}`,
  "a tag with code": `${paperWith("kappa: !!js/function 'x'")}`,
  "a binary value": `${paperWith("oracle_slug: !!binary aGVsbG8=")}`,
  "an alias without anchor": paperWith("kappa: *nothing"),
  "an alias of itself": "global: &a {x: *a}",
  "a key that is no text": "? [a, b]\n: 1",
  "nesting without end": "[".repeat(100_000),
  "nesting with an end": `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  "a top level that is a list": "- mode: paper",
  "a top level that is a word": "paper",
};

for (const [what, file] of Object.entries(HOSTILE)) {
  Deno.test(`findings: ${what} is reported with its place, not thrown`, () => {
    const errors = errorsIn(findingsOf(loadTexts({ file })));
    assert.notEqual(errors.length, 0);
    assert.equal(errors[0]?.origin?.layer, "file");
  });
}

Deno.test("findings: aliases that multiply values without end are cut off and reported", () => {
  const tenTimes = (name: string) => `[${Array(10).fill(`*${name}`).join(", ")}]`;
  const levels = Array.from(
    { length: 7 },
    (_, i) => `  a${i + 1}: &a${i + 1} ${tenTimes(`a${i}`)}`,
  );
  const file = `${paperWith()}\npaper:\n  a0: &a0 [x]\n${levels.join("\n")}`;
  const findings = findingsOf(loadTexts({ file }));
  assert.deepEqual(codesOf(findings), ["YAML YAML"]);
  assert.match(findings[0]?.message ?? "", /more than 1000000 values/);
});

Deno.test("findings: a repeated key is one finding on its second line", () => {
  assert.deepEqual(linesOf("kappa: 2", "kappa: 3"), [
    "bot.yaml:7:5 kappa: is already set in this block [DUPLICATE]",
  ]);
});

Deno.test("findings: a name that every object has is just an unknown setting", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const codes = codesOf(findingsOf(loadTexts({ file: paperWith(`${name}: 1`) })));
    assert.deepEqual(codes, [`UNKNOWN_KEY ${name}`]);
  }
});

Deno.test("findings: an anchor may be used again as long as the values stay few", () => {
  const file = `${paperWith("oracle_slug: &slug rain", "market_creation_date: 2026-01-31")}
  MKT-2: {anchor_price_cents: 8, initial_funding_cents: 100000, oracle_slug: *slug}`;
  const { config } = loaded(loadTexts({ file }));
  assert.equal(config.markets.get("MKT-2")?.oracleSlug, "rain");
});
