/** Reads the layers of a configuration and decides which of them count (`parameters.md` 2.1). */

import { type Environment, readEnvironment } from "./environment.ts";
import { type FileLayer, readFileLayer, type YamlSource } from "./file_layer.ts";
import type { Finding } from "./finding.ts";
import { FROM_CODE, type Origin, type Setting, type Settings } from "./origin.ts";
import type { Mode } from "./process_config.ts";
import { originAt, plainValue } from "./yaml_tree.ts";

/** The files of a configuration. */
export interface ConfigSources {
  readonly defaults: YamlSource;
  /** The overlay of every environment. */
  readonly overlays: Readonly<Record<string, YamlSource>>;
  /** The file given with `--config`. */
  readonly file?: YamlSource;
}

/** The block of the simulated venue, as it stands; its content is checked by the simulator. */
export interface PaperBlock {
  /** Plain values; null if there is no such block. */
  readonly value: unknown;
  /** Where the value at a path stands, for messages; its nearest ancestor if it does not exist. */
  readonly originAt: (path: readonly PropertyKey[]) => Origin;
}

/** What the files and the environment say. */
export interface Layers {
  readonly mode: Setting<Mode>;
  /** Weakest first: defaults, overlay, given file. */
  readonly files: readonly FileLayer[];
  /** The given file, null if there is none. */
  readonly given: FileLayer | null;
  readonly environment: Settings;
  readonly paper: PaperBlock;
  readonly findings: readonly Finding[];
}

/** Reads every layer. */
export function readLayers(sources: ConfigSources, environment: Environment): Layers {
  const variables = readEnvironment(environment);
  const defaults = readFileLayer(sources.defaults);
  const given = sources.file === undefined ? null : readFileLayer(sources.file);
  const mode = given?.mode ?? defaults.mode ?? { value: "paper", origin: FROM_CODE };
  const chosen = variables.settings.get("environment") ?? given?.global.get("environment");
  const overlay = readOverlay(sources, mode.value, chosen);
  const base = mode.value === "live" ? withoutMarkets(defaults) : defaults;
  const files = [base, overlay, given].filter((layer) => layer !== null);
  const findings = [...files.flatMap((layer) => layer.findings), ...variables.findings];
  const paper = paperBlock(files);
  return { mode, files, given, environment: variables.settings, paper, findings };
}

/**
 * The overlay in force. Overlays fit the bot to a venue, so trading on paper has none unless
 * somebody chose an environment; live trading without a choice is `dev`, the most careful one.
 */
function readOverlay(
  sources: ConfigSources,
  mode: Mode,
  chosen: Setting | undefined,
): FileLayer | null {
  const environment = chosen?.value ?? (mode === "live" ? "dev" : null);
  const source = environment === null ? undefined : sources.overlays[String(environment)];
  if (source === undefined) return null;
  const layer = readFileLayer(source);
  const misplaced = [["mode", layer.mode], [
    "environment",
    layer.global.get("environment"),
  ]] as const;
  const findings = misplaced.flatMap(([key, setting]): Finding[] =>
    setting === null || setting === undefined ? [] : [{
      severity: "error",
      code: "SCOPE",
      key,
      origin: setting.origin,
      message: "cannot stand in an overlay: it decides which overlay is read",
      advice: "Remove it",
    }]
  );
  return { ...layer, findings: [...layer.findings, ...findings] };
}

/**
 * The demo markets are for paper trading; a real market must not inherit from one that has its
 * name.
 */
function withoutMarkets(layer: FileLayer): FileLayer {
  return { ...layer, markets: new Map(), marketOrigins: new Map() };
}

function paperBlock(files: readonly FileLayer[]): PaperBlock {
  const node = files.findLast(({ paper }) => paper !== null)?.paper ?? null;
  if (node === null) return { value: null, originAt: () => FROM_CODE };
  return { value: plainValue(node), originAt: (path) => originAt(node, path) };
}
