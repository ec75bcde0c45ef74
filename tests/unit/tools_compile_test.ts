import assert from "node:assert/strict";
import { ENVIRONMENT_VARIABLES } from "../../src/config/environment.ts";
import { MAIN, stamped, WORKERS } from "../../tools/embedded.ts";
import { ANY_CONFIGURATION, permissionFlags, reachOfFile } from "../../tools/permissions.ts";
import { productFiles, projectText } from "../support/source_files.ts";

const LIVE = `
mode: live
global:
  base_url: https://exchange.example.com/api/v1
  redis_url: rediss://redis.example.com/0
  amm_username: amm
  market_ids: [A, B]
  journal_path: /var/lib/amm/journal
  alert_webhook_url: https://chat.example.com/hook
markets:
  A: { anchor_price_cents: 50, initial_funding_cents: 100000, oracle_slug: a,
       oracle_url: "https://prices.example.com:8443/{slug}" }
  B: { anchor_price_cents: 50, initial_funding_cents: 100000, oracle_slug: b,
       oracle_url: "file:prices/now/{slug}.json" }
`;

function reader(text: string) {
  return { readTextFile: () => Promise.resolve(text), env: () => undefined };
}

Deno.test("compile: with a configuration the binary reaches what it names, and nothing else", async () => {
  assert.deepEqual(await reachOfFile("conf/live.yaml", reader(LIVE)), {
    hosts: [
      "127.0.0.1:8001",
      "exchange.example.com:443",
      "redis.example.com:6379",
      "chat.example.com:443",
      "prices.example.com:8443",
    ],
    paths: ["conf", "prices/now"],
    journal: "/var/lib/amm/journal",
  });
});

Deno.test("compile: on paper the binary reaches its own status port", async () => {
  const reach = await reachOfFile("paper.yaml", reader("mode: paper\n"));
  assert.deepEqual(reach, { hosts: ["127.0.0.1:8001"], paths: ["."], journal: null });
  assert.ok(!permissionFlags(reach).some((flag) => flag.startsWith("--allow-write")));
});

Deno.test("compile: a configuration with mistakes is no reason to grant anything", async () => {
  await assert.rejects(reachOfFile("x.yaml", reader("mode: lives\n")), /mode/);
});

Deno.test("compile: no binary may write more than a journal, start programs, or read more of the environment than the bot", () => {
  const flags = permissionFlags(ANY_CONFIGURATION);
  assert.deepEqual(flags, [
    "--no-prompt",
    "--allow-net",
    `--allow-env=${ENVIRONMENT_VARIABLES.join(",")}`,
    "--ignore-env",
    "--allow-read=config,/etc/amm,journal",
    "--allow-write=journal",
    "--allow-sys=hostname",
  ]);
});

Deno.test("bundle: what only the build knows is put into the text once, or it is an error", () => {
  const text = 'new Worker("./trial_worker.ts"); f("./seed_worker.ts"); "@commit@"';
  assert.equal(
    stamped(text, "commit abc"),
    'new Worker("./sim/lab/trial_worker.js"); f("./sim/faults/seed_worker.js"); "commit abc"',
  );
  assert.throws(() => stamped(`${text} "@commit@"`, "x"), /@commit@ is there 2 times/);
});

Deno.test("bundle: every module that a thread starts with is an entry point of it", () => {
  // The measurements and the tools are not in the bundle.
  const shipped = productFiles().filter(({ path }) => !/^(bench|tools)\//.test(path));
  const named = shipped.flatMap(({ path, text }) =>
    [...text.matchAll(/new URL\("(.*?)", import\.meta\.url\)/g)].map(([, url = ""]) =>
      new URL(url, `file:///${path}`).pathname.slice(1)
    )
  );
  assert.deepEqual(named.sort(), [...WORKERS].sort());
  for (const module of [MAIN, ...WORKERS]) assert.ok(projectText(module).length > 0);
});

Deno.test("compile: its task may read the variables that a configuration may come from", () => {
  const { tasks } = JSON.parse(projectText("deno.json"));
  const granted = /--allow-env=(\S+)/.exec(tasks.compile.command)?.[1]?.split(",");
  assert.deepEqual(granted, ["DENORT_BIN", ...ENVIRONMENT_VARIABLES]);
});
