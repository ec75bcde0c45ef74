/** `deno task bundle`: the program as JavaScript files that need nothing beside them but Deno. */

import { Command } from "commander";
import { bundled, MAIN, stamped, WORKERS } from "./embedded.ts";
import { commitOf, fail, run, say } from "./process.ts";

/** Where the bundle goes unless told otherwise. */
export const BUNDLE_DIRECTORY = "dist/bundle";

/** How a bundle is made. */
export interface BundleOptions {
  /** The directory that gets the files. */
  readonly output: string;
  /** What `--version` shows; undefined asks git. */
  readonly commit?: string;
}

/**
 * Makes the bundle.
 * @returns the path of its main file
 * @throws Error with the output of the bundler, or if there is something unexpected in the bundle
 */
export async function bundle({ output, commit }: BundleOptions): Promise<string> {
  const entries = [MAIN, ...WORKERS];
  await run(Deno.execPath(), ["bundle", "--platform", "deno", "--outdir", output, ...entries]);
  const main = `${output}/${bundled(MAIN)}`;
  const text = await Deno.readTextFile(main);
  await Deno.writeTextFile(main, stamped(text, commit ?? await commitOf()));
  return main;
}

async function main(): Promise<void> {
  const command = new Command("bundle")
    .description("Bundles the program into a directory; `deno run DIRECTORY/main.js` starts it.")
    .option("--output <directory>", "where the files go", BUNDLE_DIRECTORY)
    .option("--commit <text>", "what --version shows, where git cannot be asked")
    .parse(Deno.args, { from: "user" });
  const path = await bundle(command.opts<BundleOptions>());
  say(`${path} is the program; it needs Deno and nothing else.`);
}

if (import.meta.main) await main().catch((error) => fail("bundle", error));
