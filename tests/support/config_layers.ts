import { PACKAGED_SOURCES } from "../../src/config/packaged.ts";
import type { Finding } from "../../src/config/finding.ts";
import { loadConfig, type LoadedConfig, type LoadResult } from "../../src/config/load_config.ts";

/** Defaults without any setting, so that a test sees only code and what it writes itself. */
const BARE_SOURCES = {
  defaults: { name: "default.yaml", text: "mode: paper" },
  overlays: {
    dev: { name: "dev.yaml", text: "" },
    staging: { name: "staging.yaml", text: "" },
    prod: { name: "prod.yaml", text: "" },
  },
};

/** Files and variables of a configuration under test. */
export interface Texts {
  /** Text of `default.yaml`. */
  readonly defaults?: string;
  /** Text of the overlay `staging.yaml`. */
  readonly staging?: string;
  /** Text of the given file, `bot.yaml`. */
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Loads a configuration from texts; nothing is packaged. */
export function loadTexts({ defaults, staging, file, environment = {} }: Texts): LoadResult {
  const { overlays } = BARE_SOURCES;
  const sources = {
    defaults: defaults === undefined
      ? BARE_SOURCES.defaults
      : { ...BARE_SOURCES.defaults, text: defaults },
    overlays: staging === undefined
      ? overlays
      : { ...overlays, staging: { ...overlays.staging, text: staging } },
    ...(file !== undefined && { file: { name: "bot.yaml", text: file } }),
  };
  return loadConfig({ sources, environment });
}

/** Loads the packaged files, with a file given as `bot.yaml`. */
export function loadPackaged(
  file?: string,
  environment: Readonly<Record<string, string>> = {},
): LoadResult {
  const given = file === undefined ? {} : { file: { name: "bot.yaml", text: file } };
  return loadConfig({ sources: { ...PACKAGED_SOURCES, ...given }, environment });
}

/**
 * The configuration of a result.
 * @throws Error with all findings if there is none
 */
export function loaded(result: LoadResult): LoadedConfig {
  if (result.ok) return result;
  throw new Error(`Cannot use the configuration: ${JSON.stringify(result.findings, null, 2)}`);
}

/** The findings of a result, warnings included. */
export function findingsOf(result: LoadResult): readonly Finding[] {
  return result.ok ? result.warnings : result.findings;
}

/** Findings as `code key`, for comparisons. */
export function codesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ code, key, rule }) => rule ?? `${code} ${key}`);
}

/** A paper configuration with one market MKT-1; the settings are lines such as `kappa: 2`. */
export function paperWith(...marketSettings: readonly string[]): string {
  return [
    "mode: paper",
    "markets:",
    "  MKT-1:",
    "    anchor_price_cents: 50",
    "    initial_funding_cents: 100000",
    ...marketSettings.map((line) => `    ${line}`),
  ].join("\n");
}
