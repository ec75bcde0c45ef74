/** The JSON Schema of a configuration file, for editors: made from the declarations. */

import { FORMATS } from "./formats.ts";
import { type Parameter, REQUIRED } from "./parameter.ts";
import { registries, type Registry, type Scope } from "./registry.ts";

/** A JSON Schema or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Describes the YAML files of the bot, draft 2020-12. Old names are accepted by the loader but not
 * offered here.
 */
export function configJsonSchema(): JsonSchema {
  const marketSettings = { $ref: "#/$defs/marketSettings" };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Configuration of the prediction-market maker",
    type: "object",
    additionalProperties: false,
    properties: {
      mode: {
        enum: ["paper", "live"],
        default: "paper",
        description: "paper: the simulated exchange inside the process. live: a real exchange.",
      },
      global: { $ref: "#/$defs/globalSettings" },
      markets: {
        type: ["object", "null"],
        description: "Settings by market id; the block default holds for all markets.",
        properties: { default: marketSettings },
        propertyNames: { pattern: FORMATS.market_id.pattern },
        additionalProperties: marketSettings,
      },
      paper: {
        type: ["object", "null"],
        description: "The simulated exchange of paper mode: its traders and price paths.",
      },
    },
    $defs: {
      globalSettings: blockSchema("global", "One value per process."),
      marketSettings: blockSchema("market", "One value per market."),
    },
  };
}

/** A block holds settings, and groups that hold settings of their own. */
function blockSchema(scope: Scope, description: string): JsonSchema {
  const registry = registries[scope];
  const groups = Map.groupBy(Object.entries(registry), ([, { group }]) => group);
  const groupSchemas = [...groups].map(([name, members]) =>
    [name, objectSchema(Object.fromEntries(members), `Settings of the group ${name}.`)] as const
  );
  const settings = objectSchema(registry, description);
  return {
    ...settings,
    properties: { ...settings.properties, ...Object.fromEntries(groupSchemas) },
  };
}

function objectSchema(registry: Registry, description: string) {
  const writable = Object.entries(registry).filter(([, { type }]) => type !== "secret");
  const properties = writable.map(([name, parameter]) => [name, settingSchema(parameter)] as const);
  return {
    type: ["object", "null"],
    description,
    additionalProperties: false,
    properties: Object.fromEntries<JsonSchema>(properties),
  } as const;
}

/** Every setting may be null (no opinion); one that can be unset also takes the word for it. */
function settingSchema(parameter: Parameter): JsonSchema {
  const words = parameter.nullable ? ["unset", parameter.unsetWord].filter(Boolean) : [];
  const alternatives = [valueSchema(parameter), { enum: [...words, null] }];
  const unit = parameter.unit === undefined ? "" : ` Unit: ${parameter.unit}.`;
  return {
    anyOf: alternatives,
    description: `${parameter.description}.${unit} Takes effect: ${parameter.takesEffect}.`,
    ...(parameter.default !== REQUIRED && { default: parameter.default ?? "unset" }),
  };
}

function valueSchema(parameter: Parameter): JsonSchema {
  switch (parameter.type) {
    case "int":
      return { type: "integer", ...boundsOf(parameter) };
    case "float":
      return { type: "number", ...boundsOf(parameter) };
    case "bool":
      return { type: "boolean" };
    case "enum":
      return { enum: parameter.values };
    case "string":
    case "secret":
      return textSchema(parameter);
    case "string_list":
      return listSchema(parameter, textSchema(parameter));
    case "float_list":
      return listSchema(parameter, { type: "number", ...boundsOf(parameter) });
  }
}

function boundsOf({ min, max }: Parameter): JsonSchema {
  return {
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  };
}

function textSchema({ format }: Parameter): JsonSchema {
  const pattern = format === undefined ? {} : { pattern: FORMATS[format].pattern };
  return { type: "string", minLength: 1, ...pattern };
}

function listSchema({ length }: Parameter, items: JsonSchema): JsonSchema {
  const exact = length === undefined ? {} : { maxItems: length };
  return { type: "array", items, minItems: length ?? 1, ...exact };
}
