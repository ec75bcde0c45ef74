import { nearest } from "../../src/config/nearest.ts";
import type { Parameter } from "../../src/config/parameter.ts";
import { SUPERSEDED } from "../../src/config/aliases.ts";
import { violations } from "../../src/config/check_rules.ts";
import { codeDefaults, parameterNamed } from "../../src/config/registry.ts";
import { allowedValues, parseText, showValue } from "../../src/config/value.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { botConfig, type BotSettings } from "../bot_config.ts";
import { drawnScenario } from "./market_types.ts";

/** A setting of the bot and the values that it takes, one after the other. */
export interface SettingRange {
  readonly name: string;
  readonly scope: keyof BotSettings;
  /** Checked, with today's types. */
  readonly values: readonly unknown[];
}

/** What somebody wrote and what cannot be used, with what would be right. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}

/** More values of one setting than anybody looks at. */
const MAX_VALUES = 100;

const FORM = /^([^=]+)=(.+)$/;
const RANGE = /^(\S+?)\.\.([^:]+):(\d+)$/;

/**
 * Reads `name=value`, or `name=first..last:count` for values at equal distances. A comma belongs to
 * a value that is a list.
 * @throws SettingError that says what is allowed
 */
export function parseSetting(text: string): SettingRange {
  const [, name = "", written = ""] = FORM.exec(text.trim()) ?? [];
  if (name === "") {
    throw new SettingError(`Cannot use ${text}: it must be name=value or name=first..last:count`);
  }
  const { parameter, scope } = known(name);
  const [, first, last, count] = RANGE.exec(written) ?? [];
  const texts = first === undefined || last === undefined
    ? [written]
    : rangeOf(name, parameter, { first, last, count: Number(count) });
  return { name, scope, values: texts.map((value) => checked(name, parameter, value)) };
}

/** Settings that hold one value of each range. */
export function settingsOf(
  chosen: readonly { readonly range: SettingRange; readonly value: unknown }[],
): BotSettings {
  const of = (scope: keyof BotSettings) =>
    Object.fromEntries(
      chosen.filter(({ range }) => range.scope === scope)
        .map(({ range, value }) => [range.name, value]),
    );
  return { market: of("market"), global: of("global") };
}

/** Several settings as one; the last word counts. */
export function mergedSettings(...all: readonly BotSettings[]): BotSettings {
  return {
    market: Object.assign({}, ...all.map(({ market }) => market)),
    global: Object.assign({}, ...all.map(({ global }) => global)),
  };
}

/** What belongs to the market or to the simulator and is not for the bot to choose. */
const FIXED: readonly string[] = [
  "market_id",
  "anchor_price_cents",
  "initial_funding_cents",
  "market_maker_fee_bps",
  "market_taker_fee_bps",
  "market_ids",
  "amm_password",
  "state_store",
];

function known(name: string): { parameter: Parameter; scope: keyof BotSettings } {
  if (FIXED.includes(name)) {
    throw new SettingError(`Cannot change ${name}: it belongs to the simulated market`);
  }
  const advice = SUPERSEDED.get(name);
  if (advice !== undefined) throw new SettingError(`Cannot use ${name}: ${advice}`);
  for (const scope of ["market", "global"] as const) {
    const parameter = parameterNamed(scope, name);
    if (parameter !== null) return { parameter, scope };
  }
  const names = [...Object.keys(codeDefaults.market), ...Object.keys(codeDefaults.global)];
  const like = nearest(name, names);
  throw new SettingError(
    `Unknown setting ${name}${like === null ? "" : ` (did you mean ${like}?)`}; ` +
      "`amm config schema` lists all settings",
  );
}

/**
 * Checks that settings go together with each other and with the defaults.
 * @throws SettingError with the first rule that would not hold
 */
export function checkTogether(settings: BotSettings): void {
  const names = Object.keys({ ...settings.market, ...settings.global });
  const scenario = drawnScenario("calm", seededRandom(0));
  const broken = violations(botConfig(scenario, settings)).find(({ rule }) =>
    rule.severity === "error" && rule.members.some((name) => names.includes(name))
  );
  if (broken === undefined) return;
  const shown = Object.entries({ ...settings.market, ...settings.global })
    .map(([name, value]) => `${name}=${showValue(value)}`);
  const { statement } = broken.rule;
  throw new SettingError(`Cannot use ${shown.join(", ")}: must hold: ${statement}`);
}

interface WrittenRange {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

function rangeOf(name: string, { type }: Parameter, { first, last, count }: WrittenRange) {
  if (type !== "int" && type !== "float") {
    throw new SettingError(`Cannot use a range for ${name}: it is not a number`);
  }
  const [from, to] = [Number(first), Number(last)];
  if (!(Number.isFinite(from) && Number.isFinite(to) && count >= 2 && count <= MAX_VALUES)) {
    throw new SettingError(
      `Cannot use ${name}=${first}..${last}:${count}: it must be two numbers and a count from 2 ` +
        `to ${MAX_VALUES}`,
    );
  }
  const values = Array.from({ length: count }, (_, index) => {
    const value = from + (to - from) * index / (count - 1);
    return type === "int" ? Math.round(value) : Number(value.toPrecision(6));
  });
  return [...new Set(values)].map(String);
}

function checked(name: string, parameter: Parameter, text: string): unknown {
  const parsed = parseText(parameter, text);
  if (parsed.ok) return parsed.value;
  throw new SettingError(
    `Cannot use ${name}=${text}: ${parsed.message}; allowed ${allowedValues(parameter)}`,
  );
}
