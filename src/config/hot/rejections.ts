import type { Logger } from "../../runtime/log.ts";
import { type Finding, formatFinding } from "../finding.ts";
import { parameterNamed } from "../registry.ts";
import type { HotConfig } from "./hot_config.ts";
import { META_FIELDS } from "./override_store.ts";

/** How often settings of a name were refused for a reason. */
export interface RejectedCount {
  readonly key: string;
  readonly code: string;
  readonly count: number;
}

/** Names that are no settings are counted together, since anybody can invent more of them. */
const UNKNOWN = "unknown";
/** Texts are told apart by so many characters. */
const MAX_TEXT = 200;
/** After so many different refusals each is told again when it next occurs. */
const MAX_REMEMBERED = 10_000;

/**
 * Refused settings: each is told once per market, name and text, and counted every time
 * (`parameters.md` 2.4).
 */
export class Rejections {
  readonly #log: Logger;
  readonly #told = new Set<string>();
  readonly #counts = new Map<string, RejectedCount>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** For a metric `amm_config_rejected_total{key, code}`. */
  get counts(): readonly RejectedCount[] {
    return [...this.#counts.values()];
  }

  /** Notes everything that a configuration refuses. */
  note({ rejected, overrides }: HotConfig): void {
    for (const finding of rejected) {
      this.#count(finding);
      const { markets = ["global"] } = finding;
      const texts = markets.map((market) => writtenText(finding, overrides.get(market)));
      this.#tell(JSON.stringify([finding.markets, finding.key, finding.rule, texts]), finding);
    }
  }

  #count({ key, code }: Finding): void {
    const name = isKnown(key) ? key : UNKNOWN;
    const label = `${name} ${code}`;
    const count = (this.#counts.get(label)?.count ?? 0) + 1;
    this.#counts.set(label, { key: name, code, count });
  }

  #tell(identity: string, finding: Finding): void {
    if (this.#told.has(identity)) return;
    if (this.#told.size >= MAX_REMEMBERED) this.#told.clear();
    this.#told.add(identity);
    this.#log.log("WARN", "config_rejected", { ...finding, text: formatFinding(finding) });
  }
}

/** True for a setting, and for what else a finding can be about. */
function isKnown(key: string): boolean {
  return parameterNamed("market", key) !== null || parameterNamed("global", key) !== null ||
    key === META_FIELDS.version || key.startsWith("amm:config:");
}

/** The text that a finding is about, as it is stored. */
function writtenText(
  { key, origin }: Finding,
  target:
    | { readonly lasting: Record<string, string>; readonly temporary: Record<string, string> }
    | undefined,
): string | null {
  const label = origin?.layer === "override" ? origin.label : null;
  const fields = label === "temporary" ? target?.temporary : target?.lasting;
  return fields?.[key]?.slice(0, MAX_TEXT) ?? null;
}
