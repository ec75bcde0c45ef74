import { camelCase } from "../../src/config/parameter.ts";
import type { ProcessConfig } from "../../src/config/process_config.ts";
import { codeDefaults, type GlobalConfig } from "../../src/config/registry.ts";
import { marketConfig } from "./config.ts";

/**
 * The configuration of a process with the shipped defaults: mode paper, market MKT-1.
 * @param global global settings that the test is about
 */
export function processConfig(
  overrides: Partial<Omit<ProcessConfig, "global">> = {},
  global: Partial<GlobalConfig> = {},
): ProcessConfig {
  const defaults = Object.fromEntries(
    Object.entries(codeDefaults.global).map(([name, value]) => [camelCase(name), value]),
  );
  return {
    mode: "paper",
    global: { ...defaults, ammPassword: null, marketIds: ["MKT-1"], ...global } as GlobalConfig,
    markets: new Map([["MKT-1", marketConfig()]]),
    ...overrides,
  };
}
