import assert from "node:assert/strict";
import { recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { composeService } from "../../src/service/compose.ts";
import { loaded, loadTexts, paperWith } from "../support/config_layers.ts";
import { START_MS } from "../support/venue.ts";

/** Composes the bot on paper with an outside price from a URL, and lets it quote. */
async function oracleOnPaper(url: string) {
  const clock = new VirtualClock(START_MS);
  const composition = await composeService({
    loaded: loaded(loadTexts({
      file: paperWith(
        "oracle_guard_enabled: true",
        "oracle_slug: rain",
        `oracle_url: "${url}"`,
        "oracle_price_path: last.0",
        // The first reading is the only one: no real answer can come while virtual time flies.
        "oracle_poll_interval_ms: 30000",
        "oracle_max_lag_ms: 100000",
      ),
    })),
    clock,
    random: seededRandom(1),
    log: recordingLogger(),
  });
  const { service } = composition;
  // What is outside answers in real time, during which the virtual clock stands still.
  await service.start();
  await clock.advance(10_000);
  const { explanation } = service.status().markets[0] ?? {};
  await clock.resolve(service.stop("test"));
  await composition.stopVenue();
  return explanation?.oracle ?? null;
}

Deno.test("composition: an outside price is read from a real file", async () => {
  const directory = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await Deno.writeTextFile(`${directory}/rain.json`, '{"last": [49.5]}');
    const oracle = await oracleOnPaper(`file:${directory}/{slug}.json`);
    assert.deepEqual([oracle?.priceCents, oracle?.problem], [49.5, null]);
    assert.match((await oracleOnPaper(`file:${directory}`))?.problem ?? "", /must be a file of at/);
    const missing = await oracleOnPaper(`file:${directory}/snow.json`);
    assert.match(missing?.problem ?? "", /snow\.json cannot be read: /);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("composition: an outside price is read over HTTP", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const slug = new URL(request.url).searchParams.get("market");
      return slug === "rain"
        ? Response.json({ last: ["51.5"] })
        : new Response("", { status: 404 });
    },
  );
  try {
    const base = `http://127.0.0.1:${server.addr.port}/prices?market=`;
    assert.equal((await oracleOnPaper(`${base}{slug}`))?.priceCents, 51.5);
    assert.match((await oracleOnPaper(`${base}snow`))?.problem ?? "", /status 404/);
  } finally {
    await server.shutdown();
  }
});
