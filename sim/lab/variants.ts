import type { BotSettings } from "../bot_config.ts";
import type { Variant } from "./compare.ts";
import { type Guard, type GuardName, GUARDS } from "./guards.ts";
import { type ContenderName, CONTENDERS } from "./makers/mod.ts";
import { mergedSettings, type SettingRange, settingsOf } from "./settings.ts";

/** Which makers meet, and how the bot among them is changed. */
export interface VariantChoice {
  readonly makers: readonly ContenderName[];
  /** Guards of which each bot also goes without one. */
  readonly without: readonly GuardName[];
  /** Settings that overrule the defaults; budgets and sizes hold for the others as well. */
  readonly settings: BotSettings;
}

/** Every maker as it is, and every bot once more without each of the guards. */
export function variantsOf({ makers, without, settings }: VariantChoice): Variant[] {
  return makers.flatMap((contender) => {
    const guards = CONTENDERS[contender].isBot ? without : [];
    return [
      { name: contender, contender, settings },
      ...guards.map((guard) => {
        const { off }: Guard = GUARDS[guard];
        const name = `${contender} without ${guard}`;
        return { name, contender, settings: mergedSettings(settings, off) };
      }),
    ];
  });
}

/** One bot with every combination of the values of some settings. */
export function sweepVariants(
  contender: ContenderName,
  ranges: readonly SettingRange[],
): Variant[] {
  return combinations(ranges).map((chosen) => ({
    name: chosen.map(({ range, value }) => `${range.name}=${shownValue(value)}`).join(" "),
    contender,
    settings: settingsOf(chosen),
  }));
}

interface Choice {
  readonly range: SettingRange;
  readonly value: unknown;
}

function combinations(ranges: readonly SettingRange[]): readonly (readonly Choice[])[] {
  return ranges.reduce<readonly (readonly Choice[])[]>(
    (all, range) => all.flatMap((head) => range.values.map((value) => [...head, { range, value }])),
    [[]],
  );
}

function shownValue(value: unknown): string {
  return value === null ? "unset" : String(value);
}
