/** Traces of a real process at a real receiver of the OpenTelemetry protocol. */

import assert from "node:assert/strict";
import { z } from "zod";
import { eventually, freePort, startDenoWith } from "../support/real_process.ts";

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });
const span = z.object({
  name: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(""),
  attributes: z.array(attribute).default([]),
});
const exported = z.object({
  resourceSpans: z.array(z.object({
    scopeSpans: z.array(z.object({ spans: z.array(span) })),
  })).default([]),
});
type Span = z.infer<typeof span>;

/** Takes what is posted to `/v1/traces`; the rest of the protocol is answered and forgotten. */
function collector() {
  const spans: Span[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const text = await request.text();
      if (request.url.endsWith("/v1/traces")) {
        const { resourceSpans } = exported.parse(JSON.parse(text));
        spans.push(
          ...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans),
        );
      }
      return Response.json({});
    },
  );
  return { spans, server, url: `http://127.0.0.1:${server.addr.port}` };
}

const START = [
  ...["run", "--no-prompt", "--ignore-env", "--allow-net", "--allow-read=."],
  ...["--allow-sys=hostname", "main.ts", "start"],
];

Deno.test("traces: each cycle of a bot arrives with its steps, market and number, if OTEL_DENO is set", async () => {
  const { spans, server, url } = collector();
  const bot = startDenoWith(
    {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "200",
    },
    ...START,
    "--port",
    String(freePort()),
  );
  try {
    await eventually("ten cycles", 60_000, () => {
      const count = spans.filter(({ name }) => name === "cycle").length;
      return Promise.resolve(count >= 10 || null);
    });
  } finally {
    bot.kill("SIGTERM");
  }
  const { code, err } = await bot.end(60_000);
  assert.equal(code, 0, err);
  await server.shutdown();

  const factsOf = ({ attributes }: Span) =>
    new Map(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  const cycles = spans.filter(({ name }) => name === "cycle");
  for (const cycle of cycles) {
    const facts = factsOf(cycle);
    assert.match(String(facts.get("amm.market_id")), /^demo-/);
    assert.ok(Number(facts.get("amm.cycle")) >= 1);
    assert.equal(facts.get("amm.level"), "NORMAL");
  }
  const [one] = cycles;
  const steps = spans.filter(({ parentSpanId }) => parentSpanId === one?.spanId);
  assert.deepEqual(steps.map(({ name }) => name).sort(), ["decide", "execute", "save", "sync"]);
  assert.ok(steps.every(({ traceId }) => traceId === one?.traceId));
  const decided = steps.find(({ name }) => name === "decide");
  assert.ok(decided !== undefined && Number(factsOf(decided).get("amm.fair_cents")) > 0);
});

Deno.test("traces: without OTEL_DENO nothing is sent, whatever the other variables say", async () => {
  const { spans, server, url } = collector();
  const port = freePort();
  const bot = startDenoWith(
    { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
    ...START,
    "--port",
    String(port),
  );
  try {
    await eventually("ready", 60_000, async () => {
      const { ok, body } = await fetch(`http://127.0.0.1:${port}/health/ready`);
      await body?.cancel();
      return ok || null;
    });
  } finally {
    bot.kill("SIGTERM");
  }
  await bot.end(60_000);
  await server.shutdown();
  assert.deepEqual(spans, []);
});
