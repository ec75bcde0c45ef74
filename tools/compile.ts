/** `deno task compile`: the program as one executable file. */

import { Command } from "commander";
import { bundle, BUNDLE_DIRECTORY } from "./bundle.ts";
import { bundled, WORKERS } from "./embedded.ts";
import { ANY_CONFIGURATION, permissionFlags, reachOfFile } from "./permissions.ts";
import { fail, run, say } from "./process.ts";
import { V8_OPTION } from "../src/cli/engine_option.ts";

interface CompileOptions {
  readonly output: string;
  readonly bundle: string;
  readonly config?: string;
  readonly target?: string;
  readonly commit?: string;
}

const reader = {
  readTextFile: (path: string) => Deno.readTextFile(path),
  env: (name: string) => Deno.env.get(name),
};

async function compile(options: CompileOptions): Promise<void> {
  const { output, config, target } = options;
  const reach = config === undefined ? ANY_CONFIGURATION : await reachOfFile(config, reader);
  const main = await bundle({ ...options, output: options.bundle });
  const workers = WORKERS.flatMap((module) => [
    "--include",
    `${options.bundle}/${bundled(module)}`,
  ]);
  const place = ["--output", output, ...(target === undefined ? [] : ["--target", target])];
  const flags = [V8_OPTION, ...permissionFlags(reach), ...workers, ...place];
  // The bundle needs neither packages nor types; without this both would be embedded.
  const alone = ["--no-config", "--no-lock", "--no-npm", "--no-remote", "--no-check"];
  const { err } = await run(Deno.execPath(), ["compile", ...alone, ...flags, main]).catch(explain);
  say(err);
  say(`${output} may use: ${permissionFlags(reach).join(" ")}`);
}

/** The usual reason is a machine that cannot reach Deno's downloads. */
function explain(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  const reason = /^ *\d+: ((?!Setting up).*)$/m.exec(text)?.[1];
  if (!/base binary|denort/i.test(text)) throw new Error(text);
  throw new Error(
    `the base runtime cannot be had (${reason ?? text}); compile where dl.deno.land can be ` +
      "reached, or name a denort file in DENORT_BIN, or ship the bundle that was made",
  );
}

async function main(): Promise<void> {
  const command = new Command("compile")
    .description(
      "Builds one executable with configuration, scenarios and threads inside, and with the\n" +
        "permissions that it has for good. With --config it reaches the addresses of that file\n" +
        "and nothing else.",
    )
    .option("--output <file>", "the executable", "dist/amm")
    .option("--bundle <directory>", "where the bundle goes that it is made of", BUNDLE_DIRECTORY)
    .option("--config <file>", "grant only what this configuration names")
    .option("--target <triple>", "for another system, as `deno compile --target`")
    .option("--commit <text>", "what --version shows, where git cannot be asked")
    .parse(Deno.args, { from: "user" });
  await compile(command.opts<CompileOptions>());
}

if (import.meta.main) await main().catch((error) => fail("compile", error));
