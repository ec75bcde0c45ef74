/** A walk through the runbook: each alert is provoked in the simulator, and Prometheus fires it. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { PROVOCATIONS } from "../support/alert_walks.ts";
import { ruleTests, type Walk } from "../support/rule_tests.ts";
import { projectText } from "../support/source_files.ts";

const RULES = "ops/prometheus/alerts.yaml";

function isInstalled(): boolean {
  try {
    return new Deno.Command("promtool", { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

/** What promtool says of walks, as text; empty if all is as expected. */
async function problemsOf(walks: readonly Walk[]): Promise<string> {
  const file = await Deno.makeTempFile({ prefix: "amm-rules-", suffix: ".yaml" });
  await Deno.writeTextFile(file, ruleTests(walks, `${Deno.cwd()}/${RULES}`));
  const { success, stdout, stderr } = await new Deno.Command("promtool", {
    args: ["test", "rules", file],
  }).output();
  await Deno.remove(file);
  const decoder = new TextDecoder();
  return success ? "" : decoder.decode(stdout) + decoder.decode(stderr);
}

Deno.test("runbook walk: every alert has a provocation", () => {
  const { groups } = parse(projectText(RULES));
  const alerts = groups.flatMap(({ rules }: { rules: { alert: string }[] }) => rules)
    .map(({ alert }: { alert: string }) => alert);
  assert.deepEqual(Object.keys(PROVOCATIONS), alerts);
});

for (const [alert, provocation] of Object.entries(PROVOCATIONS)) {
  Deno.test(
    `runbook walk: ${alert} is silent while all is well, and fires in its trouble (needs Debian's prometheus)`,
    {
      ignore: !isInstalled(),
    },
    async () => {
      const provoked = await provocation();
      assert.equal(await problemsOf([{ alert, ...provoked }]), "");
    },
  );
}
