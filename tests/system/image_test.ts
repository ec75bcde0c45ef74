/** What the Dockerfile does, step by step, without an engine: its context, its build, its process. */

import assert from "node:assert/strict";
import { ENVIRONMENT_VARIABLES } from "../../src/config/environment.ts";
import { compose, dockerfile, execForm } from "../support/deploy_files.ts";
import { startExchange } from "../support/exchange_process.ts";
import { eventually, freePort, startProgram } from "../support/real_process.ts";
import { redisIsMissing, startRedis, withRedisName } from "../support/redis_server.ts";

const LIMIT_MS = 120_000;

/** Copies what `.dockerignore` lets through: the names after an exclamation mark. */
async function buildContext(directory: string): Promise<void> {
  const lines = (await Deno.readTextFile(".dockerignore")).split("\n");
  const allowed = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  assert.ok(lines.includes("*") && allowed.length > 0);
  const { code, err } = await startProgram({ program: "cp", args: ["-r", ...allowed, directory] })
    .end(LIMIT_MS);
  assert.equal(code, 0, err);
}

/** Runs what the build stage runs, and gives the directory that stands for `/app`. */
async function builtApp(root: string): Promise<string> {
  await Deno.mkdir(`${root}/build`);
  await buildContext(`${root}/build`);
  const steps = dockerfile().filter(({ name }) => name === "RUN").map(({ text }) => text);
  assert.equal(steps.length, 2);
  for (const step of steps) {
    const command = step.replaceAll("/app", `${root}/app`).replace("$COMMIT", "abc123");
    const { code, err } = await startProgram({
      program: "/bin/sh",
      args: ["-c", command],
      cwd: `${root}/build`,
    }).end(LIMIT_MS);
    assert.equal(code, 0, `${step}\n${err}`);
  }
  return `${root}/app`;
}

/** An exec form of the image as a command of this machine. */
function onThisMachine(args: readonly string[], app: string, config: string): readonly string[] {
  return args.slice(1).map((arg) =>
    arg.replace("/etc/amm", config).replace(/(^|,|=)\/app/, `$1${app}`)
  );
}

Deno.test(
  withRedisName(
    "image: built from what is sent to the builder, it quotes as compose.yaml starts it, is well, and ends with SIGTERM",
  ),
  { ignore: redisIsMissing },
  async (t) => {
    const root = await Deno.makeTempDir({ prefix: "amm-image-" });
    const app = await builtApp(root);
    const command = compose().services.bot?.command ?? [];
    const entry = onThisMachine([...execForm("ENTRYPOINT"), ...command], app, "deploy/compose");
    const [redis, exchange] = await Promise.all([startRedis(), startExchange("--traders")]);
    const port = freePort();
    const env = {
      DENO_DIR: "/dev/null/there-is-no-place-to-write",
      AMM_PASSWORD: "Passw0rd1",
      AMM_BASE_URL: exchange.url,
      AMM_REDIS_URL: redis.url,
      AMM_HEALTH_HOST: "127.0.0.1",
      AMM_HEALTH_PORT: String(port),
    };
    const check = execForm("HEALTHCHECK").map((arg) => arg.replaceAll("8001", String(port)));
    const health = () =>
      startProgram({ args: onThisMachine(check, app, "deploy/compose"), env }).end(LIMIT_MS);
    try {
      await t.step("before it runs, the health check says no", async () => {
        assert.equal((await health()).code, 1);
      });
      const bot = startProgram({ args: entry, env });
      try {
        await t.step("both markets are quoted", async () => {
          await eventually("quotes", LIMIT_MS, async () => {
            const { mode, markets } = await (await fetch(`http://127.0.0.1:${port}/status`)).json();
            assert.equal(mode, "live");
            const isQuoted = ({ orders: { BID, ASK } }: Quoted) => BID.length * ASK.length > 0;
            return markets.length === 2 && markets.every(isQuoted) ? true : null;
          });
        });
        await t.step("the health check says yes", async () => {
          const { code, err } = await health();
          assert.equal(code, 0, err);
        });
      } finally {
        bot.kill("SIGTERM");
      }
      const { code, err } = await bot.end(LIMIT_MS);
      assert.equal(code, 0, err);
      assert.match(err, /no own order is left/);
    } finally {
      exchange.process.kill("SIGTERM");
      await exchange.process.end(LIMIT_MS);
      await redis.close();
      await Deno.remove(root, { recursive: true });
    }
  },
);

interface Quoted {
  readonly orders: { readonly BID: readonly unknown[]; readonly ASK: readonly unknown[] };
}

/** True if the program is there, whatever it thinks of the arguments. */
function isInstalled(program: string): boolean {
  try {
    new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return true;
  } catch {
    return false;
  }
}

Deno.test("systemd: finds nothing wrong with the unit (needs systemd-analyze)", {
  ignore: !isInstalled("systemd-analyze"),
}, async () => {
  const unit = await Deno.readTextFile("deploy/systemd/amm.service");
  const directory = await Deno.makeTempDir({ prefix: "amm-unit-" });
  const file = `${directory}/amm.service`;
  await Deno.writeTextFile(file, unit.replace(/^ExecStart=\S+/m, "ExecStart=/bin/true"));
  const { code, err } = await startProgram({
    program: "systemd-analyze",
    args: ["verify", file],
  }).end(LIMIT_MS);
  await Deno.remove(directory, { recursive: true });
  assert.deepEqual([code, err.split("\n").filter((line) => line.includes("amm.service"))], [0, []]);
});

Deno.test("kubernetes: kustomize puts the manifests together (needs kubectl)", {
  ignore: !isInstalled("kubectl"),
}, async () => {
  const { code, out, err } = await startProgram({
    program: "kubectl",
    args: ["kustomize", "deploy/kubernetes"],
  }).end(LIMIT_MS);
  assert.equal(code, 0, err);
  const config = /name: (amm-config-\w+)/.exec(out)?.[1] ?? "";
  assert.equal(out.split(`name: ${config}\n`).length - 1, 2, "the pod mounts what is generated");
  for (const variable of out.match(/\bAMM_[A-Z_]+\b/g) ?? []) {
    assert.ok(ENVIRONMENT_VARIABLES.includes(variable), variable);
  }
});
