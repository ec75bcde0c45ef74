import assert from "node:assert/strict";
import { SUPERSEDED } from "../../src/config/aliases.ts";
import { isHot, type Parameter, REQUIRED } from "../../src/config/parameter.ts";
import { codeDefaults, parameterNamed, type Scope } from "../../src/config/registry.ts";
import { globalParameters, marketParameters } from "../../src/config/registry.ts";
import { globalSchema, marketSchema, parameterSchema } from "../../src/config/schema.ts";
import { parseText } from "../../src/config/value.ts";

/** One row of the catalogue. */
type Row = Readonly<Record<string, string>>;

const rows = readCsv(
  Deno.readTextFileSync(new URL("../fixtures/parameters.csv", import.meta.url)),
);

/** Parses CSV with quoted fields; the catalogue has no line breaks inside a field. */
function readCsv(text: string): Row[] {
  const [head = [], ...body] = text.trim().split(/\r?\n/).map(fieldsOf);
  return body.map((fields) => Object.fromEntries(head.map((name, i) => [name, fields[i] ?? ""])));
}

function fieldsOf(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "");
}

function inScope(row: Row): Parameter {
  const parameter = parameterNamed(row.scope as Scope, row.name ?? "");
  assert(parameter, `${row.name} is not declared as a ${row.scope} setting`);
  return parameter;
}

function eachRow(check: (row: Row, parameter: Parameter) => void): void {
  for (const row of rows) check(row, inScope(row));
}

const numberOf = (text: string | undefined) => text === "" ? undefined : Number(text);

Deno.test("registry: it declares the 250 settings of the catalogue and no other", () => {
  const declared = [...Object.keys(globalParameters), ...Object.keys(marketParameters)];
  assert.deepEqual(declared.toSorted(), rows.map(({ name }) => name).toSorted());
  assert.equal(declared.length, 250);
});

Deno.test("registry: scope and group are those of the catalogue", () => {
  eachRow((row, parameter) => assert.equal(parameter.group, row.group, row.name));
});

Deno.test("registry: types are those of the catalogue", () => {
  eachRow((row, parameter) => assert.equal(parameter.type, row.type, row.name));
});

Deno.test("registry: units are those of the catalogue", () => {
  eachRow((row, parameter) => assert.equal(parameter.unit ?? "", row.unit, row.name));
});

Deno.test("registry: bounds are those of the catalogue", () => {
  eachRow((row, { min, max }) => {
    assert.deepEqual({ min, max }, { min: numberOf(row.min), max: numberOf(row.max) }, row.name);
  });
});

Deno.test("registry: 197 settings are hot and 53 are not, as in the catalogue", () => {
  eachRow((row, { takesEffect }) => {
    assert.equal(String(isHot(takesEffect)), row.hot, row.name);
  });
  assert.equal(rows.filter(({ hot }) => hot === "true").length, 197);
});

Deno.test("registry: enum members are those of the catalogue", () => {
  eachRow((row, { type, values = [] }) => {
    if (type !== "enum") return;
    const listed = /Values: (.*)\.$/.exec(row.description ?? "")?.[1]?.split(" / ");
    assert.deepEqual(values, listed, row.name);
  });
});

Deno.test("registry: every default is that of the catalogue, empty where it is unset", () => {
  eachRow((row, parameter) => {
    if (row.default === "REQUIRED") return assert.equal(parameter.default, REQUIRED, row.name);
    if (row.default === "") return assert.equal(parameter.default, null, row.name);
    const parsed = parseText(parameter, row.default ?? "");
    assert.deepEqual(parsed, { ok: true, value: parameter.default }, row.name);
  });
});

Deno.test("registry: every default is valid by its own schema", () => {
  eachRow((row, parameter) => {
    if (parameter.default === REQUIRED) return;
    assert(parameterSchema(parameter).safeParse(parameter.default).success, row.name);
  });
});

Deno.test("registry: a setting may be unset where the catalogue says what happens then", () => {
  eachRow((row, { nullable, type }) => {
    const unset = row.default === "" || /unset/.test(row.description ?? "") || type === "secret";
    assert.equal(nullable, unset || row.name === "tau_horizon_hours", row.name);
  });
});

Deno.test("registry: descriptions are those of the catalogue", () => {
  eachRow((row, { description }) => {
    const text = row.description?.replace(/ Values: .*$/, "").replace(/\.$/, "");
    assert.equal(description.replace(/\.$/, ""), text, row.name);
  });
});

Deno.test("registry: no superseded name is a setting", () => {
  const live = [...SUPERSEDED.keys()].filter((name) => rows.some((row) => row.name === name));
  assert.deepEqual(live, []);
});

Deno.test("schema: the values of a scope come out frozen, with camelCase names", () => {
  const config = globalSchema.parse({
    ...codeDefaults.global,
    amm_password: null,
    market_ids: ["MKT-1"],
  });
  assert.equal(config.leaseTtlMs, 30_000);
  assert(Object.isFrozen(config));
});

Deno.test("schema: a scope with a missing or an additional setting is refused", () => {
  const values = { ...codeDefaults.market, market_id: "MKT-1", initial_funding_cents: 100_000 };
  assert.equal(marketSchema.safeParse(values).success, false);
  const complete = { ...values, anchor_price_cents: 50 };
  assert.equal(marketSchema.safeParse(complete).success, true);
  assert.equal(marketSchema.safeParse({ ...complete, max_daily_loss_cents: 1 }).success, false);
});
