import { z } from "zod";
import { nearest } from "../../src/config/nearest.ts";
import { marketParameters, type Registry } from "../../src/config/registry.ts";
import { allowedValues, parsePlain } from "../../src/config/value.ts";

/** Settings of the bot by snake_case name, checked one by one, with today's types. */
export type QuotingOverrides = Readonly<Record<string, unknown>>;

/** Settings that a scenario states in its own words. */
const STATED_ELSEWHERE: Readonly<Record<string, string>> = {
  market_id: "id",
  anchor_price_cents: "anchor",
  initial_funding_cents: "funding",
};

const registry: Registry = marketParameters;

/** Settings of the bot that differ from the shipped defaults, under the names of the catalogue. */
export const quotingSchema = z.record(z.string(), z.unknown()).transform(
  (written, context): QuotingOverrides => {
    const refuse = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [name], message, input: written[name] });
    return Object.fromEntries(
      Object.entries(written).map(([name, value]) => [name, checked(name, value, refuse)]),
    );
  },
);

function checked(
  name: string,
  value: unknown,
  refuse: (name: string, message: string) => void,
): unknown {
  const parameter = Object.hasOwn(registry, name) ? registry[name] : undefined;
  const stated = STATED_ELSEWHERE[name];
  if (parameter === undefined) {
    const like = nearest(name, Object.keys(registry));
    refuse(name, `is not a setting of a market${like === null ? "" : `; did you mean ${like}?`}`);
  } else if (stated !== undefined) {
    refuse(name, `must be written as "${stated}" of the market`);
  } else {
    const parsed = parsePlain(parameter, value);
    if (parsed.ok) return parsed.value;
    refuse(name, `${parsed.message}; allowed ${allowedValues(parameter)}`);
  }
  return undefined;
}
