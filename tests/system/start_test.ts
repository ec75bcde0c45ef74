import assert from "node:assert/strict";
import { eventually, freePort, startDeno } from "../support/real_process.ts";

interface Order {
  readonly yes_price_cents: number;
  readonly remaining: number;
}

interface Status {
  readonly mode: string;
  readonly markets: readonly {
    readonly market_id: string;
    readonly orders: { readonly BID: readonly Order[]; readonly ASK: readonly Order[] };
  }[];
}

/** The status once every market has both ladders, null before. */
async function quotedStatus(url: string): Promise<Status | null> {
  const status: Status = await (await fetch(`${url}/status`)).json();
  const quoted = status.markets.every(({ orders }) => orders.BID.length * orders.ASK.length > 0);
  return quoted ? status : null;
}

/** How long anything may take on a busy machine. */
const LIMIT_MS = 60_000;

/**
 * How long "at once" is here, ms: five seconds, or as long as a busy machine needs to say `--help`
 * five times; that loads the same modules and does nothing.
 */
async function promptlyMs(): Promise<number> {
  const startedMs = performance.now();
  await startDeno("task", "start", "--help").end(LIMIT_MS);
  return Math.max(5_000, 5 * (performance.now() - startedMs));
}

Deno.test("deno task start: is ready within five seconds, quotes both sides, and leaves no order behind", async () => {
  const limitMs = await promptlyMs();
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const bot = startDeno("task", "start", "--port", String(port));
  try {
    await eventually("ready", limitMs, async () => {
      const response = await fetch(`${url}/health/ready`);
      await response.body?.cancel();
      return response.status === 200 ? true : null;
    });
    const status = await eventually(
      "both ladders of every market",
      limitMs,
      () => quotedStatus(url),
    );
    assert.equal(status.mode, "paper");
    assert.ok(status.markets.length > 0);
    for (const { orders } of status.markets) {
      const [bestBid] = orders.BID;
      const [bestAsk] = orders.ASK;
      assert.ok(bestBid !== undefined && bestAsk !== undefined);
      assert.ok(bestBid.yes_price_cents < bestAsk.yes_price_cents);
      assert.ok([...orders.BID, ...orders.ASK].every(({ remaining }) => remaining > 0));
    }
  } finally {
    bot.kill("SIGTERM");
  }
  const { code, out, err } = await bot.end(LIMIT_MS);
  assert.equal(code, 0, err);
  assert.match(err, /PAPER TRADING: no real money/);
  assert.match(err, /no own order is left/);
  const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(events[0].event, "process_started");
  const stopped = events.find(({ event }) => event === "process_stopped");
  assert.equal(stopped?.remaining_orders, 0);
  assert.deepEqual(events.filter(({ level }) => level === "ERROR"), []);
});

Deno.test("deno task start: a configuration that is not there is an error, not an empty one", async () => {
  const { code, err } = await startDeno("task", "start", "--config", "config/none.yaml").end(
    LIMIT_MS,
  );
  assert.equal(code, 2);
  assert.match(err, /config\/none\.yaml/);
});

Deno.test("main: every command answers --help, and a wrong one exits 2", async (t) => {
  for (const command of ["start", "sim", "exchange", "doctor", "health", "config"]) {
    await t.step(command, async () => {
      const { code, out } = await startDeno("run", "--no-prompt", "main.ts", command, "--help")
        .end(LIMIT_MS);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Usage: amm ${command}`));
    });
  }
  await t.step("strat", async () => {
    const { code, err } = await startDeno("run", "--no-prompt", "main.ts", "strat").end(LIMIT_MS);
    assert.equal(code, 2);
    assert.match(err, /Did you mean start\?/);
  });
});
