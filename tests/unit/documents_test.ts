import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { EVENTS } from "../../src/runtime/events.ts";
import { registries } from "../../src/config/registry.ts";
import { PRESETS } from "../../src/config/presets.ts";
import { anchorsIn, documents, headingsIn, linksIn, tasksIn } from "../support/documents.ts";
import { projectText } from "../support/source_files.ts";
import { operatedBot } from "../support/site.ts";

Deno.test("documents: every link leads to a file of the project, and to a heading of it", async () => {
  const broken: string[] = [];
  for (const document of documents()) {
    for (const { path, anchor } of linksIn(document)) {
      const exists = await Deno.stat(path).then(() => true, () => false);
      const found = exists && (anchor === null || anchorsIn(path).includes(anchor));
      if (!found) broken.push(`${document}: ${path}${anchor === null ? "" : `#${anchor}`}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("documents: every task that they name exists, and every task is described somewhere", () => {
  const { tasks } = JSON.parse(projectText("deno.json")) as { tasks: Record<string, unknown> };
  const named = new Set(documents().flatMap(tasksIn));
  assert.deepEqual([...named].filter((name) => !(name in tasks)), []);
  assert.deepEqual(Object.keys(tasks).filter((name) => !named.has(name)), []);
});

Deno.test("documents: files of the project that they name in passing exist", async () => {
  const missing: string[] = [];
  for (const document of documents()) {
    const named = projectText(document).matchAll(
      /`((?:src|sim|tests|config|ops|deploy|docs|tools)\/[\w./-]+)`/g,
    );
    for (const [, path = ""] of named) {
      if (/config\/production\.yaml/.test(path)) continue;
      const exists = await Deno.stat(path).then(() => true, () => false);
      if (!exists) missing.push(`${document}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

const rules = z.object({
  groups: z.array(z.object({
    rules: z.array(z.object({
      alert: z.string(),
      expr: z.string(),
      labels: z.object({ severity: z.string() }),
    })),
  })),
}).parse(parse(projectText("ops/prometheus/alerts.yaml"))).groups.flatMap((group) => group.rules);

/** The section of an alert in the runbook. */
function section(alert: string): string {
  return projectText("docs/runbook.md").split(/^##+ /m)
    .find((part) => part.startsWith(`${alert}\n`)) ?? "";
}

Deno.test("runbook: every alert has a section and no section is without an alert, in their order", () => {
  const [, alerts = ""] = projectText("docs/runbook.md").split("\n## Alerts\n");
  const [until = ""] = alerts.split("\n## ");
  const sections = [...until.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  assert.deepEqual(sections, rules.map(({ alert }) => alert));
});

for (const { alert, expr, labels: { severity } } of rules) {
  Deno.test(`runbook: ${alert} says what it means, what to check and what to do, in its severity`, () => {
    const text = section(alert);
    for (const part of [`Severity: ${severity}.`, "**Meaning.**", "**Check.**", "**Action.**"]) {
      assert.ok(text.includes(part), part);
    }
    const events = [...expr.matchAll(/event=~?"([^"]+)"/g)].flatMap(([, names = ""]) =>
      names.split("|")
    );
    const named = events.filter((event) => text.includes(`\`${event}\``));
    assert.ok(events.length === 0 || named.length > 0, `names one of ${events.join(", ")}`);
  });
}

/** Words in code marks of the runbook that look like the name of a setting, event or preset. */
Deno.test("runbook: settings, events, presets and metrics that it names exist", async () => {
  const bot = operatedBot();
  await bot.venue.start(10);
  const { text: metrics } = await bot.request("GET", "/metrics", { headers: {} });
  await bot.venue.stop();
  const known = new Set([
    ...Object.keys(EVENTS),
    ...Object.keys(registries.global),
    ...Object.keys(registries.market),
    ...PRESETS.map(({ name }) => name),
    ...metrics.match(/\bamm_\w+/g) ?? [],
    ...["pnl_day_cents"],
  ]);
  const text = projectText("docs/runbook.md");
  const words = [...text.matchAll(/`([a-z]+(?:_[a-z0-9]+)+)(?:=\w+)?`/g)].map(([, word = ""]) =>
    word
  );
  assert.ok(words.length > 30);
  assert.deepEqual(words.filter((word) => !known.has(word)), []);
});

Deno.test("runbook: every route that it names is one of the admin API", async () => {
  const bot = operatedBot();
  const { text } = await bot.request("GET", "/openapi.json", { headers: {} });
  const routes = Object.keys(JSON.parse(text).paths).map((path) => path.replace(/\{\w+\}/g, "ID"));
  const named = projectText("docs/runbook.md").matchAll(/(?:POST |`)(\/api\/[\w/]+)/g);
  const missing = [...named].map(([, path = ""]) => path).filter((path) => !routes.includes(path));
  assert.deepEqual(missing, []);
});

Deno.test("decisions: every record is in the list, with its heading", () => {
  const listed = linksIn("docs/decisions/README.md").map(({ path }) => path);
  const records = [...Deno.readDirSync("docs/decisions")].map(({ name }) =>
    `docs/decisions/${name}`
  )
    .filter((path) => !path.endsWith("README.md")).sort();
  assert.deepEqual(listed, records);
  for (const record of records) assert.equal(headingsIn(record).length, 1, record);
});
