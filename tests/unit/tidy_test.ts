import assert from "node:assert/strict";
import { TESTED_DENO_VERSION } from "../../src/cli/version.ts";
import { ENVIRONMENT_VARIABLES } from "../../src/config/environment.ts";
import { EVENTS } from "../../src/runtime/events.ts";
import {
  browserFiles,
  parseSource,
  productFiles,
  projectText,
  testFiles,
} from "../support/source_files.ts";
import {
  documentedExports,
  eventLevels,
  eventsIn,
  noConsole,
  noTypeHoles,
  noWallClockNorRandomness,
  shortFiles,
  shortFunctions,
  shortLines,
  type TidyRule,
} from "../support/tidy_rules.ts";

const files = productFiles();

const RULES: readonly (readonly [string, TidyRule])[] = [
  ["time and randomness enter through the runtime's doors only", noWallClockNorRandomness],
  ["nothing is written to the console", noConsole],
  ["no type is any, no null is asserted away, no check is silenced", noTypeHoles],
  ["no file has more than 400 lines", shortFiles],
  ["no line has more than 100 characters", shortLines],
  ["no function has more than 70 lines", shortFunctions],
  ["every export is documented", documentedExports],
  ["every event is logged with the level of its list", eventLevels],
];

for (const [name, rule] of RULES) {
  Deno.test(`tidy: ${name}`, () => assert.deepEqual(files.flatMap(rule), []));
}

for (const [name, rule] of RULES.filter(([, rule]) => rule !== noWallClockNorRandomness)) {
  Deno.test(`tidy: in the browser, too, ${name}`, () => {
    assert.deepEqual(browserFiles().flatMap(rule), []);
  });
}

Deno.test("tidy: the dashboard lists every file that it is made of", () => {
  const list = projectText("src/http/dashboard/assets.ts");
  const unlisted = browserFiles().filter(({ path }) =>
    !list.includes(`./browser/${path.split("/").at(-1)}"`)
  );
  assert.deepEqual(unlisted.map(({ path }) => path), []);
});

Deno.test("tidy: the product is there to be looked at", () => {
  assert.ok(files.length > 50, `only ${files.length} files`);
});

Deno.test("tidy: every listed event is used", () => {
  const elsewhere = files.filter(({ path }) => path !== "src/runtime/events.ts");
  const used = new Set(elsewhere.flatMap(eventsIn));
  assert.deepEqual(Object.keys(EVENTS).filter((name) => !used.has(name)), []);
});

Deno.test("tidy: no test is left focused", () => {
  const focused = testFiles().filter(({ text }) => /Deno\.test\.only|\bonly: true/.test(text));
  assert.deepEqual(focused.map(({ path }) => path), []);
});

Deno.test("tidy: the same Deno version stands everywhere", () => {
  const places = [
    "README.md",
    "README.zh.md",
    "CONTRIBUTING.md",
    ".ci/run",
    ".github/workflows/ci.yml",
  ];
  for (const path of places) {
    const versions = projectText(path).matchAll(/\bdeno@([0-9.]*[0-9])/g);
    const named = [...new Set([...versions].map(([, version]) => version))];
    assert.deepEqual([path, named], [path, [TESTED_DENO_VERSION]]);
  }
});

Deno.test("tidy: GitHub runs what .ci/run runs", () => {
  assert.match(projectText(".github/workflows/ci.yml"), /^ +- run: \.ci\/run$/m);
});

Deno.test("tidy: the README explains every package that is imported", () => {
  const { imports } = JSON.parse(projectText("deno.json")) as { imports: Record<string, string> };
  const packages = new Set(Object.keys(imports).map((name) => name.replace(/\/$/, "")));
  const [, table = ""] = projectText("README.md").split("## Dependencies");
  const explained = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  assert.deepEqual(explained.sort(), [...packages].sort());
});

Deno.test("tidy: the tasks grant exactly the environment variables that the bot reads", () => {
  const { tasks } = JSON.parse(projectText("deno.json")) as {
    tasks: Record<string, { command: string }>;
  };
  for (const name of ["start", "doctor", "config"]) {
    const granted = /--allow-env=(\S+)/.exec(tasks[name]?.command ?? "")?.[1]?.split(",");
    assert.deepEqual(granted, ENVIRONMENT_VARIABLES, name);
  }
});

/** Each rule with a text that breaks it, and the same thing done right. */
const EXAMPLES: readonly (readonly [TidyRule, string, string])[] = [
  [noWallClockNorRandomness, "const t = Date.now();", "const t = clock.nowMs();"],
  [noWallClockNorRandomness, "const d = new Date();", "const d = new Date(atMs);"],
  [noWallClockNorRandomness, "globalThis.performance.now();", "clock.monotonicMs();"],
  [noWallClockNorRandomness, "Math.random();", "Math.floor(random.next());"],
  [noWallClockNorRandomness, 'import { setTimeout } from "node:timers";', "clock.after(1, f);"],
  [noWallClockNorRandomness, "setTimeout(f, 1);", "// not with setTimeout(f, 1)"],
  [noWallClockNorRandomness, "crypto.randomUUID();", "crypto.subtle;"],
  [noWallClockNorRandomness, "AbortSignal.timeout(5);", "AbortSignal.any([]);"],
  [noConsole, 'console.log("x");', 'log.log("INFO", "fill");'],
  [noTypeHoles, "let x: Map<string, any>;", "let x: Map<string, unknown>; // any"],
  [noTypeHoles, "const x = y!;", "const x = !y;"],
  [noTypeHoles, "// @ts-expect-error later", "// expected"],
  [shortFiles, "\n".repeat(401) + "a;", "\n".repeat(399) + "a;"],
  [shortLines, `call(${"a".repeat(100)});`, `call(${"a".repeat(90)});`],
  [shortLines, `// ${"a".repeat(100)}`, `  "${"a".repeat(200)}",`],
  [shortFunctions, `function f() {${"\n".repeat(70)}}`, `function f() {${"\n".repeat(69)}}`],
  [shortFunctions, `const f = () => {${"\n".repeat(70)}};`, `const f = {${"\n".repeat(99)}};`],
  [documentedExports, "export const A = 1;", "/** One. */\nexport const A = 1;"],
  [documentedExports, "// one\nexport interface A {}", "interface A {}"],
  [eventLevels, 'log.log("INFO", "uncaught_error");', 'log.log("ERROR", "uncaught_error");'],
  [eventLevels, 'log.log("INFO", x ? "fill" : "side_dry");', 'log.log(level, "side_dry");'],
  [eventLevels, 'log.log("INFO", "no_such_event");', 'log.log("INFO", "fill");'],
];

for (const [rule, wrong, right] of EXAMPLES) {
  const shown = wrong.length > 60 ? `${wrong.trim().slice(0, 20)}…` : wrong;
  Deno.test(`tidy rules: "${shown.trim()}" is found, and its right form is not`, () => {
    assert.equal(rule(parseSource("src/x.ts", wrong)).length, 1);
    assert.deepEqual(rule(parseSource("src/x.ts", right)), []);
  });
}
