/**
 * The configuration files that are part of the program. They are text imports, so they are found
 * from any working directory and in a compiled binary.
 */

import defaults from "../../config/default.yaml" with { type: "text" };
import dev from "../../config/environments/dev.yaml" with { type: "text" };
import prod from "../../config/environments/prod.yaml" with { type: "text" };
import staging from "../../config/environments/staging.yaml" with { type: "text" };
import { CONFIG_DIR_VARIABLE, type Environment, ENVIRONMENT_VARIABLES } from "./environment.ts";
import type { YamlSource } from "./file_layer.ts";
import type { ConfigSources } from "./layers.ts";
import { type ConfigInput, loadConfig, type LoadResult } from "./load_config.ts";

/** The packaged defaults and overlays. */
export const PACKAGED_SOURCES: ConfigSources = {
  defaults: { name: "config/default.yaml", text: defaults },
  overlays: {
    dev: { name: "config/environments/dev.yaml", text: dev },
    staging: { name: "config/environments/staging.yaml", text: staging },
    prod: { name: "config/environments/prod.yaml", text: prod },
  },
};

/** What reading a configuration needs from outside. */
export interface ConfigReader {
  readTextFile(path: string): Promise<string>;
  env(name: string): string | undefined;
}

/**
 * Reads and checks the configuration of a process: the packaged files, or those of
 * `AMM_CONFIG_DIR`, and the file given. A file that cannot be read is a finding as well.
 * @param path the file of `--config`, undefined without one
 */
export async function readConfig(reader: ConfigReader, path?: string): Promise<LoadResult> {
  const input = await readInput(reader, path);
  return "ok" in input ? input : loadConfig(input);
}

async function readInput(
  reader: ConfigReader,
  path: string | undefined,
): Promise<ConfigInput | LoadResult> {
  try {
    const sources = await readSources(reader);
    const file = path === undefined ? {} : { file: await readSource(reader, path) };
    return { sources: { ...sources, ...file }, environment: environmentOf(reader) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const advice = "Check the path and the permission to read it";
    return {
      ok: false,
      findings: [{ severity: "error", code: "UNREADABLE", key: "file", message, advice }],
    };
  }
}

async function readSources(reader: ConfigReader): Promise<ConfigSources> {
  const directory = reader.env(CONFIG_DIR_VARIABLE);
  if (directory === undefined || directory === "") return PACKAGED_SOURCES;
  const names = Object.keys(PACKAGED_SOURCES.overlays);
  const overlays = names.map(async (name) =>
    [name, await readSource(reader, `${directory}/environments/${name}.yaml`)] as const
  );
  return {
    defaults: await readSource(reader, `${directory}/default.yaml`),
    overlays: Object.fromEntries(await Promise.all(overlays)),
  };
}

async function readSource(reader: ConfigReader, name: string): Promise<YamlSource> {
  return { name, text: await reader.readTextFile(name) };
}

function environmentOf(reader: ConfigReader): Environment {
  return Object.fromEntries(ENVIRONMENT_VARIABLES.map((name) => [name, reader.env(name)]));
}
