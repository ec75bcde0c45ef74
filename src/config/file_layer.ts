/** Reads one configuration file into its blocks. */

import type { Finding } from "./finding.ts";
import { matchesFormat } from "./formats.ts";
import { nearest } from "./nearest.ts";
import { type Origin, type Setting, type Settings } from "./origin.ts";
import type { Mode } from "./process_config.ts";
import type { Scope } from "./registry.ts";
import { isGroup } from "./setting_name.ts";
import { type BlockContext, readBlock, type WrittenSetting } from "./setting_reader.ts";
import { parsePlain, showValue } from "./value.ts";
import { plainValue, readYaml, type YamlEntry, type YamlNode } from "./yaml_tree.ts";

/** A YAML text and the name it has in messages. */
export interface YamlSource {
  readonly name: string;
  readonly text: string;
}

/** What one file says. */
export interface FileLayer {
  readonly mode: Setting<Mode> | null;
  readonly global: Settings;
  /** `markets.default`. */
  readonly marketDefaults: Settings;
  /** The blocks of single markets, in the order of the file. */
  readonly markets: ReadonlyMap<string, Settings>;
  /** Where the block of each market begins. */
  readonly marketOrigins: ReadonlyMap<string, Origin>;
  /** The block of the simulated venue, as it stands. */
  readonly paper: YamlNode | null;
  readonly findings: readonly Finding[];
}

const TOP_LEVEL = ["mode", "global", "markets", "paper"];

/** Reads a file; whatever it holds, the answer is its valid part and findings for the rest. */
export function readFileLayer(source: YamlSource): FileLayer {
  const { root, findings } = readYaml(source.name, source.text);
  const reader = new LayerReader(findings);
  reader.readRoot(root);
  return { ...reader };
}

class LayerReader implements FileLayer {
  mode: Setting<Mode> | null = null;
  global: Settings = new Map();
  marketDefaults: Settings = new Map();
  readonly markets = new Map<string, Settings>();
  readonly marketOrigins = new Map<string, Origin>();
  paper: YamlNode | null = null;
  readonly findings: Finding[];

  constructor(findings: readonly Finding[]) {
    this.findings = [...findings];
  }

  readRoot(root: YamlNode | null): void {
    if (root !== null) this.#eachEntry("the file", root, (entry) => this.#readTopLevel(entry));
  }

  #readTopLevel({ key, node, origin }: YamlEntry): void {
    switch (key) {
      case "mode":
        return this.#readMode(node, origin);
      case "global":
        this.global = this.#readBlock("global", node);
        return;
      case "markets":
        return this.#eachEntry("markets", node, (entry) => this.#readMarket(entry));
      case "paper":
        this.paper = isNull(node) ? null : node;
        return;
      default: {
        const meant = nearest(key, TOP_LEVEL);
        const advice = meant === null ? `Use ${TOP_LEVEL.join(", ")}` : `Did you mean ${meant}?`;
        this.#refuse({
          code: "UNKNOWN_KEY",
          key,
          message: "is not a block of the file",
          origin,
          advice,
        });
      }
    }
  }

  #readMode(node: YamlNode, origin: Origin): void {
    const value = plainValue(node);
    if (value === "paper" || value === "live") this.mode = { value, origin };
    else if (value !== null) {
      const message = `${showValue(value)} is out of range`;
      this.#refuse({ code: "RANGE", key: "mode", message, value, origin, allowed: "paper, live" });
    }
  }

  #readMarket({ key, node, origin }: YamlEntry): void {
    if (key === "default") {
      this.marketDefaults = this.#readBlock("market", node);
      return;
    }
    if (!matchesFormat("market_id", key)) {
      const message = "cannot be the id of a market";
      const allowed = "1 to 64 characters of A-Z a-z 0-9 _ -, not the word global";
      return this.#refuse({ code: "RANGE", key, message, origin, allowed });
    }
    const block = this.#readBlock("market", node, key);
    this.#checkMarketId(key, block.get("market_id"));
    this.markets.set(key, block);
    this.marketOrigins.set(key, origin);
  }

  /** The key of a block is the id; a different one inside would be a copy that was not adapted. */
  #checkMarketId(key: string, setting: Setting | undefined): void {
    if (setting === undefined || setting.value === key) return;
    this.#refuse({
      code: "RANGE",
      key: "market_id",
      message: `${showValue(setting.value)} stands in the block of ${key}`,
      origin: setting.origin,
      advice: "Remove it: the key of the block is the id",
      markets: [key],
    });
  }

  #readBlock(scope: Scope, node: YamlNode, market?: string): Settings {
    const written: WrittenSetting[] = [];
    const label = market ?? (scope === "global" ? "global" : "default");
    this.#eachEntry(label, node, (entry) => this.#collect(entry, "", written));
    const context: BlockContext = {
      scope,
      parse: parsePlain,
      nullMeans: "no opinion",
      ...(market !== undefined && { market }),
    };
    const { settings, findings } = readBlock(written, context);
    this.findings.push(...findings);
    return settings;
  }

  /** Collects the settings of a block and of the groups in it. */
  #collect({ key, node, origin }: YamlEntry, prefix: string, written: WrittenSetting[]): void {
    const name = `${prefix}${key}`;
    if (node.kind === "map" && isGroup(name)) {
      for (const entry of node.entries) this.#collect(entry, `${name}.`, written);
    } else {
      written.push({ name, value: plainValue(node), origin });
    }
  }

  #eachEntry(label: string, node: YamlNode, read: (entry: YamlEntry) => void): void {
    if (node.kind === "map") return node.entries.forEach(read);
    if (isNull(node)) return;
    const message = "must hold settings, one `name: value` a line";
    this.#refuse({ code: "TYPE", key: label, message, origin: node.origin });
  }

  #refuse(finding: Omit<Finding, "severity">): void {
    this.findings.push({ severity: "error", ...finding });
  }
}

function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === null;
}
