/** The journal of a real process that is killed, or may not write. */

import assert from "node:assert/strict";
import { eventually, freePort, startDeno } from "../support/real_process.ts";

/** A directory with a configuration, for a bot on paper. */
async function workshop(text: (dir: string) => string) {
  const dir = await Deno.makeTempDir({ dir: "/tmp" });
  await Deno.writeTextFile(`${dir}/bot.yaml`, text(dir));
  const port = freePort();
  const start = (...rights: readonly string[]) =>
    startDeno(
      ...["run", "--no-prompt", "--ignore-env", "--allow-net", "--allow-read"],
      ...["--allow-sys=hostname", ...rights],
      ...["main.ts", "start", "--config", `${dir}/bot.yaml`, "--port", String(port)],
    );
  const ready = () =>
    eventually("ready", 30_000, async () => {
      const { ok, body } = await fetch(`http://127.0.0.1:${port}/health/ready`);
      await body?.cancel();
      return ok || null;
    });
  const metrics = async () => await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return { dir, start, ready, metrics };
}

/** Records of a directory, as a program would ask for them. */
async function ask(dir: string, ...args: readonly string[]) {
  const { code, out, err } = await startDeno(
    ...["run", "--no-prompt", "--ignore-env", `--allow-read=${dir}`, "--allow-read"],
    ...["main.ts", "journal", ...args, "--path", `${dir}/journal`],
  ).end(30_000);
  return { code, out, err };
}

Deno.test("journal: kill -9 loses no more than the last batch, and the next run goes on", async () => {
  const { dir, start, ready, metrics } = await workshop((at) =>
    `global:\n  journal_path: ${at}/journal\n`
  );
  const killed = start(`--allow-write=${dir}/journal`);
  await ready();
  const written = await eventually("records", 30_000, async () => {
    const [, count] = /records_total\{outcome="written"\} (\d+)/.exec(await metrics()) ?? [];
    return Number(count) > 10 ? Number(count) : null;
  });
  killed.kill("SIGKILL");
  await killed.end(20_000);
  const files = [...Deno.readDirSync(`${dir}/journal`)].map(({ name }) => name);
  assert.equal(files.length, 1);
  const text = await Deno.readTextFile(`${dir}/journal/${files[0]}`);
  const lines = text.split("\n").filter((line) => line !== "");
  assert.ok(
    lines.length >= written,
    `${written} were said to be written, ${lines.length} are there`,
  );

  const next = start(`--allow-write=${dir}/journal`);
  await ready();
  next.kill("SIGTERM");
  const { code, err } = await next.end(30_000);
  assert.equal(code, 0, err);
  const events = await ask(dir, "events", "--json");
  assert.equal(events.code, 0, events.err);
  const names = JSON.parse(events.out).map(({ event }: { event: string }) => event);
  const starts = names.filter((name: string) => name === "market_started").length;
  assert.ok(starts >= 6, "three markets of two runs");
  assert.ok(names.includes("process_stopped"), "the last words are there");
  const quotes = await ask(dir, "quotes", "--csv");
  assert.match(quotes.out, /^at,market_id,cycle,bid_cents/);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("journal: a process that may not write there trades on, and says so", async () => {
  const { dir, start, ready, metrics } = await workshop((at) =>
    `global:\n  journal_path: ${at}/journal\n`
  );
  const bot = start();
  await ready();
  await eventually(
    "the metric",
    20_000,
    async () => /amm_journal_up 0/.test(await metrics()) || null,
  );
  bot.kill("SIGTERM");
  const { code, out, err } = await bot.end(30_000);
  assert.equal(code, 0, err);
  const failed = out.split("\n").filter((line) => line.includes('"journal_failed"'));
  assert.equal(failed.length, 1);
  assert.match(failed[0] ?? "", /write access|--allow-write/);
  await Deno.remove(dir, { recursive: true });
});
