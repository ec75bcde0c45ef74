import assert from "node:assert/strict";
import { z } from "zod";
import { configJsonSchema, type JsonSchema } from "../../src/config/json_schema.ts";
import { PACKAGED_SOURCES } from "../../src/config/packaged.ts";
import { registries, type Scope } from "../../src/config/registry.ts";
import { plainValue, readYaml } from "../../src/config/yaml_tree.ts";

const schema = configJsonSchema();

/** The part of the schema at a path of keys. */
function part(...path: readonly string[]): JsonSchema {
  return path.reduce((node: JsonSchema, key) => {
    const next = node[key];
    assert(typeof next === "object" && next !== null, `${key} of ${path.join("/")}`);
    return Object.fromEntries(Object.entries(next));
  }, schema);
}

const setting = (scope: Scope, name: string) =>
  part("$defs", scope === "global" ? "globalSettings" : "marketSettings", "properties", name);

const SIMPLE = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);

/**
 * Says what is no JSON Schema in a schema, as paths; an editor would ignore such parts silently.
 */
function problems(node: unknown, path: string): string[] {
  if (Array.isArray(node)) return node.flatMap((item, i) => problems(item, `${path}/${i}`));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    switch (key) {
      case "type":
        return [value].flat().every((type) => SIMPLE.has(type)) ? [] : [here];
      case "properties":
      case "$defs":
        return Object.entries(value).flatMap(([name, child]) => problems(child, `${here}/${name}`));
      case "anyOf":
      case "items":
      case "propertyNames":
        return problems(value, here);
      case "additionalProperties":
        return typeof value === "boolean" ? [] : problems(value, here);
      case "$ref":
        return resolves(value) ? [] : [here];
      case "enum":
        return Array.isArray(value) && value.length > 0 ? [] : [here];
      case "minimum":
      case "maximum":
      case "minItems":
      case "maxItems":
      case "minLength":
        return Number.isFinite(value) ? [] : [here];
      case "pattern":
        return new RegExp(value, "u").source === "" ? [here] : [];
      case "$schema":
      case "title":
      case "description":
      case "default":
        return [];
      default:
        return [`${here} is no keyword`];
    }
  });
}

function resolves(reference: string): boolean {
  const [root, ...path] = reference.split("/");
  return root === "#" && Object.keys(part(...path)).length > 0;
}

Deno.test("schema: it is a JSON Schema, draft 2020-12, of known keywords only", () => {
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.deepEqual(problems(schema, "#"), []);
});

Deno.test("schema: every setting of the registry is in the block of its scope, secrets are not", () => {
  for (const scope of ["global", "market"] as const) {
    const block = part("$defs", `${scope}Settings`, "properties");
    for (const [name, { type }] of Object.entries(registries[scope])) {
      assert.equal(Object.hasOwn(block, name), type !== "secret", name);
    }
  }
});

Deno.test("schema: bounds, unit, default and description come from the declaration", () => {
  assert.deepEqual(setting("market", "kappa"), {
    anyOf: [{ type: "number", minimum: 0.1, maximum: 100 }, { enum: [null] }],
    description:
      "Order-arrival (depth) constant in (2/gamma) ln(1 + gamma/kappa); not the time constant " +
      "tau_horizon_hours. Unit: per cent. Takes effect: CYCLE.",
    default: 1.5,
  });
});

Deno.test("schema: what can be unset takes the word, and a list its length", () => {
  assert.deepEqual(setting("market", "tau_horizon_hours").anyOf, [
    { type: "number", minimum: 1, maximum: 10000 },
    { enum: ["unset", "inf", null] },
  ]);
  assert.deepEqual(setting("market", "phase_weights_exploration").anyOf, [
    { type: "array", items: { type: "number", minimum: 0, maximum: 1 }, minItems: 3, maxItems: 3 },
    { enum: [null] },
  ]);
});

Deno.test("schema: a group of the catalogue may hold its settings", () => {
  const group = part("$defs", "marketSettings", "properties", "gradient", "properties");
  assert.equal(Object.keys(group).length, 6);
});

Deno.test("schema: all packaged files are valid by it", () => {
  const validator = z.fromJSONSchema(structuredClone(schema));
  const files = [PACKAGED_SOURCES.defaults, ...Object.values(PACKAGED_SOURCES.overlays)];
  for (const { name, text } of files) {
    const { root } = readYaml(name, text);
    assert(root !== null, name);
    const result = validator.safeParse(plainValue(root));
    assert.deepEqual(result.error?.issues ?? [], [], name);
  }
});

Deno.test("schema: a misspelt name and a value out of range are not valid by it", () => {
  const validator = z.fromJSONSchema(structuredClone(schema));
  const wrong = [
    { markets: { default: { kapa: 1 } } },
    { markets: { default: { kappa: 0 } } },
    { global: { amm_password: "x" } },
    { market: {} },
    { mode: "demo" },
  ];
  for (const file of wrong) {
    assert.equal(validator.safeParse(file).success, false, JSON.stringify(file));
  }
});
