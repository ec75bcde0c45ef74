/**
 * The process in which one family is measured, alone: what another one has compiled, allocated or
 * left running does not count. Writes one JSON line for each step, see {@link FamilyLine}.
 */

import { FAMILIES, type FamilyName } from "./families.ts";
import type { BenchResult } from "./result.ts";

/** One line on standard output. */
export type FamilyLine =
  | { readonly kind: "progress"; readonly label: string; readonly share: number }
  | { readonly kind: "results"; readonly results: readonly BenchResult[] };

if (import.meta.main) {
  const [name = "", pace] = Deno.args;
  const tell = (line: FamilyLine) =>
    Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
  const results = await FAMILIES[name as FamilyName].run({
    quick: pace === "quick",
    progress: (label, share) => tell({ kind: "progress", label, share }),
  });
  tell({ kind: "results", results });
  // What a service under test has left pending must not keep the process.
  Deno.exit();
}
