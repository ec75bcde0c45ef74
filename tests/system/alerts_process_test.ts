/** Alerts of a real process at a real receiver. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { eventually, freePort, startDenoWith } from "../support/real_process.ts";

const SECRET = "shared-with-the-receiver";
const TOKEN = "an-admin-token";

/** A receiver that checks every signature as its author would, from the description alone. */
function receiver() {
  const received: { readonly event: string; readonly text: string; readonly at: string }[] = [];
  const wrong: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const body = await request.text();
      const header = request.headers.get("X-Amm-Signature") ?? "";
      const [, seconds = "", signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
      const expected = createHmac("sha256", SECRET).update(`${seconds}.${body}`).digest("hex");
      if (signature !== expected) wrong.push(`${header} for ${body}`);
      received.push(JSON.parse(body));
      return new Response();
    },
  );
  return { url: `http://127.0.0.1:${server.addr.port}/hook`, received, wrong, server };
}

Deno.test("alerts: a real receiver gets signed alerts, a kill just before the stop too, and the secret is in no log", async () => {
  const { url, received, wrong, server } = receiver();
  const port = freePort();
  const dir = await Deno.makeTempDir({ dir: "/tmp" });
  const config = `${dir}/bot.yaml`;
  await Deno.writeTextFile(config, `global:\n  alert_webhook_url: ${url}\n`);
  const bot = startDenoWith(
    { AMM_ALERT_SECRET: SECRET, AMM_ADMIN_TOKEN: TOKEN },
    ...["run", "--no-prompt", "--allow-net", "--allow-env", "--allow-read", "--allow-sys=hostname"],
    ...["main.ts", "start", "--config", config, "--port", String(port)],
  );
  const base = `http://127.0.0.1:${port}`;
  const post = (path: string) =>
    fetch(`${base}${path}`, {
      method: "POST",
      headers: { "Authorization": `Bearer ${TOKEN}`, "Content-Type": "application/json" },
      body: JSON.stringify({ reason: "drill" }),
    });
  try {
    await eventually("ready", 30_000, async () => {
      const { ok, body } = await fetch(`${base}/health/ready`);
      await body?.cancel();
      return ok || null;
    });
    await (await post("/api/pause")).body?.cancel();
    await eventually("the alert", 20_000, () => {
      return Promise.resolve(received.find(({ event }) => event === "pause_set") ?? null);
    });
    // The bot counts an alert when it has read the answer: later than the receiver's own list.
    await eventually("the alert in the metrics", 20_000, async () => {
      const metrics = await (await fetch(`${base}/metrics`)).text();
      return /amm_alerts_total\{outcome="sent"\} [1-9]/.test(metrics) || null;
    });
    await (await post("/api/kill")).body?.cancel();
  } finally {
    bot.kill("SIGTERM");
  }
  const { code, out, err } = await bot.end(60_000);
  assert.equal(code, 0, err);
  const kill = received.find(({ event }) => event === "kill_latched");
  assert.match(kill?.text ?? "", /^CRITICAL .*\(paper\): kill_latched/);
  assert.deepEqual(wrong, []);
  assert.ok(!`${out}${err}`.includes(SECRET));
  await server.shutdown();
  await Deno.remove(dir, { recursive: true });
});
