/** Reads the settings of one block, whatever layer the block belongs to. */

import type { Block } from "./block.ts";
import { type Alias, convertAlias } from "./aliases.ts";
import { variableOf } from "./environment.ts";
import type { Finding } from "./finding.ts";
import { holdsPassword } from "./formats.ts";
import type { Origin, Setting } from "./origin.ts";
import type { Parameter } from "./parameter.ts";
import { parameterNamed, type Scope } from "./registry.ts";
import { resolveName } from "./setting_name.ts";
import { allowedValues, type ParsedValue, showValue } from "./value.ts";

/** One `name: value` of a layer. */
export interface WrittenSetting {
  /** As written, with its groups. */
  readonly name: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** What block is read, and how its layer writes values. */
export interface BlockContext {
  readonly scope: Scope;
  /**
   * The market the block belongs to; absent for the process and for the defaults of all markets.
   */
  readonly market?: string;
  /** Typed values as in YAML, or text. */
  readonly parse: (parameter: Parameter, value: unknown) => ParsedValue;
  /** In a file `null` leaves a setting to the weaker layers; an override unsets it. */
  readonly nullMeans: "no opinion" | "unset";
}

/**
 * Reads a block. An old name gives way to the canonical one in the same block, wherever they stand.
 */
export function readBlock(written: readonly WrittenSetting[], context: BlockContext): Block {
  const reader = new BlockReader(context);
  for (const setting of written) reader.readUnderOwnName(setting);
  for (const setting of written) reader.readUnderOldName(setting);
  return reader;
}

type Problem = Pick<Finding, "code" | "message" | "allowed" | "advice">;

class BlockReader implements Block {
  readonly settings = new Map<string, Setting>();
  readonly findings: Finding[] = [];
  readonly #context: BlockContext;

  constructor(context: BlockContext) {
    this.#context = context;
  }

  readUnderOwnName(written: WrittenSetting): void {
    const resolved = resolveName(written.name, this.#context.scope);
    if (resolved.kind === "problem") {
      return this.#refuse(written, isForbiddenAction(written) ? FORBIDDEN_ACTION : resolved);
    }
    if (resolved.kind !== "parameter") return;
    if (this.settings.has(resolved.name)) return this.#refuse(written, REPEATED);
    this.#store(resolved.name, written, written.value);
  }

  readUnderOldName(written: WrittenSetting): void {
    const resolved = resolveName(written.name, this.#context.scope);
    if (resolved.kind !== "alias") return;
    for (const name of resolved.alias.names) this.#storeAlias(name, resolved.alias, written);
  }

  #storeAlias(name: string, alias: Alias, written: WrittenSetting): void {
    if (this.settings.has(name)) {
      const message = `is ignored: ${name} is set as well`;
      return this.#warn(written, message, "Remove it");
    }
    this.#store(name, written, convertAlias(alias, written.value));
    const setting = this.settings.get(name);
    if (setting === undefined) return;
    const converted = alias.scale === 1 ? "" : ` in another unit (x ${alias.scale})`;
    const advice = `Write ${name}: ${showValue(setting.value)}`;
    this.#warn(written, `is an old name of ${name}${converted}`, advice);
  }

  #store(name: string, written: WrittenSetting, value: unknown): void {
    const parameter = parameterNamed(this.#context.scope, name);
    const noOpinion = value === null && this.#context.nullMeans === "no opinion";
    if (parameter === null || noOpinion) return;
    const secret = parameter.type === "secret" ||
      (typeof value === "string" && holdsPassword(value));
    if (secret) return this.#refuse({ ...written, name }, secretProblem(name));
    const parsed = this.#context.parse(parameter, value);
    if (parsed.ok) {
      this.settings.set(name, { value: parsed.value, origin: written.origin });
      return;
    }
    const from = written.name.endsWith(name) ? "" : ` (from ${written.name})`;
    const problem = { code: parsed.code, message: `${parsed.message}${from}` };
    this.#refuse({ ...written, name }, { ...problem, allowed: allowedValues(parameter) }, value);
  }

  /** @param value the refused value, left out where it could be a secret */
  #refuse({ name, origin }: WrittenSetting, problem: Problem, value?: unknown): void {
    const { code, message, allowed, advice } = problem;
    this.#add({
      severity: "error",
      code,
      key: name,
      message,
      origin,
      ...(value !== undefined && { value }),
      ...(allowed !== undefined && { allowed }),
      ...(advice !== undefined && { advice }),
    });
  }

  #warn({ name, origin }: WrittenSetting, message: string, advice: string): void {
    this.#add({ severity: "warning", code: "DEPRECATED", key: name, message, origin, advice });
  }

  #add(finding: Finding): void {
    const { market } = this.#context;
    this.findings.push(market === undefined ? finding : { ...finding, markets: [market] });
  }
}

const REPEATED: Problem = { code: "DUPLICATE", message: "is already set in this block" };

function secretProblem(name: string): Problem {
  const variable = variableOf(name);
  return {
    code: "SECRET",
    message: "is a secret and is read from the environment only",
    advice: `Remove it here, change it because others may have read it${
      variable === null ? "" : `, and set ${variable}`
    }`,
  };
}

const FORBIDDEN_ACTION: Problem = {
  code: "FORBIDDEN_ACTION",
  message: "cannot be HALT",
  advice: "The bot can pause itself, never the market",
};

/** No name that sounds like an action may ask the bot to halt a market (`parameters.md` 2.4). */
function isForbiddenAction({ name, value }: WrittenSetting): boolean {
  return /action|trigger/i.test(name) && String(value).trim().toUpperCase() === "HALT";
}
