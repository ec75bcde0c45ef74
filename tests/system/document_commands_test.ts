/** Every command that the documents show is executed, here or in a test that is named here. */

import assert from "node:assert/strict";
import { commandsIn, documents } from "../support/documents.ts";
import { eventually, freePort, startDenoWith, startProgram } from "../support/real_process.ts";
import { projectText } from "../support/source_files.ts";

const LIMIT_MS = 240_000;
const TOKEN = "a token for this test";

/** Commands that another test executes, and a word of that test. */
const ELSEWHERE: readonly (readonly [command: RegExp, test: string, word: string])[] = [
  [/^npx -y deno@\S+ task start$/, "tests/system/start_test.ts", '"task", "start"'],
  [/^npx -y deno@\S+ task (test|check)$/, ".ci/run", "task test"],
  [/^deno task config (set|history) /, "tests/system/config_edit_test.ts", 'config("set"'],
  [/^deno task config overrides /, "tests/unit/config_edit_command_test.ts", "overrides"],
  [/^deno task config rollback /, "tests/unit/config_edit_command_test.ts", "rollback"],
  [/^deno task journal /, "tests/system/journal_process_test.ts", '"journal"'],
  // A minute of work: once a day and at a release is enough.
  [/^deno task sim all /, ".github/workflows/ci.yml", "task sim all"],
  [/^deno task sim run whale --(report|explain) /, "tests/unit/sim_command_test.ts", '"--report"'],
];

/** What stands for something else in a command: files of the reader, and a wish for patience. */
function runnable(command: string, directory: string): string {
  return command
    .replace(/^deno /, `${Deno.execPath()} `)
    .replace("my-market.yaml", `${directory}/my-market.yaml`)
    .replace("trades.csv", "tests/fixtures/recorded-trades.csv")
    .replace(/--report (\S+)/, `--report ${directory}/$1`)
    .replace(/--seeds 50/, "--seeds 1")
    .replace("sim evidence --write", "sim evidence --seeds 1 --chapters defaults")
    .replace(/=2\.\.8:4/, "=2..8:2 --seeds 1");
}

const commands = [...new Set(documents().flatMap(commandsIn))];
const isElsewhere = (command: string) => ELSEWHERE.some(([pattern]) => pattern.test(command));
const isQuestion = (command: string) => command.startsWith("curl ");
const here = commands.filter((command) => !isElsewhere(command) && !isQuestion(command));

Deno.test("documents: there are commands, and the tests that execute some of them exist", () => {
  assert.ok(commands.length > 20);
  for (const [pattern, test, word] of ELSEWHERE) {
    assert.ok(commands.some((command) => pattern.test(command)), `${pattern} is in no document`);
    assert.ok(projectText(test).includes(word), `${test} does not say ${word}`);
  }
});

Deno.test("documents: every command that needs nothing but the checkout does what it says", async (t) => {
  const directory = `dist/documents-${freePort()}`;
  await Deno.mkdir(directory, { recursive: true });
  const [, scenario = ""] = /```yaml\n(.*?)```/s.exec(projectText("sim/README.md")) ?? [];
  await Deno.writeTextFile(`${directory}/my-market.yaml`, scenario);
  try {
    for (const command of here) {
      await t.step(command, async () => {
        const { code, err } = await startProgram({
          program: "/bin/sh",
          args: ["-c", runnable(command, directory)],
          env: { AMM_PASSWORD: "a password for this test" },
        }).end(LIMIT_MS);
        // A scenario of the reader's own may fail its assertions, and then says so with 1.
        const allowed = command.includes("my-market") ? [0, 1] : [0];
        assert.ok(allowed.includes(code), `exit code ${code}\n${err}`);
      });
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

/** True if curl is there. */
function hasCurl(): boolean {
  try {
    return new Deno.Command("curl", { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test("documents: every question to a running bot is answered (needs curl)", {
  ignore: !hasCurl(),
}, async (t) => {
  const port = freePort();
  const bot = startDenoWith({ AMM_ADMIN_TOKEN: TOKEN }, "task", "start", "--port", String(port));
  try {
    await eventually("ready", LIMIT_MS, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
      await response.body?.cancel();
      return response.status === 200 ? true : null;
    });
    for (const command of commands.filter(isQuestion)) {
      await t.step(command, async () => {
        const asked = command.replace(":8001", `:${port}`).replace(
          "markets/ID",
          "markets/demo-rain",
        );
        const { code, out } = await startProgram({
          program: "/bin/sh",
          args: ["-c", asked.replace(/^curl /, "curl -sS --fail-with-body ")],
          env: { AMM_ADMIN_TOKEN: TOKEN },
        }).end(LIMIT_MS);
        assert.equal(code, 0, out);
        assert.doesNotThrow(() => JSON.parse(out), out);
      });
    }
  } finally {
    bot.kill("SIGTERM");
  }
  assert.equal((await bot.end(LIMIT_MS)).code, 0);
});
