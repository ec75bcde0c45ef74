import assert from "node:assert/strict";
import fc from "fast-check";
import { violations } from "../../src/config/check_rules.ts";
import { errorsIn } from "../../src/config/finding.ts";
import { applyOverrides } from "../../src/config/overrides.ts";
import { isHot, type Parameter } from "../../src/config/parameter.ts";
import { marketParameters, type Registry } from "../../src/config/registry.ts";
import { parseText } from "../../src/config/value.ts";
import { findingsOf, loaded, loadTexts, paperWith } from "../support/config_layers.ts";

const RUNS = { numRuns: 100 };
const registry: Registry = marketParameters;
const numbers = Object.entries(registry).filter(([, { type }]) =>
  type === "int" || type === "float"
);
const hot = numbers.filter(([, { takesEffect }]) => isHot(takesEffect));

/** A number within the bounds of a parameter. */
function within({ type, min = 0, max = min + 10_000 }: Parameter): fc.Arbitrary<number> {
  return type === "int"
    ? fc.integer({ min, max })
    : fc.double({ min, max, noNaN: true }).map((value) => value + 0);
}

/** Settings by name, each with a value within its bounds. */
function settingsAmong(candidates: readonly (readonly [string, Parameter])[]) {
  const one = fc.constantFrom(...candidates)
    .chain(([name, parameter]) => fc.tuple(fc.constant(name), within(parameter)));
  return fc.uniqueArray(one, { selector: ([name]) => name, maxLength: 12 });
}

/** Anything that could stand in a Redis field. */
const anyText = fc.oneof(
  fc.constantFrom("", "unset", "true", "NaN", "1e3", "0", "-1", "99999999999", "a,b", "HALT"),
  fc.string(),
  fc.double().map(String),
);

Deno.test("loader: whatever a file holds, it is a configuration or findings with a message", () => {
  const yamlLike = fc.array(
    fc.constantFrom(
      ..."mode: |paper|live|global:|markets:|default:|MKT-1:|kappa: |2|[|]|{|}|&a |*a|!x |- |? |#|'|\"|:\n"
        .split("|"),
      "\n",
      "\n  ",
      "\n    ",
      "\t",
      "unset",
      "null",
    ),
    { maxLength: 40 },
  ).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(yamlLike, fc.string()), (file) => {
      const result = loadTexts({ file });
      if (!result.ok) assert.notEqual(errorsIn(result.findings).length, 0);
      for (const { message, key } of findingsOf(result)) {
        assert(message !== "" && key !== undefined);
      }
    }),
    RUNS,
  );
});

Deno.test("loader: a value in bounds is never refused for its type or range", () => {
  fc.assert(
    fc.property(settingsAmong(numbers), (settings) => {
      const lines = settings.map(([name, value]) => `${name}: ${value}`);
      const file = `mode: paper\nmarkets:\n  MKT-1:\n${indented(lines)}`;
      const codes = new Set(findingsOf(loadTexts({ file })).map(({ code }) => code));
      assert.equal(codes.has("TYPE") || codes.has("RANGE"), false, file);
    }),
    RUNS,
  );
});

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join("");
}

Deno.test("loader: the strongest layer that names a setting gives its value", () => {
  const value = fc.option(fc.integer({ min: 1, max: 100 }));
  fc.assert(
    fc.property(value, value, value, (defaults, file, market) => {
      const block = (kappa: number | null) => `markets: {default: {kappa: ${kappa}}}`;
      const result = loadTexts({
        defaults: `mode: paper\n${block(defaults)}`,
        file: `${paperWith(`kappa: ${market}`)}\n  default: {kappa: ${file}}`,
      });
      const kappa = loaded(result).config.markets.get("MKT-1")?.kappa;
      assert.equal(kappa, market ?? file ?? defaults ?? 1.5);
    }),
    RUNS,
  );
});

Deno.test("parseText: the text of a valid number gives the number back", () => {
  const sample = fc.constantFrom(...numbers)
    .chain(([, parameter]) => fc.tuple(fc.constant(parameter), within(parameter)));
  fc.assert(
    fc.property(sample, ([parameter, value]) => {
      assert.deepEqual(parseText(parameter, String(value)), { ok: true, value });
    }),
    RUNS,
  );
});

Deno.test("overrides: whatever is written, what is in force breaks no rule", () => {
  const base = loaded(loadTexts({ file: paperWith() }));
  const write = settingsAmong(hot).map(Object.fromEntries);
  fc.assert(
    fc.property(write, write, (first, second) => {
      const before = applyOverrides(base, [{ target: "MKT-1", label: "redis", values: first }]);
      const after = applyOverrides(
        base,
        [{ target: "MKT-1", label: "redis", values: second }],
        before,
      );
      for (const { config } of [before, after]) {
        const broken = violations(config).filter(({ rule }) => rule.severity === "error");
        assert.deepEqual(broken, []);
      }
    }),
    RUNS,
  );
});

Deno.test("overrides: any text is taken or rejected, never thrown, and every rejection has a code", () => {
  const base = loaded(loadTexts({ file: paperWith() }));
  const fields = fc.dictionary(
    fc.constantFrom(...Object.keys(registry), "kapa", "__proto__"),
    anyText,
  );
  fc.assert(
    fc.property(fields, fc.constantFrom("MKT-1", "global", "elsewhere"), (values, target) => {
      const { rejected, config } = applyOverrides(base, [{ target, label: "redis", values }]);
      assert.equal(config.markets.size, 1);
      assert.equal(rejected.every(({ code, severity }) => code && severity === "error"), true);
    }),
    RUNS,
  );
});
