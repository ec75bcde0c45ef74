/** The program as it is shipped: its bundle, somewhere else, with no file of the project near. */

import assert from "node:assert/strict";
import { bundled, MAIN, WORKERS } from "../../tools/embedded.ts";
import { ANY_CONFIGURATION, permissionFlags } from "../../tools/permissions.ts";
import { eventually, freePort, startDeno, startProgram } from "../support/real_process.ts";

/** A build and a look at it take a while on a busy machine. */
const LIMIT_MS = 120_000;

/** An empty directory to be in, and next to it the bundle. */
async function shipped() {
  const root = await Deno.makeTempDir({ prefix: "amm-shipped-" });
  await Deno.mkdir(`${root}/empty`);
  const build = startDeno("task", "bundle", "--output", `${root}/bundle`, "--commit", "abc123");
  const { code, err } = await build.end(LIMIT_MS);
  assert.equal(code, 0, err);
  const flags = [
    ...permissionFlags({ ...ANY_CONFIGURATION, paths: ["config", "/etc/amm", `${root}/bundle`] }),
    "--no-config",
    "--no-npm",
    "--no-remote",
  ];
  const start = (...args: readonly string[]) =>
    startProgram({
      args: ["run", ...flags, `${root}/bundle/main.js`, ...args],
      cwd: `${root}/empty`,
      env: { DENO_DIR: `${root}/cache` },
    });
  return { start, remove: () => Deno.remove(root, { recursive: true }) };
}

Deno.test("bundle: with no file and no package near, it trades on paper, simulates on threads, and stops clean", async (t) => {
  const { start, remove } = await shipped();
  try {
    await t.step("--version says the version and the commit", async () => {
      const { out } = await start("--version").end(LIMIT_MS);
      assert.match(out, /^\d+\.\d+\.\d+ \(abc123\)\n$/);
    });

    await t.step("the bot quotes, shows its status, and leaves no order behind", async () => {
      const port = freePort();
      const bot = start("start", "--port", String(port));
      const url = `http://127.0.0.1:${port}`;
      try {
        await eventually("all markets are quoted", LIMIT_MS, async () => {
          const { mode, markets } = await (await fetch(`${url}/status`)).json();
          assert.equal(mode, "paper");
          const quoted = markets.filter(({ orders: { BID, ASK } }: Quoted) =>
            BID.length * ASK.length > 0
          );
          return markets.length === 3 && quoted.length === 3 ? true : null;
        });
        await seesDashboard(url);
      } finally {
        bot.kill("SIGTERM");
      }
      const { code, out, err } = await bot.end(LIMIT_MS);
      assert.equal(code, 0, err + out);
      assert.match(err, /no own order is left/);
    });

    await t.step("the packaged configuration and every scenario are inside", async () => {
      const shown = await start("config", "show", "--market", "demo-rain").end(LIMIT_MS);
      assert.match(shown.out, /anchor_price_cents +48 +config\/default\.yaml/, shown.err);
      const listed = await start("sim", "list").end(LIMIT_MS);
      const folders = ["sim/scenarios", "sim/scenarios/situations"];
      const scenarios = folders.flatMap((folder) => [...Deno.readDirSync(folder)])
        .filter(({ isFile }) => isFile).map(({ name }) => name);
      for (const file of scenarios) {
        assert.ok(listed.out.includes(file.replace(".yaml", "")), `${file}\n${listed.err}`);
      }
    });

    await t.step("market makers are compared on two threads", async () => {
      const { code, out, err } = await start(
        ...["sim", "compare", "--makers", "lmsr,constant_product", "--markets", "calm"],
        ...["--seeds", "1", "--workers", "2", "--json"],
      ).end(LIMIT_MS);
      assert.equal(code, 0, err);
      assert.equal(JSON.parse(out).length, 2);
    });

    await t.step("faults are simulated on two threads", async () => {
      const { code, err } = await start("sim", "faults", "--seeds", "2", "--workers", "2", "--json")
        .end(LIMIT_MS);
      assert.equal(code, 0, err);
    });
  } finally {
    await remove();
  }
});

/** The page at `/` and every file that it names are there. */
async function seesDashboard(url: string): Promise<void> {
  const page = await fetch(url, { headers: { Accept: "text/html" } });
  const html = await page.text();
  assert.match(html, /PAPER/);
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(files.length > 0, html);
  for (const path of files) {
    const file = await fetch(url + path);
    assert.equal(file.status, 200, path);
    assert.ok((await file.text()).length > 0, path);
  }
}

interface Quoted {
  readonly orders: { readonly BID: readonly unknown[]; readonly ASK: readonly unknown[] };
}

/** Runs `deno task compile` with a file in place of the base runtime. */
async function compileWith(denort: string) {
  const root = await Deno.makeTempDir({ prefix: "amm-compiled-" });
  const paths = ["--output", `${root}/amm`, "--bundle", `${root}/bundle`];
  const args = ["task", "compile", ...paths, "--commit", "abc123"];
  const result = await startProgram({ args, env: { DENORT_BIN: denort } }).end(LIMIT_MS);
  const made = [...Deno.readDirSync(root)].map(({ name }) => name).sort();
  const inside = made.includes("amm") ? await modulesInside(root) : [];
  await Deno.remove(root, { recursive: true });
  return { ...result, made, inside };
}

/** The modules of the bundle whose text stands in the executable. */
async function modulesInside(root: string): Promise<readonly string[]> {
  const latin1 = new TextDecoder("latin1");
  const executable = latin1.decode(await Deno.readFile(`${root}/amm`));
  return [MAIN, ...WORKERS].map(bundled).filter((module) =>
    executable.includes(latin1.decode(Deno.readFileSync(`${root}/bundle/${module}`)))
  );
}

Deno.test("compile: the program and both kinds of threads are inside (the base runtime is a stand-in, the result is not run)", async () => {
  const { code, out, err, made, inside } = await compileWith("/bin/true");
  assert.equal(code, 0, err);
  assert.deepEqual(made, ["amm", "bundle"]);
  assert.deepEqual(inside, [MAIN, ...WORKERS].map(bundled));
  assert.match(out, /may use: --no-prompt --allow-net --allow-env=AMM_ENV/);
  assert.doesNotMatch(out, /--allow-(write(?!=journal )|run|all|ffi)/);
});

Deno.test("compile: without a base runtime it says so on one line, exits 1 and leaves nothing half done", async () => {
  const { code, err, made } = await compileWith("/nowhere/denort");
  const said = err.split("\n").filter((line) => line.startsWith("compile:"));
  assert.equal(code, 1);
  assert.equal(said.length, 1, err);
  assert.match(said[0] ?? "", /base runtime cannot be had.*\/nowhere\/denort|No such file/);
  assert.doesNotMatch(err, /backtrace/i);
  assert.deepEqual(made, ["bundle"]);
});
