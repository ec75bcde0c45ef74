import { formatOrigin, type Setting, type Settings } from "./origin.ts";
import { parameterNamed, registries, type Scope } from "./registry.ts";
import { publicValue } from "./value.ts";

/** A value that may be shown, and the layer it came from. */
export interface PublicSetting {
  readonly value: unknown;
  readonly origin: string;
}

/** Settings by name for people and programs, in the order of the catalogue, without secrets. */
export function publicSettings(
  scope: Scope,
  settings: Settings,
): Readonly<Record<string, PublicSetting>> {
  return Object.fromEntries(
    inCatalogueOrder(scope, settings).map((
      [name, setting],
    ) => [name, { value: shownValue(scope, name, setting), origin: formatOrigin(setting.origin) }]),
  );
}

/** Settings by group, whatever layer they came from first. */
export function inCatalogueOrder(scope: Scope, settings: Settings): readonly [string, Setting][] {
  return Object.keys(registries[scope]).flatMap((name): [string, Setting][] => {
    const setting = settings.get(name);
    return setting === undefined ? [] : [[name, setting]];
  });
}

/** The value of a setting as it may be shown. */
export function shownValue(scope: Scope, name: string, { value }: Setting): unknown {
  const parameter = parameterNamed(scope, name);
  return parameter === null ? null : publicValue(parameter, value);
}
