import fc from "fast-check";
import {
  codeDefaults,
  type GlobalConfig,
  type MarketConfig,
  marketParameters,
} from "../../src/config/registry.ts";
import { camelCase, type Parameter } from "../../src/config/parameter.ts";
import { marketRules } from "../../src/config/rules/index.ts";

/** Settings that a test gives itself. */
const GIVEN = new Set(["market_id", "initial_funding_cents", "quote_funding", "oracle_slug"]);

const defaults = Object.fromEntries(
  Object.entries(codeDefaults.global).map(([name, value]) => [camelCase(name), value]),
) as GlobalConfig;

/** Any value of a parameter within its bounds, null for texts and lists. */
function valueOf({ type, min = 0, max = 100_000, values = [] }: Parameter) {
  switch (type) {
    case "int":
      return fc.integer({ min, max });
    case "float":
      return fc.double({ min, max, noNaN: true });
    case "bool":
      return fc.boolean();
    case "enum":
      return fc.constantFrom(...values);
    default:
      return null;
  }
}

const candidates = Object.entries(marketParameters as Readonly<Record<string, Parameter>>)
  .filter(([name]) => !GIVEN.has(name))
  .flatMap(([name, parameter]) => {
    const value: fc.Arbitrary<unknown> | null = valueOf(parameter);
    if (value === null) return [];
    const drawn = parameter.nullable ? fc.option(value, { nil: null }) : value;
    return [drawn.map((chosen) => [camelCase(name), chosen] as const)];
  });

/** Up to two dozen settings of a market, each with any value within its bounds. */
export const anySettings: fc.Arbitrary<Partial<MarketConfig>> = fc
  .array(fc.oneof(...candidates), { maxLength: 24 })
  .map((drawn) => Object.fromEntries(drawn));

/** True if the configuration breaks no rule that would keep it from being used. */
export function isValid(config: MarketConfig): boolean {
  return marketRules.every(({ severity, holds }) =>
    severity !== "error" || holds(config, defaults)
  );
}
