import assert from "node:assert/strict";
import { type Format, FORMATS, hidePassword, matchesFormat } from "../../src/config/formats.ts";
import { editDistance, nearest } from "../../src/config/nearest.ts";
import type { Parameter } from "../../src/config/parameter.ts";
import { globalParameters, marketParameters } from "../../src/config/registry.ts";
import {
  allowedValues,
  parsePlain,
  parseText,
  publicValue,
  showValue,
} from "../../src/config/value.ts";

const m = marketParameters;
const g = globalParameters;

/** Rows of the table of 2.3: a setting of the type, accepted texts with values, rejected texts. */
const TEXTS: Readonly<
  Record<string, {
    readonly parameter: Parameter;
    readonly accepted: Readonly<Record<string, unknown>>;
    readonly rejected: readonly string[];
  }>
> = {
  int: {
    parameter: m.rollback_range_cents,
    accepted: { "12": 12, "+12": 12, " 12 ": 12, "012": 12 },
    rejected: ["2.0", "12.0", "1e1", "", "1 2", "0x0c", "twelve", "9007199254740993", "Infinity"],
  },
  float: {
    parameter: m.kappa,
    accepted: { "1.5": 1.5, ".5": 0.5, "2.": 2, "1e1": 10, "15E-1": 1.5, "+2": 2 },
    rejected: ["NaN", "Infinity", "inf", "1,5", "", "0x1", "1.5.0", "1e999"],
  },
  "nullable float": {
    parameter: m.tau_horizon_hours,
    accepted: { inf: null, unset: null, "": null, "24": 24 },
    rejected: ["-inf", "infinite", "NaN", "Infinity"],
  },
  bool: {
    parameter: m.auto_merge_enabled,
    accepted: {
      true: true,
      TRUE: true,
      "1": true,
      Yes: true,
      false: false,
      False: false,
      "0": false,
      no: false,
    },
    rejected: ["", "flase", "on", "off", "2", "y"],
  },
  enum: {
    parameter: m.quote_funding,
    accepted: { cash: "cash", CASH: "cash", Inventory_Then_Cash: "inventory_then_cash" },
    rejected: ["", "credit", "cash,inventory"],
  },
  "upper-case enum": {
    parameter: m.gamma_tier,
    accepted: { auto: "AUTO", Mid: "MID" },
    rejected: ["MIDDLE"],
  },
  "fixed list of numbers": {
    parameter: m.phase_weights_exploration,
    accepted: { "0.5, 0.3,0.2": [0.5, 0.3, 0.2] },
    rejected: ["0.5,0.5", "0.5,0.3,0.1,0.1", "0.5,,0.5", "0.5,x,0.5", "", "1.5,0,0"],
  },
  "list of texts": {
    parameter: g.market_ids,
    accepted: { "MKT-1": ["MKT-1"], " A , B": ["A", "B"] },
    rejected: ["", "A,,B", "A,", "A,global", "A,../x"],
  },
  "nullable list": {
    parameter: m.event_times,
    accepted: {
      "": null,
      unset: null,
      "2026-11-03T23:00:00Z,2026-11-04T23:00+01:00": [
        "2026-11-03T23:00:00Z",
        "2026-11-04T23:00+01:00",
      ],
    },
    rejected: ["tomorrow", "2026-11-03", "2026-02-30T00:00:00Z"],
  },
  string: {
    parameter: g.base_url,
    accepted: { " https://x.example/api ": "https://x.example/api" },
    rejected: ["", "ftp://x.example", "x.example", "https://", "https://a b"],
  },
  "nullable string": {
    parameter: g.instance_id,
    accepted: { "bot-1": "bot-1", "": null, unset: null },
    rejected: ["bot 1", "a".repeat(65)],
  },
  "nullable int": {
    parameter: m.skew_floor_shares,
    accepted: { "": null, unset: null, "0": 0 },
    rejected: ["-1", "none", "0.5"],
  },
};

for (const [type, { parameter, accepted, rejected }] of Object.entries(TEXTS)) {
  Deno.test(`parseText: ${type} text is parsed by its declared type`, () => {
    for (const [text, value] of Object.entries(accepted)) {
      assert.deepEqual(parseText(parameter, text), { ok: true, value }, `"${text}"`);
    }
  });

  Deno.test(`parseText: other text for ${type} is rejected, never guessed`, () => {
    for (const text of rejected) assert.equal(parseText(parameter, text).ok, false, `"${text}"`);
  });
}

Deno.test("parseText: a value outside the bounds is a RANGE problem, another type a TYPE problem", () => {
  const codes = ["0", "5001", "2.0", "x"].map((text) => {
    const parsed = parseText(m.initial_mint_quantity, text);
    return parsed.ok ? "ok" : parsed.code;
  });
  assert.deepEqual(codes, ["RANGE", "ok", "TYPE", "TYPE"]);
});

Deno.test("parseText: both bounds are included", () => {
  for (const text of ["0.1", "100"]) assert.equal(parseText(m.kappa, text).ok, true, text);
  for (const text of ["0.0999", "100.01"]) assert.equal(parseText(m.kappa, text).ok, false, text);
});

Deno.test("parsePlain: a whole number is accepted however it was written", () => {
  assert.deepEqual(parsePlain(m.spread_min_cents, 2.0), { ok: true, value: 2 });
});

Deno.test("parsePlain: text is not taken for a number or a truth value", () => {
  assert.equal(parsePlain(m.spread_min_cents, "2").ok, false);
  assert.equal(parsePlain(m.auto_merge_enabled, "yes").ok, false);
  assert.equal(parsePlain(m.auto_merge_enabled, 1).ok, false);
});

Deno.test("parsePlain: unset and the infinite horizon mean null", () => {
  assert.deepEqual(parsePlain(m.tau_horizon_hours, Infinity), { ok: true, value: null });
  assert.deepEqual(parsePlain(m.tau_horizon_hours, "inf"), { ok: true, value: null });
  assert.deepEqual(parsePlain(m.skew_floor_shares, "unset"), { ok: true, value: null });
  assert.equal(parsePlain(m.kappa, "unset").ok, false);
  assert.equal(parsePlain(m.kappa, null).ok, false);
});

Deno.test("allowedValues: bounds come with their unit, and unset where it is allowed", () => {
  assert.equal(allowedValues(m.kappa), "0.1 to 100 (per cent)");
  assert.equal(allowedValues(m.spread_min_cents), "1 to 20 cents (full spread)");
  assert.equal(allowedValues(m.skew_floor_shares), "at least 0 (shares), or unset");
  assert.equal(allowedValues(m.quote_funding), "inventory, cash, inventory_then_cash");
  assert.equal(allowedValues(m.phase_weights_exploration), "3 numbers, each 0 to 1");
  assert.equal(
    allowedValues(globalParameters.base_url),
    "a URL that begins with http:// or https://, without credentials and query",
  );
});

Deno.test("showValue: long values are cut and passwords in URLs are hidden", () => {
  assert.equal(showValue(null), "unset");
  assert.equal(showValue(["a", "b"]), '["a","b"]');
  assert.equal(showValue("x".repeat(200)).length, 80);
  assert.equal(showValue("redis://u:pw@h/0"), '"redis://u:***@h/0"');
});

Deno.test("publicValue: a secret only says whether it is set", () => {
  assert.equal(publicValue(g.amm_password, "hunter2"), "set");
  assert.equal(publicValue(g.admin_token, null), "unset");
  assert.equal(publicValue(g.redis_url, "redis://:pw@h/0"), "redis://:***@h/0");
});

Deno.test("hidePassword: a URL without a password stays as it is", () => {
  for (const url of ["redis://h:6379/0", "redis://user@h/0", "http://h/a:b@c"]) {
    assert.equal(hidePassword(url), url);
  }
});

const FORMAT_SAMPLES: Readonly<Record<Format, readonly [good: string[], bad: string[]]>> = {
  market_id: [["MKT-1", "a", "g".repeat(64)], ["global", "", "a b", "../x", "a".repeat(65), "ä"]],
  identifier: [["bot_1", "global"], ["bot.1", ""]],
  uuid: [["00000000-0000-4000-a000-000000000001"], ["AMM_SYSTEM_001", "0-0-0-0-0"]],
  http_url: [
    ["http://localhost:8000/api/v1", "https://x"],
    ["x", "http://", "redis://x", "http://u:p@x", "https://token@x", "http://x/?a=1", "http://x#a"],
  ],
  document_url: [
    ["https://x/{slug}?at=last", "https://{slug}.example/", "file:prices/{slug}.json", "file:///p"],
    ["ftp://x", "file:", "prices.json", "https://", "https://x y"],
  ],
  json_path: [["price", "data.0.last", "$", "yes_bid"], ["", "a..b", ".a", "a.", "$.price", "a b"]],
  redis_url: [["redis://localhost:6379/0", "rediss://h"], ["http://h", "redis://"]],
  host: [["127.0.0.1", "::1", "bot.example"], ["", "a b", "http://x"]],
  iso_date: [["2026-01-31", "2028-02-29", "2026-01-31T12:00:00Z"], ["2026-02-29", "31.1.2026"]],
  iso_instant: [["2026-01-31T12:00Z", "2026-01-31T12:00:00.5+02:00"], ["2026-01-31T12:00"]],
};

for (const format of Object.keys(FORMATS) as Format[]) {
  Deno.test(`matchesFormat: ${format} accepts its own texts only`, () => {
    const [good, bad] = FORMAT_SAMPLES[format];
    for (const text of good) assert.equal(matchesFormat(format, text), true, text);
    for (const text of bad) assert.equal(matchesFormat(format, text), false, text);
  });
}

Deno.test("editDistance: it counts insertions, deletions and substitutions", () => {
  const cases: [string, string, number][] = [
    ["kappa", "kappa", 0],
    ["kapa", "kappa", 1],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["abc", "", 3],
  ];
  for (const [a, b, distance] of cases) assert.equal(editDistance(a, b), distance, `${a} ${b}`);
});

Deno.test("nearest: the most similar candidate is found, and none for a foreign word", () => {
  assert.equal(nearest("spred_min_cents", Object.keys(m)), "spread_min_cents");
  assert.equal(nearest("zzzzzz", Object.keys(m)), null);
});
