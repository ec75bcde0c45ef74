import assert from "node:assert/strict";
import { type Fetch, HttpTransport } from "../../src/connector/rest/http_transport.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

const GET = { method: "GET", path: "/x", bearer: null } as const;
const HELLO = '{"hello": "world"}';

function transport(fetch: Fetch, clock = new VirtualClock(0)) {
  return new HttpTransport({
    baseUrl: "http://venue.test/api/v1/",
    timeoutMs: 10_000,
    fetch,
    clock,
  });
}

/** A body that sends the given text and then breaks off or hangs. */
function unfinished(text: string, end: "break" | "hang"): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      if (end === "break") controller.error(new TypeError("connection reset by peer"));
    },
  });
}

Deno.test("transport: a request carries the token, JSON and nothing else", async () => {
  let seen: { url: string; init: RequestInit } | undefined;
  const http = transport((url, init) => {
    seen = { url, init };
    return Promise.resolve(new Response(HELLO));
  });
  await http.send({ method: "POST", path: "/orders", body: { quantity: 1 }, bearer: "token" });
  assert.equal(seen?.url, "http://venue.test/api/v1/orders");
  assert.equal(seen?.init.body, '{"quantity":1}');
  assert.deepEqual(seen?.init.headers, {
    accept: "application/json",
    "content-type": "application/json",
    authorization: "Bearer token",
  });
});

Deno.test("transport: a redirect is not followed, so a token never goes elsewhere", async () => {
  let redirect: unknown;
  const http = transport((_url, init) => {
    redirect = init.redirect;
    return Promise.resolve(new Response(null, { status: 307, headers: { location: "http://x/" } }));
  });
  const result = await http.send(GET);
  assert.equal(redirect, "manual");
  assert.equal(result.kind === "response" && result.status, 307);
});

Deno.test("transport: a venue that says nothing times out, and the request is aborted", async () => {
  const clock = new VirtualClock(0);
  let signal: AbortSignal | null | undefined;
  const http = transport((_url, init) => {
    signal = init.signal;
    return new Promise(() => {});
  }, clock);
  assert.deepEqual(await clock.resolve(http.send(GET)), { kind: "timeout" });
  assert.equal(clock.monotonicMs(), 10_000);
  assert.equal(signal?.aborted, true);
});

Deno.test("transport: a body that never ends is under the same time-out", async () => {
  const clock = new VirtualClock(0);
  const http = transport(() => Promise.resolve(new Response(unfinished("{", "hang"))), clock);
  assert.deepEqual(await clock.resolve(http.send(GET)), { kind: "timeout" });
});

Deno.test("transport: an answer in time leaves no timer behind", async () => {
  const clock = new VirtualClock(0);
  const http = transport(() => Promise.resolve(new Response(HELLO)), clock);
  await clock.resolve(http.send(GET));
  await clock.runUntil(() => false);
  assert.equal(clock.monotonicMs(), 0);
});

Deno.test("transport: a body that breaks off is cut, whatever came before", async () => {
  const http = transport(() => Promise.resolve(new Response(unfinished(HELLO, "break"))));
  const result = await http.send(GET);
  assert.deepEqual(result.kind === "response" && result.body, { kind: "cut" });
});

for (
  const [name, text, what] of [
    ["HTML", "<html>login</html>", "18 characters that are not JSON"],
    ["truncated JSON", '{"code": 0, "data": {', "21 characters that are not JSON"],
    ["an empty body", "", "0 characters that are not JSON"],
    ["a body of 3 MB", '"' + "x".repeat(3_000_000) + '"', "a body over 2000000 bytes"],
  ] as const
) {
  Deno.test(`transport: ${name} is described, not quoted`, async () => {
    const result = await transport(() => Promise.resolve(new Response(text))).send(GET);
    assert.deepEqual(result.kind === "response" && result.body, { kind: "other", what });
  });
}

for (
  const [name, headers] of [
    ["says how long it is", { "content-length": "3000002" }],
    ["is packed and states the length of the package", {
      "content-length": "3000",
      "content-encoding": "gzip",
    }],
  ] as const
) {
  Deno.test(`transport: no more than 2 MB are read of a body that ${name}`, async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 3_000_000) controller.close();
        else controller.enqueue(new Uint8Array(100_000).fill(48));
        sent += 100_000;
      },
    });
    const result = await transport(() => Promise.resolve(new Response(body, { headers })))
      .send(GET);
    const what = "a body over 2000000 bytes";
    assert.deepEqual(result.kind === "response" && result.body, { kind: "other", what });
    assert.ok(sent <= 2_300_000, `${sent} bytes`);
  });
}

Deno.test("transport: a body of a stated length is read whole, and one that breaks off is cut", async () => {
  const headers = { "content-length": String(HELLO.length) };
  const whole = await transport(() => Promise.resolve(new Response(HELLO, { headers }))).send(GET);
  assert.deepEqual(whole.kind === "response" && whole.body, {
    kind: "json",
    value: { hello: "world" },
  });
  const cut = await transport(() =>
    Promise.resolve(new Response(unfinished(HELLO, "break"), { headers }))
  ).send(GET);
  assert.deepEqual(cut.kind === "response" && cut.body, { kind: "cut" });
});

Deno.test("transport: JSON is read whatever content type it claims", async () => {
  const answer = new Response(HELLO, { headers: { "content-type": "text/html" } });
  const result = await transport(() => Promise.resolve(answer)).send(GET);
  assert.deepEqual(result.kind === "response" && result.body, {
    kind: "json",
    value: { hello: "world" },
  });
});

Deno.test("transport: a network error says what happened without the URL", async () => {
  const error = new TypeError(
    "error sending request for url (http://venue.test/api/v1/x?cursor=1): connection refused",
  );
  const result = await transport(() => Promise.reject(error)).send(GET);
  assert.deepEqual(result, {
    kind: "connection_lost",
    message: "error sending request: connection refused",
  });
});

for (
  const baseUrl of [
    "",
    "venue.test",
    "ftp://venue.test/",
    "http://user:hunter2@venue.test/",
    "http://venue.test/?token=hunter2",
    "http://venue.test/#x",
  ]
) {
  Deno.test(`transport: '${baseUrl}' is no base URL, and the error does not show it`, () => {
    const options = { timeoutMs: 1, fetch, clock: systemClock };
    assert.throws(() => new HttpTransport({ baseUrl, ...options }), (error: unknown) => {
      assert.ok(error instanceof RangeError);
      assert.ok(!error.message.includes("hunter2"));
      return true;
    });
  });
}
