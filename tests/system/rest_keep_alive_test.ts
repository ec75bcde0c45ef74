/** The transport on real sockets: keep-alive and what happens when the venue drops a connection. */

import assert from "node:assert/strict";
import { HttpTransport } from "../../src/connector/rest/http_transport.ts";
import { systemClock } from "../../src/runtime/clock.ts";

const GET = { method: "GET", path: "/x", bearer: null } as const;
const HELLO = '{"hello": "world"}';

/**
 * A real server on a socket that gives the scripted raw answers, one connection each, and closes.
 */
async function withRawServer(answers: string[], use: (http: HttpTransport) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for (const answer of answers) {
      const connection = await listener.accept();
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const baseUrl = `http://127.0.0.1:${port}`;
  const options = { baseUrl, timeoutMs: 5000, fetch, clock: systemClock };
  try {
    await use(new HttpTransport(options));
    await serving;
  } finally {
    listener.close();
  }
}

const OK = `HTTP/1.1 200 OK\r\ncontent-length: ${HELLO.length}\r\n\r\n${HELLO}`;

Deno.test("transport: calls one after the other share a connection", async () => {
  const ports = new Set<number>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (_, info) => {
    ports.add((info.remoteAddr as Deno.NetAddr).port);
    return new Response(HELLO);
  });
  const baseUrl = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  const http = new HttpTransport({ baseUrl, timeoutMs: 5000, fetch, clock: systemClock });
  for (let call = 0; call < 5; call++) await http.send(GET);
  assert.equal(ports.size, 1);
  await server.shutdown();
});

Deno.test("transport: after a 500 that closes the connection the next call uses a fresh one (Q-22)", async () => {
  const broken =
    "HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain; charset=utf-8\r\n" +
    "content-length: 21\r\n\r\nInternal Server Error";
  await withRawServer([broken, OK], async (http) => {
    const first = await http.send(GET);
    assert.equal(first.kind === "response" && first.status, 500);
    const second = await http.send(GET);
    assert.equal(second.kind === "response" && second.body.kind, "json");
  });
});

Deno.test("transport: a real connection that ends inside the body is cut", async () => {
  await withRawServer(["HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{"], async (http) => {
    const result = await http.send(GET);
    assert.deepEqual(result.kind === "response" && result.body, { kind: "cut" });
  });
});

Deno.test("transport: a real connection that is closed without an answer is lost", async () => {
  await withRawServer([""], async (http) => {
    assert.equal((await http.send(GET)).kind, "connection_lost");
  });
});

Deno.test("transport: a venue that is not there is told apart from one that breaks off", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const baseUrl = `http://127.0.0.1:${port}`;
  const http = new HttpTransport({ baseUrl, timeoutMs: 5000, fetch, clock: systemClock });
  const result = await http.send(GET);
  assert.ok(result.kind === "connection_lost");
  assert.match(result.message, /refused/);
  assert.doesNotMatch(result.message, /127\.0\.0\.1|http/);
});
