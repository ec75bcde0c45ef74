/** The simulated exchange as a process of its own, with real sockets and real time. */

import assert from "node:assert/strict";
import type { PlaceRequest } from "../../src/connector/connector.ts";
import { RestConnector } from "../../src/connector/rest/rest_connector.ts";
import { price, shares } from "../../src/models/money.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { client, PASSWORD, startExchange } from "../support/exchange_process.ts";
import { startDeno } from "../support/real_process.ts";

const MARKET = "MKT-ELECTION";
const LIMIT_MS = 20_000;

function connectorFor(url: string): RestConnector {
  return new RestConnector({
    baseUrl: url,
    username: "amm_market_maker",
    password: PASSWORD,
    timeoutMs: 5_000,
    maxRetries: 1,
    maxBackoffMs: 200,
    clock: systemClock,
    random: seededRandom(1),
    log: recordingLogger([]),
    fetch,
  });
}

const order = (clientOrderId: string, yesPrice: number): PlaceRequest => ({
  clientOrderId,
  marketId: MARKET,
  contract: "YES",
  direction: "BUY",
  contractPrice: price(yesPrice),
  quantity: shares(10),
  timeInForce: "GTC",
});

Deno.test("exchange process: the live connector trades there, and notices when it is killed", async () => {
  const { process, url } = await startExchange();
  const connector = connectorFor(url);
  const alice = await client(url, "alice");

  assert.equal(await connector.identity(), "00000000-0000-4000-a000-000000000001");
  assert.equal((await connector.market(MARKET)).status, "ACTIVE");
  const bid = await connector.place(order("bid", 55));
  const deep = await connector.place(order("deep", 40));
  assert.ok(bid.kind === "accepted" && deep.kind === "accepted");

  const sale = { ...orderBody("sale"), side: "NO", direction: "BUY", price_cents: 45, quantity: 4 };
  assert.equal((await alice("/orders", sale)).order.status, "FILLED");
  const { trades } = await connector.trades({ limit: 10 });
  assert.deepEqual(trades.map(({ yesPrice, quantity }) => [yesPrice, quantity]), [[55, 4]]);
  assert.equal((await connector.order(bid.value.order.orderId)).remaining, 6);
  assert.equal((await connector.position(MARKET)).yes, 4);

  const cancelled = await connector.cancel(deep.value.order.orderId);
  assert.equal(cancelled.kind, "accepted");
  assert.deepEqual((await connector.openOrders(MARKET)).map(({ clientOrderId }) => clientOrderId), [
    "bid",
  ]);

  process.kill("SIGKILL");
  await process.end(LIMIT_MS);
  await assert.rejects(connector.balance(), { name: "VenueError", kind: "unavailable" });
  assert.equal((await connector.place(order("late", 50))).kind, "unknown");
});

function orderBody(client_order_id: string) {
  return { client_order_id, market_id: MARKET };
}

Deno.test("exchange process: Ctrl-C ends it, and its start was one JSON object", async () => {
  const { process, url } = await startExchange("--json", "--profile", "deployed");
  const flood = await fetch(`${url}/auth/login`, { method: "POST", body: "x".repeat(1_000_000) });
  await flood.body?.cancel();
  assert.equal(flood.status, 413, "a body that is too large is refused");
  process.kill("SIGINT");
  const { code, out, err } = await process.end(LIMIT_MS);
  assert.deepEqual([code, err], [0, ""]);
  const facts = JSON.parse(out);
  assert.deepEqual([facts.url, facts.quirks.length], [url, 23]);
});

/** Sends raw requests on one connection, and says how often it was answered before it closed. */
async function answersOnOneConnection(port: number, request: string): Promise<number> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const chunk = new Uint8Array(4096);
  let answers = 0;
  try {
    while (answers < 2) {
      await connection.write(new TextEncoder().encode(request));
      const size = await connection.read(chunk);
      if (size === null) break;
      answers++;
    }
  } catch {
    // Closed while we wrote.
  }
  connection.close();
  return answers;
}

Deno.test("exchange process: with Q-22 a connection ends after an unhandled error, without it stays", async () => {
  for (const [quirks, answers] of [[["Q-02"], 2], [["Q-02", "Q-22"], 1]] as const) {
    const { process, port, url } = await startExchange("--json", "--quirk", ...quirks);
    const login = await fetch(`${url}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "amm_market_maker", password: PASSWORD }),
    });
    const { data } = await login.json();
    const body = JSON.stringify({ market_id: MARKET, quantity: 1, idempotency_key: "k" });
    const mint = [
      "POST /api/v1/amm/mint HTTP/1.1",
      "host: exchange",
      `authorization: Bearer ${data.access_token}`,
      `content-length: ${body.length}`,
      "",
      body,
    ].join("\r\n");
    assert.equal(await answersOnOneConnection(port, mint), answers, quirks.join(" "));
    process.kill("SIGTERM");
    assert.equal((await process.end(LIMIT_MS)).code, 0);
  }
});

Deno.test("exchange process: a port that is taken is an error that says so", async () => {
  const busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = busy.addr;
  const { code, out, err } = await startDeno("task", "exchange", "--port", String(port))
    .end(LIMIT_MS);
  busy.close();
  assert.deepEqual([code, out], [1, ""]);
  assert.match(
    err,
    new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${port}; another --port or --host`),
  );
});
