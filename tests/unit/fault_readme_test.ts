/** What the document of the fault simulation says is what is run. */

import assert from "node:assert/strict";
import { LIVENESS } from "../../sim/faults/liveness.ts";
import { SAFETY } from "../../sim/faults/safety.ts";
import { MUTANTS } from "../support/mutants.ts";

const text = await Deno.readTextFile(new URL("../../sim/faults/README.md", import.meta.url));

/** The cells of every row of a table. */
function tableUnder(firstHeading: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  const cells = (line: string) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  return lines.flatMap((line, index) => {
    if (cells(line)[0] !== firstHeading) return [];
    const rest = lines.slice(index + 2);
    return rest.slice(0, rest.findIndex((row) => !row.startsWith("|"))).map(cells);
  });
}

Deno.test("fault document: its table of defects is the table of the tests, and each is found within 2,000 seeds", () => {
  assert.ok(MUTANTS.length >= 15);
  assert.ok(MUTANTS.every(({ seed }) => seed <= 2_000));
  const expected = MUTANTS.map(({ name, seed, invariant }) =>
    [name, String(seed), `\`${invariant}\``] as const
  );
  assert.deepEqual(tableUnder("Defect"), expected);
});

Deno.test("fault document: its invariants are those that are checked", () => {
  const expected = Object.entries({ ...SAFETY, ...LIVENESS })
    .map(([name, what]) => [`\`${name}\``, what]);
  assert.deepEqual(tableUnder("Invariant"), expected);
});

Deno.test("fault document: every file of the simulation that it names is there", async () => {
  const [first] = tableUnder("File");
  assert.ok(first !== undefined);
  for (const [name = ""] of tableUnder("File")) {
    const file = new URL(`../../sim/faults/${name.replaceAll("`", "")}`, import.meta.url);
    assert.ok((await Deno.stat(file)).isFile, name);
  }
});
