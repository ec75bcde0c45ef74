import assert from "node:assert/strict";
import ts from "typescript";
import {
  type Import,
  importsOf,
  parseSource,
  productFiles,
  type SourceFile,
  visit,
} from "../support/source_files.ts";

/** One arrow of the import graph. */
interface Edge extends Import {
  readonly from: string;
}

const files = productFiles();
const edges: readonly Edge[] = files.flatMap(edgesOf);

/** The deciding parts: functions of their arguments alone. */
const PURE = ["src/models", "src/strategy", "src/risk", "src/execution"];
const DECISIONS = ["src/strategy", "src/risk", "src/execution"];
const OUTSIDE = ["src/connector", "src/cache"];
const LOOPS = ["src/cycle", "src/lifecycle"];
const BASE = ["src/models", "src/runtime", "src/config"];
const BELOW_SERVICE = [...BASE, ...DECISIONS, ...OUTSIDE, ...LOOPS, "src/oracle"];

/** What each part may import beside itself; arrows point down only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/models": [],
  "src/runtime": [],
  "src/config": ["src/models", "src/runtime"],
  "src/strategy": ["src/models", "src/config", "src/risk", "src/execution"],
  "src/risk": ["src/models", "src/config", "src/strategy", "src/execution"],
  "src/execution": ["src/models", "src/config", "src/strategy", "src/risk"],
  "src/connector": [...BASE, ...DECISIONS, "src/cache"],
  "src/cache": [...BASE, ...DECISIONS, "src/connector"],
  "src/oracle": [...BASE, ...DECISIONS, ...OUTSIDE],
  "src/cycle": [...BASE, ...DECISIONS, ...OUTSIDE, "src/lifecycle"],
  "src/lifecycle": [...BASE, ...DECISIONS, ...OUTSIDE, "src/cycle"],
  "src/alerts": BASE,
  "src/service": BELOW_SERVICE,
  "src/journal": [...BELOW_SERVICE, "src/service"],
  "src/http": [...BELOW_SERVICE, "src/service", "src/alerts", "src/journal"],
  "src/doctor": [...BELOW_SERVICE, "src/service"],
  "src/cli": [
    ...BELOW_SERVICE,
    ...["src/service", "src/http", "src/doctor", "src/alerts", "src/journal"],
  ],
  "sim": [...BELOW_SERVICE, "src/service", "src/cli"],
  "main.ts": ["src/cli", "sim"],
  "bench": [...BELOW_SERVICE, "src/service", "src/http", "src/cli", "sim"],
  "tools": [...BELOW_SERVICE, "src/service", "src/cli", "sim"],
};

/** The one place where the product takes in the simulated exchange. */
const COMPOSITION_ROOT = "src/service/compose.ts";

/** Who may use a package; a package that is not listed may not be used at all. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@hono/hono": ["src/http", "sim"],
  "@hono/zod-openapi": ["src/http"],
  "@opentelemetry/api": ["src/runtime/otel_tracer.ts"],
  "cli-progress": ["src/cli", "sim"],
  "commander": ["src/cli", "sim", "bench", "tools"],
  "hft-limit-order-book": ["bench"],
  "ioredis": ["src/cache"],
  "nodejs-order-book": ["bench"],
  "parse-prometheus-text-format": [],
  "pino": ["src/runtime"],
  "uplot": ["src/http", "sim"],
  "yaml": ["src/config", "sim"],
  "zod": [
    "src/config",
    "src/connector",
    "src/cache",
    "src/http",
    "src/doctor",
    "src/journal",
    "sim",
    "tools",
  ],
};

/** Parts of Node that the product may use, and the parts or files that may. */
const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  "node:assert/strict": ["reads", "orders", "pairs"].map((name) => `sim/conformance/${name}.ts`),
  "node:timers": ["src/runtime/virtual_clock.ts"],
  "node:crypto": ["sim", "src/alerts"],
  "node:os": ["bench"],
  "node:process": ["bench", "src/runtime/virtual_clock.ts"],
  "node:http": ["sim/http/exchange_server.ts"],
};

/** Names by which code reaches outside the process. */
const DOORS_OUTSIDE = ["Deno", "fetch", "WebSocket", "process", "performance", "crypto", "Worker"];

function edgesOf(file: SourceFile): readonly Edge[] {
  return importsOf(file).map((found) => ({ ...found, from: file.path }));
}

/** `src/risk/ledger.ts` → `src/risk`; everything below `sim/` is one part, as below `bench/`. */
function partOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return top === "src" ? `${top}/${second}` : top;
}

function isInProject(target: string): boolean {
  return /^(src|sim|bench|tools)\//.test(target) || target === "main.ts";
}

/** True for texts that are built in: configuration, scenarios, styles. */
function isText(target: string): boolean {
  return /\.(yaml|css|html|js|svg)$/.test(target) && /^(config|sim|src)\//.test(target);
}

function packageOf(target: string): string {
  return target.split("/").slice(0, target.startsWith("@") ? 2 : 1).join("/");
}

function shown({ from, line, target }: Edge): string {
  return `${from}:${line} → ${target}`;
}

/** Arrows between parts that the table does not have. */
function wrongArrows(all: readonly Edge[]): readonly string[] {
  return all
    .filter(({ target }) => isInProject(target))
    .filter(({ from, target }) => {
      if (from === COMPOSITION_ROOT && partOf(target) === "sim") return false;
      const allowed = MAY_IMPORT[partOf(from)] ?? [];
      return partOf(target) !== partOf(from) && !allowed.includes(partOf(target));
    })
    .map(shown);
}

/** Packages in parts that may not use them. */
function wrongPackages(all: readonly Edge[]): readonly string[] {
  return all
    .filter(({ target }) => !isInProject(target) && !isText(target) && target !== "deno.json")
    .filter(({ from, target }) => {
      const users = NODE_MODULES[target] ?? PACKAGES[packageOf(target)] ?? [];
      return !users.includes(partOf(from)) && !users.includes(from);
    })
    .map(shown);
}

/** Why a pure file is not pure, with the way from it to what makes it so. */
function impurities(all: readonly Edge[], sources: readonly SourceFile[]): readonly string[] {
  const impure = new Map(sources.flatMap((file) => {
    const reason = outsideName(file) ??
      all.find(({ from, target, isValue }) => from === file.path && isValue && !isInProject(target))
        ?.target;
    return reason === undefined ? [] : [[file.path, reason] as const];
  }));
  return sources
    .filter(({ path }) => PURE.includes(partOf(path)))
    .flatMap(({ path }) => {
      const way = wayTo(path, (file) => impure.has(file), all);
      return way === null ? [] : [`${way.join(" → ")} uses ${impure.get(way.at(-1) ?? "")}`];
    });
}

function outsideName(file: SourceFile): string | undefined {
  let found: string | undefined;
  visit(file, (node) => {
    if (!ts.isIdentifier(node) || !DOORS_OUTSIDE.includes(node.text)) return;
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (!isMember && !ts.isPropertySignature(node.parent)) found = node.text;
  });
  return found;
}

/** The shortest way along value imports to a file that `isGoal`, null if there is none. */
function wayTo(
  start: string,
  isGoal: (file: string) => boolean,
  all: readonly Edge[],
): readonly string[] | null {
  const seen = new Set([start]);
  const queue: (readonly string[])[] = [[start]];
  for (const way of queue) {
    const last = way.at(-1) ?? start;
    if (isGoal(last)) return way;
    for (const { from, target, isValue } of all) {
      if (from !== last || !isValue || seen.has(target)) continue;
      seen.add(target);
      queue.push([...way, target]);
    }
  }
  return null;
}

/** Groups of files that import each other in a circle, each as the way round. */
function cycles(all: readonly Edge[]): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { from, target } of all) {
    if (isInProject(target)) targets.set(from, [...targets.get(from) ?? [], target]);
  }
  const finished = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) found.push([...way.slice(at), path].join(" → "));
    if (at >= 0 || finished.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...way, path]);
    finished.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return found;
}

Deno.test("import graph: arrows between the parts point down only", () => {
  assert.deepEqual(wrongArrows(edges), []);
});

Deno.test("import graph: every part is in the table", () => {
  const parts = new Set(files.map(({ path }) => partOf(path)));
  assert.deepEqual([...parts].filter((part) => !(part in MAY_IMPORT)), []);
});

Deno.test("import graph: packages are used only where they belong", () => {
  assert.deepEqual(wrongPackages(edges), []);
});

Deno.test("import graph: strategy, risk, execution and models reach nothing outside the process", () => {
  assert.deepEqual(impurities(edges, files), []);
});

Deno.test("import graph: no files import each other in a circle", () => {
  assert.deepEqual(cycles(edges), []);
});

Deno.test("import graph: every import names a file that exists", () => {
  const paths = new Set(files.map(({ path }) => path));
  const exists = (target: string) =>
    isText(target) ? Deno.statSync(target).isFile : paths.has(target);
  const dangling = edges.filter(({ target }) =>
    (isInProject(target) || isText(target)) && !exists(target)
  );
  assert.deepEqual(dangling.map(shown), []);
});

/** Edges of a made-up file. */
function edgesFrom(path: string, text: string): readonly Edge[] {
  return edgesOf(parseSource(path, text));
}

Deno.test("import graph rules: an arrow that points up is found, whatever its form", async (t) => {
  const forms = [
    'import { x } from "../service/compose.ts";',
    'import type { X } from "../service/compose.ts";',
    'export * from "../service/compose.ts";',
    'const x = await import("../service/compose.ts");',
    'type X = import("../service/compose.ts").X;',
    'import "../service/compose.ts";',
  ];
  for (const form of forms) {
    await t.step(form, () => {
      const arrows = wrongArrows(edgesFrom("src/risk/x.ts", form));
      assert.deepEqual(arrows, ["src/risk/x.ts:1 → src/service/compose.ts"]);
    });
  }
});

Deno.test("import graph rules: the simulator comes in at the composition root only", () => {
  const text = 'import { x } from "../../sim/exchange/market.ts";';
  assert.deepEqual(wrongArrows(edgesFrom("src/service/compose.ts", text)), []);
  assert.equal(wrongArrows(edgesFrom("src/service/supervisor.ts", text)).length, 1);
  assert.equal(wrongArrows(edgesFrom("src/cli/x.ts", text)).length, 1);
});

Deno.test("import graph rules: a package in the wrong part is found, and an unknown one anywhere", () => {
  assert.equal(wrongPackages(edgesFrom("src/cycle/x.ts", 'import "ioredis";')).length, 1);
  assert.equal(wrongPackages(edgesFrom("src/cache/x.ts", 'import "ioredis";')).length, 0);
  assert.equal(wrongPackages(edgesFrom("src/http/x.ts", 'import "@hono/hono/jsx";')).length, 0);
  assert.equal(wrongPackages(edgesFrom("src/cache/x.ts", 'import "left-pad";')).length, 1);
  assert.equal(wrongPackages(edgesFrom("src/cache/x.ts", 'import "node:fs";')).length, 1);
});

Deno.test("import graph rules: impurity is found through other files, but not through types", () => {
  const sources = [
    parseSource("src/risk/a.ts", 'import { b } from "../config/b.ts";'),
    parseSource("src/risk/t.ts", 'import type { b } from "../config/b.ts";'),
    parseSource("src/config/b.ts", 'import { c } from "./c.ts";'),
    parseSource("src/config/c.ts", 'Deno.readTextFile("x");'),
  ];
  assert.deepEqual(impurities(sources.flatMap(edgesOf), sources), [
    "src/risk/a.ts → src/config/b.ts → src/config/c.ts uses Deno",
  ]);
});

Deno.test("import graph rules: a circle is shown as the way round", () => {
  const circle = [
    ...edgesFrom("src/risk/a.ts", 'import "./b.ts";'),
    ...edgesFrom("src/risk/b.ts", 'import type { C } from "./c.ts";'),
    ...edgesFrom("src/risk/c.ts", 'import "./b.ts";'),
  ];
  assert.deepEqual(cycles(circle), ["src/risk/b.ts → src/risk/c.ts → src/risk/b.ts"]);
});
