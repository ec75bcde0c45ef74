import assert from "node:assert/strict";
import { operatedBot } from "../support/site.ts";
import { MARKET } from "../support/venue.ts";

function isInstalled(): boolean {
  try {
    return new Deno.Command("promtool", { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

const ignore = !isInstalled();

async function promtool(args: readonly string[], input: string) {
  const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command("promtool", { args: [...args], ...pipes }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("promtool: finds nothing wrong with the alert rules (needs Debian's prometheus)", {
  ignore,
}, async () => {
  const { code, text } = await promtool(["check", "rules", "ops/prometheus/alerts.yaml"], "");
  assert.equal(code, 0, text);
});

Deno.test("promtool: can read the metrics of a bot that quotes (needs Debian's prometheus)", {
  ignore,
}, async () => {
  const bot = operatedBot();
  await bot.venue.start(30);
  await bot.request("POST", `/api/markets/${MARKET}/kill`, { body: { reason: "x" } });
  const { text: page } = await bot.request("GET", "/metrics");
  const { code, text } = await promtool(["check", "metrics"], page);
  // 1 is a page that cannot be read; 3 is a matter of taste, such as milliseconds for seconds.
  assert.ok(code === 0 || code === 3, text);
  assert.doesNotMatch(text, /error while linting/);
  await bot.venue.stop();
});
