import assert from "node:assert/strict";
import { failureOf } from "../../sim/scenario/assertion.ts";
import { allScenarios, scenarioNamed } from "../../sim/scenario/library.ts";
import { parseScenario, ScenarioError } from "../../sim/scenario/load.ts";
import { changed, QUIET, SMALL_SCENARIO, smallScenario } from "../support/sim.ts";

/** Everything after the first line of the refusal of a scenario. */
function refusal(text: string): string[] {
  try {
    parseScenario("x.yaml", text);
  } catch (error) {
    assert.ok(error instanceof ScenarioError);
    const [heading, ...findings] = error.message.split("\n");
    assert.match(heading ?? "", /^Cannot use x\.yaml/);
    return findings;
  }
  throw new Error("the scenario was accepted");
}

Deno.test("scenario: what is left out takes its default", () => {
  const [market] = smallScenario().markets;
  assert.equal(market?.funding, 200_000);
  assert.equal(market?.takerFeeBps, 20);
  assert.equal(market?.endsIn, 30 * 24 * 3_600_000);
  assert.deepEqual(market?.quoting, {});
});

Deno.test("scenario: settings of the bot are checked and kept under their catalogue names", () => {
  const { quoting } = smallScenario(["{ kappa: 2 }", "{ skew_floor_shares: unset, kappa: 2 }"]);
  assert.deepEqual(quoting, { skew_floor_shares: null, kappa: 2 });
});

const REFUSALS: readonly (readonly [string, readonly [string, string], string])[] = [
  [
    "an unknown kind of trader names those that there are",
    ["kind: noise", "kind: gambler"],
    "x.yaml:11:11 markets[0].traders[0].kind: must be one of clumsy, crowd, informed, momentum, noise, " +
    'sniper, spoofer, tape, whale, but is "gambler" [RANGE]',
  ],
  [
    "a trader without a kind is told so",
    ["{ kind: noise, rate_per_hour: 120 }", "{ rate_per_hour: 120 }"],
    "x.yaml:11:9 markets[0].traders[0].kind: is missing; must be one of clumsy, crowd, informed, " +
    "momentum, noise, sniper, spoofer, tape, whale [RANGE]",
  ],
  [
    "an unknown setting of a trader names those that there are",
    ["rate_per_hour: 120", "rate_per_hour: 120, hurry: 3"],
    "x.yaml:11:44 markets[0].traders[0].hurry: is not known here; allowed kind, from, until, " +
    "rate_per_hour, size, patience_cents, buy_share, long_shot_bias [UNKNOWN_KEY]",
  ],
  [
    "a misspelt name is guessed",
    ["anchor: 50", "ankor: 50\n    anchor: 50"],
    "x.yaml:8:5 markets[0].ankor: is not known here (did you mean anchor?); allowed id, title, " +
    "age, ends_in, maker_fee_bps, taker_fee_bps, traders, path, anchor, funding, quoting, oracle " +
    "[UNKNOWN_KEY]",
  ],
  [
    "a number out of range states the range",
    ["rate_per_hour: 120", "rate_per_hour: 0"],
    "x.yaml:11:24 markets[0].traders[0].rate_per_hour: must be a number from 0.01 to 3600, " +
    "but is 0 [RANGE]",
  ],
  [
    "a bad duration shows good ones",
    ["duration: 20m", "duration: 20 minutes"],
    "x.yaml:4:1 duration: must be a duration from 1m to 90d, such as 90s, 15m, 2h or 7d, " +
    'but is "20 minutes" [RANGE]',
  ],
  [
    "a number where a duration belongs is refused",
    ["duration: 20m", "duration: 20"],
    "x.yaml:4:1 duration: must be a duration from 1m to 90d, such as 90s, 15m, 2h or 7d, " +
    "but is 20 [TYPE]",
  ],
  [
    "a setting of the bot that does not exist is guessed",
    ["kappa: 2", "kapa: 2"],
    "x.yaml:5:12 quoting.kapa: is not a setting of a market; did you mean kappa? [RANGE]",
  ],
  [
    "a setting of the bot out of range states the range",
    ["kappa: 2", "kappa: 0"],
    "x.yaml:5:12 quoting.kappa: 0 is out of range; allowed 0.1 to 100 (per cent) [RANGE]",
  ],
  [
    "a setting that the scenario states in its own words is refused",
    ["kappa: 2", "anchor_price_cents: 40"],
    'x.yaml:5:12 quoting.anchor_price_cents: must be written as "anchor" of the market [RANGE]',
  ],
  [
    "an unknown defect of the venue is refused",
    ["duration: 20m", "duration: 20m\nvenue: { quirks: [Q-99], latency: 1s }"],
    "x.yaml:5:19 venue.quirks[0]: must be one of " +
    Array.from({ length: 23 }, (_, index) => `Q-${String(index + 1).padStart(2, "0")}`).join(", ") +
    ', but is "Q-99" [RANGE]',
  ],
  [
    "an unknown event names those that there are",
    ["do: suspend", "do: explode"],
    "x.yaml:13:16 events[0].do: must be one of suspend, activate, halt, resolve, kill, release, " +
    'set_anchor, deposit, but is "explode" [RANGE]',
  ],
  [
    "an event after the end is refused",
    ["at: 10m", "at: 21m"],
    "x.yaml:13:7 events[0].at: comes after the end of the scenario [RANGE]",
  ],
  [
    "an event in a market that does not exist is refused",
    ["do: suspend", "do: suspend, market: SIM-9"],
    "x.yaml:13:29 events[0].market: no market is called SIM-9; allowed SIM-1 [RANGE]",
  ],
  [
    "a comparison that does not suit the metric is refused",
    ["metric: kills, max: 1", "metric: levels_visited, max: 1"],
    "x.yaml:15:5 assertions[0]: levels_visited is compared with contains or lacks [RANGE]",
  ],
  [
    "an assertion that compares nothing is refused",
    ["metric: kills, max: 1", "metric: kills"],
    "x.yaml:15:5 assertions[0]: kills is compared with min or max or equals [RANGE]",
  ],
  [
    "YAML that cannot be read says where",
    ["name: small", "name: [small"],
    "x.yaml:3:1 YAML: Flow sequence in block collection must be sufficiently indented and end " +
    "with a ] [YAML]",
  ],
];

for (const [behaviour, replacement, message] of REFUSALS) {
  Deno.test(`scenario: ${behaviour}`, () => {
    assert.equal(refusal(changed(replacement))[0], message);
  });
}

Deno.test("scenario: an unknown metric names those that there are", () => {
  const [finding = ""] = refusal(changed(["metric: kills", "metric: profit"]));
  assert.match(finding, /^x\.yaml:15:7 assertions\[0\]\.metric: must be one of cycles, /);
  assert.match(finding, /two_sided_uptime/);
});

Deno.test("scenario: all mistakes are reported at once", () => {
  const text = changed(["duration: 20m", "duration: soon"], ["kind: noise", "kind: gambler"]);
  assert.equal(refusal(text).length, 2);
});

Deno.test("scenario: two markets of one id are refused", () => {
  const twice = "  - { id: SIM-1, anchor: 40, path: { start: 40 } }\nevents:";
  assert.deepEqual(refusal(changed(["events:", twice])), [
    "x.yaml:12:7 markets[1].id: SIM-1 is there twice [RANGE]",
  ]);
});

Deno.test("scenario: an empty file is refused", () => {
  assert.throws(() => parseScenario("x.yaml", ""), {
    name: "ScenarioError",
    message: "Cannot use x.yaml: it is empty",
  });
});

Deno.test("library: every scenario can be read, has the name it goes by, and asserts something", () => {
  const scenarios = allScenarios();
  assert.ok(scenarios.length >= 9);
  for (const { name, description, assertions } of scenarios) {
    assert.equal(scenarioNamed(name).name, name);
    assert.ok(description.length > 40, `${name} is described`);
    assert.ok(assertions.length > 0, `${name} asserts something`);
  }
});

Deno.test("library: the example in the documentation is a valid scenario", async () => {
  const page = await Deno.readTextFile(new URL("../../sim/README.md", import.meta.url));
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  assert.equal(parseScenario("README.md", example).name, "my-market");
});

Deno.test("library: an unknown scenario names those that there are and guesses", () => {
  assert.throws(
    () => scenarioNamed("wale"),
    /^ScenarioError: Unknown scenario wale \(did you mean whale\?\); there are calm-cold-start, /,
  );
});

const ASSERTIONS: readonly (readonly [string, string | null])[] = [
  ["{ metric: pnl_cents, min: 45 }", null],
  ["{ metric: pnl_cents, min: 46 }", "pnl_cents must be at least 46, but is 45"],
  ["{ metric: kills, max: 0 }", null],
  ["{ metric: cycles, max: 599 }", "cycles must be at most 599, but is 600"],
  ["{ metric: own_orders_open, equals: 1 }", "own_orders_open must be 1, but is 0"],
  ["{ metric: final_defense_level, equals: NORMAL }", null],
  [
    "{ metric: final_defense_level, equals: WIDEN }",
    "final_defense_level must be WIDEN, but is NORMAL",
  ],
  ["{ metric: levels_visited, contains: [NORMAL, WIDEN] }", null],
  ["{ metric: levels_visited, contains: [NORMAL, NORMAL] }", null],
  [
    "{ metric: levels_visited, contains: [WIDEN, WIDEN] }",
    "levels_visited must contain [WIDEN, WIDEN] in this order, but is [NORMAL, WIDEN, NORMAL]",
  ],
  ["{ metric: levels_visited, lacks: [KILL_SWITCH] }", null],
  [
    "{ market: SIM-1, metric: levels_visited, lacks: [WIDEN] }",
    "SIM-1 levels_visited must not contain WIDEN, but is [NORMAL, WIDEN, NORMAL]",
  ],
];

for (const [written, failure] of ASSERTIONS) {
  Deno.test(`assertion: ${written} ${failure === null ? "holds" : "fails"}`, () => {
    const text = SMALL_SCENARIO.replace("{ metric: kills, max: 1 }", written);
    const [assertion] = parseScenario("x.yaml", text).assertions;
    assert.ok(assertion !== undefined);
    assert.equal(failureOf(assertion, QUIET), failure);
  });
}

Deno.test("assertion: a figure that is not a number fails", () => {
  const [assertion] = smallScenario().assertions;
  assert.ok(assertion !== undefined);
  assert.equal(
    failureOf(assertion, { ...QUIET, kills: NaN }),
    "kills must be at most 1, but is NaN",
  );
});
