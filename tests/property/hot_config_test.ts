import assert from "node:assert/strict";
import fc from "fast-check";
import { violations } from "../../src/config/check_rules.ts";
import {
  evaluate,
  type HotConfig,
  type TargetOverrides,
  withoutEnded,
  withoutOverrides,
} from "../../src/config/hot/hot_config.ts";
import { configOnTheWay, headFor, settledRamp } from "../../src/config/hot/ramp.ts";
import { isHot } from "../../src/config/parameter.ts";
import type { GlobalConfig, MarketConfig } from "../../src/config/registry.ts";
import { registries, type Registry } from "../../src/config/registry.ts";
import { twoMarkets } from "../support/overrides.ts";

const RUNS = { numRuns: 60 };
const base = twoMarkets();

/** Text that may stand in a field: values that tend to be valid, and anything at all. */
function textFor(registry: Registry): fc.Arbitrary<readonly [string, string]> {
  const names = Object.keys(registry);
  return fc.constantFrom(...names, "kapa", "__proto__", "config_version", "gamma_mid")
    .chain((name) => {
      const { min = 0, max = min + 20_000, type, values } = registry[name] ?? { type: "string" };
      const number = type === "int"
        ? fc.integer({ min, max })
        : fc.double({ min, max, noNaN: true });
      const member = fc.constantFrom(...values ?? ["true", "false", "unset", ""]);
      const usable = type === "int" || type === "float" ? number.map(String) : member;
      const odd = fc.oneof(fc.string(), fc.constantFrom("NaN", "-1", "1e9", "a,b", "HALT"));
      return fc.oneof({ weight: 4, arbitrary: usable }, odd)
        .map((text) => [name, text] as const);
    });
}

function fieldsOf(registry: Registry): fc.Arbitrary<Record<string, string>> {
  return fc.array(textFor(registry), { maxLength: 8 }).map(Object.fromEntries);
}

const noField = fc.constant<Record<string, string>>({});

/** What may be stored at a moment. */
const stored = fc.record({
  global: fieldsOf(registries.global),
  first: fieldsOf(registries.market),
  second: fc.oneof(noField, fieldsOf(registries.market)),
  firstTemporary: fc.oneof(noField, fieldsOf(registries.market)),
  secondTemporary: fc.oneof(noField, fieldsOf(registries.market)),
});

type Stored = typeof stored extends fc.Arbitrary<infer T> ? T : never;

function overridesOf({ global, first, second, firstTemporary, secondTemporary }: Stored) {
  const target = (lasting: object, temporary: object): TargetOverrides => ({
    lasting: { ...lasting },
    temporary: { ...temporary },
    kept: {},
    endsAtMs: Object.keys(temporary).length === 0 ? null : 1000,
    version: 1,
    problems: [],
  });
  return new Map([
    ["global", target(global, {})],
    ["MKT-1", target(first, firstTemporary)],
    ["MKT-2", target(second, secondTemporary)],
  ]);
}

function assertValid({ effective, lasting }: HotConfig): void {
  for (const { config } of [effective, lasting]) {
    const broken = violations(config).filter(({ rule }) => rule.severity === "error");
    assert.deepEqual(broken.map(({ rule, market }) => `${rule.id} ${market}`), []);
  }
}

Deno.test("hot configuration: no sequence of writes ever puts an invalid one in force", () => {
  fc.assert(
    fc.property(fc.array(stored, { minLength: 1, maxLength: 5 }), (writes) => {
      let hot = withoutOverrides(base);
      for (const write of writes) {
        hot = evaluate(base, overridesOf(write), hot);
        assertValid(hot);
        assertFixedIsFixed(hot);
        const ended = evaluate(base, withoutEnded(hot.overrides, 1000), hot);
        assertValid(ended);
        assert.deepEqual(ended.effective.config, ended.lasting.config);
      }
    }),
    RUNS,
  );
});

function assertFixedIsFixed({ effective }: HotConfig): void {
  const { global, markets } = effective.origins;
  const check = (registry: Registry, settings: typeof global, before: typeof global) => {
    for (const [name, { takesEffect }] of Object.entries(registry)) {
      if (isHot(takesEffect)) continue;
      assert.deepEqual(settings.get(name)?.value, before.get(name)?.value, name);
    }
  };
  check(registries.global, global, base.origins.global);
  for (const [id, settings] of markets) {
    check(registries.market, settings, base.origins.markets.get(id) ?? new Map());
  }
}

Deno.test("hot configuration: fields that are all refused change nothing", () => {
  fc.assert(
    fc.property(stored, stored, (first, bad) => {
      const before = evaluate(base, overridesOf(first));
      const added = overridesOf({
        ...first,
        first: { ...first.first, ...refusable(bad.first) },
        global: { ...first.global, ...refusable(bad.global) },
      });
      const after = evaluate(base, added, before);
      assert.deepEqual(after.effective.config, before.effective.config);
    }),
    RUNS,
  );
});

/** The same names with a text that no type accepts. */
function refusable(fields: Record<string, string>): Record<string, string> {
  const texts = Object.keys(fields).filter((name) => {
    const parameter = registries.market[name] ?? registries.global[name];
    return parameter?.type === "int" || parameter?.type === "float" || parameter?.type === "bool";
  });
  return Object.fromEntries([...texts, "kapa"].map((name) => [name, "not a value"]));
}

Deno.test("hot configuration: a value that is in force was written, or is that of the files", () => {
  fc.assert(
    fc.property(fc.array(stored, { minLength: 1, maxLength: 4 }), (writes) => {
      let hot = withoutOverrides(base);
      for (const write of writes) hot = evaluate(base, overridesOf(write), hot);
      for (const [id, settings] of hot.effective.origins.markets) {
        for (const [name, { value, origin }] of settings) {
          if (origin.layer === "override") continue;
          assert.deepEqual(value, base.origins.markets.get(id)?.get(name)?.value, name);
        }
      }
    }),
    RUNS,
  );
});

Deno.test("ramp: on the way from one valid configuration to another every one is valid", () => {
  const moments = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(stored, stored, moments, (first, second, times) => {
      const [before, after] = [first, second].map((write) => evaluate(base, overridesOf(write)));
      assert(before && after);
      const [from, to] = [marketOf(before), marketOf(after)];
      const ramp = headFor(settledRamp(from), to, 0);
      for (const nowMs of times) {
        assertMarketIsValid(configOnTheWay(ramp, to, nowMs), after.effective.config.global);
      }
    }),
    RUNS,
  );
});

function marketOf({ effective }: HotConfig): MarketConfig {
  const market = effective.config.markets.get("MKT-1");
  assert(market !== undefined);
  return market;
}

function assertMarketIsValid(market: MarketConfig, global: GlobalConfig): void {
  const config = { mode: "paper" as const, global, markets: new Map([["MKT-1", market]]) };
  const broken = violations(config).filter(({ rule, market: id }) =>
    rule.severity === "error" && id !== null
  );
  assert.deepEqual(broken.map(({ rule }) => rule.id), []);
}
