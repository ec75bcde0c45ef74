import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { ADMIN, type OperatedBot, operatedBot } from "../support/site.ts";
import { MARKET } from "../support/venue.ts";

type Schema = z.infer<typeof jsonSchema>;
const jsonSchema = z.record(z.string(), z.unknown());
const operation = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), schema: jsonSchema }))
    .default([]),
  requestBody: z.looseObject({
    content: z.object({ "application/json": z.object({ schema: jsonSchema }) }),
  }).optional(),
});
const openApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** Values that fit a schema of the document, mixed with some that do not. */
function valueFor(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const fitting = fits(schema, depth);
  const wild = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom("", -1, 1e308, "\u0000", {}),
  );
  return fc.oneof({ weight: 6, arbitrary: fitting }, { weight: 1, arbitrary: wild });
}

function fits(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const anyOf = z.array(jsonSchema).safeParse(schema["anyOf"]).data;
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => valueFor(one, depth)));
  const words = z.array(z.unknown()).safeParse(schema["enum"]).data;
  if (words !== undefined) return fc.constantFrom(...words);
  const least = z.number().catch(-10).parse(schema["minimum"]);
  const most = z.number().catch(1000).parse(schema["maximum"]);
  switch (schema["type"]) {
    case "integer":
      return fc.integer({ min: least, max: Math.max(least, Math.min(most, 100_000)) });
    case "number":
      return fc.double({ min: least, max: Math.max(least, Math.min(most, 1e6)), noNaN: true });
    case "boolean":
      return fc.boolean();
    case "string":
      return fc.oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.constantFrom(MARKET, "kappa"));
    case "object":
      return objectFor(schema, depth);
    case "array":
      return fc.array(valueFor(jsonSchema.parse(schema["items"] ?? {}), depth + 1), {
        maxLength: 3,
      });
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objectFor(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = z.record(z.string(), jsonSchema).catch({}).parse(schema["properties"]);
  const required = z.array(z.string()).catch([]).parse(schema["required"]);
  const entries = Object.entries(properties).map(([name, inner]) => {
    const value = valueFor(inner, depth + 1);
    return fc.option(value, { nil: undefined, freq: required.includes(name) ? 20 : 1 })
      .map((found) => [name, found] as const);
  });
  if (entries.length > 0) return fc.tuple(...entries).map((pairs) => Object.fromEntries(pairs));
  const keys = fc.constantFrom("kappa", "anchor_price_cents", "quote_interval_ms", "nonsense");
  return fc.dictionary(keys, fc.oneof(fc.integer(), fc.string(), fc.boolean()), { maxKeys: 3 });
}

/** Path and query of a call. */
function addressFor(path: string, parameters: z.infer<typeof operation>["parameters"]) {
  const parts = parameters.map(({ name, in: place, schema }) => {
    const known = fc.constantFrom(...["MKT-1", "global", "kappa", "tight", "3"]);
    const value = place === "path"
      ? fc.oneof(known, valueFor(schema))
      : fc.option(valueFor(schema));
    return value.map((found) => ({ name, place, found }));
  });
  return fc.tuple(...parts).map((values) => {
    const query = new URLSearchParams();
    let full = path;
    for (const { name, place, found } of values) {
      const text = typeof found === "string" ? found : JSON.stringify(found);
      if (place === "path") full = full.replace(`{${name}}`, encodeURIComponent(text || "x"));
      else if (found !== null) query.set(name, text);
    }
    return query.size === 0 ? full : `${full}?${query}`;
  });
}

/** Everything that a call could have changed. */
function stateOf({ venue, logLevels }: OperatedBot, versions: unknown) {
  const markets = venue.service.status().markets.map(({ marketId, latch, operatorOrder }) => {
    return { marketId, latch, operatorOrder };
  });
  const { globalLatch } = venue.service.status();
  const anchors = venue.logged("anchor_changed").length;
  return JSON.stringify({ markets, globalLatch, anchors, versions, levels: logLevels.length });
}

/** How many calls are in the audit trail. */
async function auditedCalls({ request }: OperatedBot) {
  return (await request("GET", "/api/audit?limit=1")).at("entries", 0, "seq") ?? 0;
}

/** Callers, and what those get to hear who may not change anything. */
const CALLERS = [
  { headers: ADMIN, refusal: null },
  { headers: {}, refusal: 401 },
  { headers: { ...ADMIN, Authorization: "Bearer guess" }, refusal: 401 },
  { headers: { ...ADMIN, Host: "evil.example" }, refusal: 403 },
] as const;

async function versionsOf({ request }: OperatedBot) {
  const found: unknown[] = [];
  for (const target of ["global", "MKT-1", "MKT-2"]) {
    found.push((await request("GET", `/api/config/${target}`)).at("version"));
  }
  return found;
}

const document = openApi.parse((await operatedBot().request("GET", "/openapi.json")).json);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, found]) => ({ path, method: method.toUpperCase(), found }))
);

for (const { path, method, found } of operations) {
  Deno.test(`fuzz ${method} ${path}: no 500, no hang, and no change of state on a refusal`, async () => {
    const bot = operatedBot();
    await bot.venue.start();
    const schema = found.requestBody?.content["application/json"].schema;
    const call = fc.record({
      address: addressFor(path, found.parameters),
      body: schema === undefined
        ? fc.constant(undefined)
        : fc.oneof({ weight: 8, arbitrary: valueFor(schema) }, fc.string({ maxLength: 20 })),
      caller: fc.oneof(
        { weight: 4, arbitrary: fc.constant(CALLERS[0]) },
        fc.constantFrom(...CALLERS),
      ),
    });
    const property = fc.asyncProperty(call, async ({ address, body, caller }) => {
      // The allowance of the client comes back.
      await bot.venue.run(2);
      const before = stateOf(bot, await versionsOf(bot));
      const audited = await auditedCalls(bot);
      const response = await bot.request(method, address, {
        headers: caller.headers,
        ...(body !== undefined && { body }),
      });
      assert.ok(response.status < 500, `${response.status} ${response.text}`);
      if (response.status >= 400) {
        assert.equal(typeof response.at("error", "code"), "string", response.text);
        assert.equal(stateOf(bot, await versionsOf(bot)), before, "a refused call changes nothing");
      }
      if (method === "GET") return;
      if (caller.refusal !== null) assert.equal(response.status, caller.refusal);
      assert.equal(await auditedCalls(bot), Number(audited) + 1, "every change is audited");
    });
    await fc.assert(property, {
      numRuns: 40,
      interruptAfterTimeLimit: 60_000,
      markInterruptAsFailure: true,
    });
    bot.site.close();
    await bot.venue.stop();
  });
}
