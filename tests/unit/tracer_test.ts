import assert from "node:assert/strict";
import { openTracer } from "../../src/runtime/otel_tracer.ts";
import { noTracer } from "../../src/runtime/tracer.ts";

Deno.test("tracer: without OpenTelemetry it does the work and nothing else", async () => {
  assert.equal(openTracer(), noTracer);
  assert.equal(noTracer.span("decide", {}, () => 7), 7);
  assert.equal(await noTracer.span("sync", {}, () => Promise.resolve(8)), 8);
  assert.throws(() => noTracer.span("decide", {}, () => assert.fail("no")), /no/);
});
