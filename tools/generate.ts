/** `deno task docs`: writes what is made from the code, or says what of it is not current. */

import { Command } from "commander";
import { configJsonSchema } from "../src/config/json_schema.ts";
import { configReference, type Example } from "./config_reference.ts";
import { fail, say } from "./process.ts";

const BROKEN_CONFIGS = new URL("../tests/fixtures/broken-configs/", import.meta.url);

/** Configurations with mistakes, in the order of their names. */
export function brokenConfigs(): readonly Example[] {
  const names = [...Deno.readDirSync(BROKEN_CONFIGS)].map(({ name }) => name).sort();
  return names.map((name) => ({
    name,
    text: Deno.readTextFileSync(new URL(name, BROKEN_CONFIGS)),
  }));
}

/** Every file that is made, by its path from the root of the project. */
export const GENERATED: Readonly<Record<string, () => Promise<string>>> = {
  "config/schema.json": () => Promise.resolve(`${JSON.stringify(configJsonSchema(), null, 2)}\n`),
  "docs/configuration.md": () => configReference(brokenConfigs()),
};

/** Paths of the files whose text is not what the code says. */
export async function outdated(): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const [path, make] of Object.entries(GENERATED)) {
    const text = await Deno.readTextFile(path).catch(() => null);
    if (text !== await make()) paths.push(path);
  }
  return paths;
}

async function main(): Promise<void> {
  const { check } = new Command("docs")
    .description("Writes the files that are made from the code.")
    .option("--check", "write nothing; exit with 1 if one is not current")
    .parse(Deno.args, { from: "user" }).opts<{ check?: boolean }>();
  const paths = await outdated();
  if (check === true && paths.length > 0) {
    throw new Error(`not current: ${paths.join(", ")}; run deno task docs`);
  }
  for (const path of paths) {
    await Deno.writeTextFile(path, await GENERATED[path]?.() ?? "");
    say(`wrote ${path}`);
  }
  if (paths.length === 0) say("everything is current");
}

if (import.meta.main) await main().catch((error) => fail("docs", error));
