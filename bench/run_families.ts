import { linesOf } from "./text_lines.ts";
import type { FamilyName } from "./families.ts";
import type { FamilyLine } from "./family_process.ts";
import type { BenchResult } from "./result.ts";

/** What to measure, and who hears of it. */
export interface RunOptions {
  readonly families: readonly FamilyName[];
  readonly quick: boolean;
  /** @param share of everything, 0 to 1 */
  readonly onProgress: (label: string, share: number) => void;
}

/**
 * Runs the families one after the other, each in a process of its own.
 * @throws Error if one of them fails
 */
export async function runFamilies(
  { families, quick, onProgress }: RunOptions,
): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const [index, family] of families.entries()) {
    const onShare = (label: string, share: number) =>
      onProgress(label, (index + share) / families.length);
    onShare(family, 0);
    results.push(...await runFamily(family, quick, onShare));
  }
  return results;
}

async function runFamily(
  family: FamilyName,
  quick: boolean,
  onProgress: (label: string, share: number) => void,
): Promise<readonly BenchResult[]> {
  const script = new URL("./family_process.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, family, ...(quick ? ["quick"] : [])],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let results: readonly BenchResult[] | null = null;
  for await (const text of linesOf(child.stdout)) {
    const line = JSON.parse(text) as FamilyLine;
    if (line.kind === "progress") onProgress(line.label, line.share);
    else results = line.results;
  }
  const { code } = await child.status;
  if (results === null) throw new Error(`Measuring ${family} ended with code ${code}, no results`);
  return results;
}
