/** The README is the same in both languages, as far as a program can see. */

import assert from "node:assert/strict";
import { linksIn } from "../support/documents.ts";
import { projectText } from "../support/source_files.ts";

const LANGUAGES = ["README.md", "README.zh.md"] as const;

/** What must be equal in two translations of a text. */
function skeleton(text: string) {
  const blocks = text.match(/^```.*?^```$/gms) ?? [];
  const prose = text.replace(/^```.*?^```$/gms, "");
  const lines = prose.split("\n");
  return {
    headings: lines.filter((line) => /^#+ /.test(line)).map((line) => line.replace(/ .*/, "")),
    blocks,
    tables: lines.filter((line) => line.startsWith("|")).map((line) =>
      line.split(/(?<!\\)\|/).length
    ),
    numbered: lines.filter((line) => /^\d+\. /.test(line)).length,
    images: [...prose.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path),
    code: sorted(prose.replace(/\s*\n\s*/g, " ").match(/`[^`]+`/g) ?? []),
  };
}

function sorted(words: readonly string[]): readonly string[] {
  return [...words].sort();
}

Deno.test("README: headings, commands, tables, pictures and code words are the same in both languages", () => {
  const [english, chinese] = LANGUAGES.map((path) => skeleton(projectText(path)));
  assert.deepEqual(chinese, english);
});

Deno.test("README: both languages lead to the same documents, and to each other", () => {
  const [english, chinese] = LANGUAGES.map((path) =>
    sorted(linksIn(path).map((link) => link.path).filter((link) => !link.startsWith("README")))
  );
  assert.deepEqual(chinese, english);
  assert.ok(linksIn("README.md").some(({ path }) => path === "README.zh.md"));
  assert.ok(linksIn("README.zh.md").some(({ path }) => path === "README.md"));
});

Deno.test("README: the Chinese one is Chinese, and no cell of it is empty", () => {
  const chinese = projectText("README.zh.md");
  assert.ok((chinese.match(/\p{Script=Han}/gu) ?? []).length > 1000);
  assert.doesNotMatch(chinese, /\| *\|/);
});

Deno.test("README: every part of the table is where it says, with its test", async () => {
  const rows = projectText("README.md").matchAll(
    /^\| [\p{L} ,–-]+ +\| `([^`]+)` +\| `([^`]+)` +\|$/gmu,
  );
  const paths = [...rows].flatMap(([, part = "", test = ""]) => [part, test]);
  assert.ok(paths.length >= 38, `${paths.length}`);
  for (const path of paths) assert.ok((await Deno.stat(path)).size > 0, path);
});
