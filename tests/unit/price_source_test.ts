import assert from "node:assert/strict";
import { DocumentSource, type FileText } from "../../src/oracle/document_source.ts";
import { readPrice } from "../../src/oracle/price_document.ts";
import { PriceSourceError } from "../../src/oracle/price_source.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";

type Settings = Parameters<typeof marketConfig>[0];

function address(settings: Settings = {}) {
  return marketConfig({ oracleSlug: "rain in berlin", ...settings });
}

Deno.test("price document: the price stands where the configuration says", () => {
  const table: readonly (readonly [document: unknown, path: string])[] = [
    [{ price: 47 }, "price"],
    [{ data: [{ last: "47" }] }, "data.0.last"],
    [47, "$"],
    [{ yes: { bid: 47.0 } }, "yes.bid"],
  ];
  for (const [document, oraclePricePath] of table) {
    assert.equal(readPrice(document, address({ oraclePricePath })).priceCents, 47);
  }
});

Deno.test("price document: the unit is stated, never guessed", () => {
  const document = { price: 0.47 };
  assert.equal(readPrice(document, address()).priceCents, 0.47);
  assert.equal(readPrice(document, address({ oraclePriceUnit: "probability" })).priceCents, 47);
});

Deno.test("price document: what is no price is refused and never replaced (§15)", () => {
  const cents = [{}, [], null, "", { price: null }, { price: "" }, { price: "4e1" }];
  const wrong = [{ price: -1 }, { price: 101 }, { price: true }, { price: "NaN" }, { price: [47] }];
  for (const document of [...cents, ...wrong]) {
    assert.throws(() => readPrice(document, address()), PriceSourceError, JSON.stringify(document));
  }
  const probability = address({ oraclePriceUnit: "probability" });
  assert.throws(() => readPrice({ price: 47 }, probability), /47 at price .* probability, 0 to 1/);
});

Deno.test("price document: names that every object inherits are no prices", () => {
  const oraclePricePath = "constructor.length";
  assert.throws(() => readPrice({}, address({ oraclePricePath })), PriceSourceError);
});

Deno.test("price document: times may be seconds, milliseconds or ISO", () => {
  const atMs = Date.UTC(2026, 0, 5);
  for (const time of [atMs, atMs / 1000, String(atMs / 1000), "2026-01-05T00:00:00Z"]) {
    const read = readPrice({ price: 47, time }, address({ oracleTimePath: "time" }));
    assert.equal(read.statedAtMs, atMs);
  }
  assert.equal(readPrice({ price: 47 }, address()).statedAtMs, null);
});

Deno.test("price document: a time that is missing or none makes the price unusable", () => {
  for (const time of [undefined, null, "yesterday", 0, -5, ""]) {
    const config = address({ oracleTimePath: "time" });
    assert.throws(() => readPrice({ price: 47, time }, config), /no time at time/);
  }
});

/** A source that answers with what the test gives, under a clock that the test moves. */
function sourceOf(
  { fetch, readFile }: {
    readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
    readonly readFile?: (path: string) => Promise<FileText>;
  },
) {
  const clock = new VirtualClock(0);
  const missing = () => Promise.reject(new Error("not expected"));
  return {
    clock,
    source: new DocumentSource({ fetch: fetch ?? missing, readFile: readFile ?? missing, clock }),
  };
}

const HTTP = { oracleUrl: "https://prices.example/v1/{slug}/last?venue=x" };
const FILE = { oracleUrl: "file:prices/{slug}.json" };

Deno.test("price source: the slug is put into the URL, escaped", async () => {
  const asked: string[] = [];
  const { source } = sourceOf({
    fetch: (url) => {
      asked.push(url);
      return Promise.resolve(Response.json({ price: 47 }));
    },
  });
  assert.deepEqual(await source.read(address(HTTP)), { priceCents: 47, statedAtMs: null });
  assert.deepEqual(asked, ["https://prices.example/v1/rain%20in%20berlin/last?venue=x"]);
});

Deno.test("L-47: anything but a good answer of the source is an error with a reason, never a price", async () => {
  const answers: readonly (readonly [() => Promise<Response>, RegExp])[] = [
    [() => Promise.resolve(new Response("no", { status: 500 })), /status 500/],
    [() => Promise.resolve(new Response("", { status: 404 })), /status 404/],
    [() => Promise.resolve(Response.redirect("https://elsewhere.example/")), /status 302/],
    [() => Promise.resolve(new Response("<html>")), /6 characters that are not JSON/],
    [() => Promise.resolve(Response.json({ error: "busy" })), /no number at price/],
    [() => Promise.reject(new TypeError("dns error")), /dns error/],
  ];
  for (const [fetch, reason] of answers) {
    await assert.rejects(sourceOf({ fetch }).source.read(address(HTTP)), reason);
  }
});

Deno.test("price source: an answer that does not come is given up after the time-out", async () => {
  const { source, clock } = sourceOf({ fetch: () => new Promise(() => {}) });
  const reading = assert.rejects(source.read(address(HTTP)), /no answer within 2000 ms/);
  await clock.advance(2000);
  await reading;
});

Deno.test("price source: credentials in the URL are refused and not shown", async () => {
  const oracleUrl = "https://me:secret@prices.example/{slug}";
  await assert.rejects(sourceOf({}).source.read(address({ oracleUrl })), (error: Error) => {
    assert.match(error.message, /without credentials/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

Deno.test("price source: a file is as old as its last change, or as it says", async () => {
  const read: string[] = [];
  const { source } = sourceOf({
    readFile: (path) => {
      read.push(path);
      return Promise.resolve({ text: '{"price": 47, "time": 1700000000}', changedAtMs: 5 });
    },
  });
  assert.deepEqual(await source.read(address(FILE)), { priceCents: 47, statedAtMs: 5 });
  const timed = address({ ...FILE, oracleTimePath: "time" });
  assert.equal((await source.read(timed)).statedAtMs, 1_700_000_000_000);
  const absolute = address({ oracleUrl: "file:///var/prices.json" });
  await source.read(absolute);
  assert.deepEqual(read, [
    "prices/rain%20in%20berlin.json",
    "prices/rain%20in%20berlin.json",
    "/var/prices.json",
  ]);
});

Deno.test("price source: a slug cannot lead out of the directory of the file", async () => {
  const { source } = sourceOf({ readFile: (path) => Promise.reject(new Error(`asked ${path}`)) });
  const escaping = address({ ...FILE, oracleSlug: "../../etc/passwd" });
  await assert.rejects(source.read(escaping), /prices\/\.\.%2F\.\.%2Fetc%2Fpasswd\.json/);
});

Deno.test("price source: a file that is missing, torn or never read is an error with a reason", async () => {
  const missing = sourceOf({ readFile: () => Promise.reject(new Error("No such file")) });
  await assert.rejects(missing.source.read(address(FILE)), /cannot be read: No such file/);
  const torn = sourceOf({ readFile: () => Promise.resolve({ text: '{"pri', changedAtMs: 5 }) });
  await assert.rejects(torn.source.read(address(FILE)), /5 characters that are not JSON/);
  const stuck = sourceOf({ readFile: () => new Promise(() => {}) });
  const reading = assert.rejects(stuck.source.read(address(FILE)), /could not be read within/);
  await stuck.clock.advance(2000);
  await reading;
});

Deno.test("price source: without a URL there is no price", async () => {
  await assert.rejects(sourceOf({}).source.read(address()), /oracle_url is not set/);
});
