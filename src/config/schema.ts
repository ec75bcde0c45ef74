/** One zod schema per scope, made from the declarations. */

import { z } from "zod";
import { type Format, matchesFormat } from "./formats.ts";
import { camelCase, type Parameter, type ValuesOf } from "./parameter.ts";
import { globalParameters, marketParameters, type Registry } from "./registry.ts";

const schemas = new WeakMap<Parameter, z.ZodType>();

/** The schema of the values of one parameter. */
export function parameterSchema(parameter: Parameter): z.ZodType {
  const known = schemas.get(parameter);
  if (known !== undefined) return known;
  const schema = parameter.nullable ? valueSchema(parameter).nullable() : valueSchema(parameter);
  schemas.set(parameter, schema);
  return schema;
}

function valueSchema(parameter: Parameter): z.ZodType {
  switch (parameter.type) {
    case "int":
      return bounded(z.int(), parameter);
    case "float":
      return bounded(z.number(), parameter);
    case "bool":
      return z.boolean();
    case "enum":
      return z.enum(parameter.values ?? []);
    case "string":
    case "secret":
      return textSchema(parameter.format);
    case "string_list":
      return listOf(textSchema(parameter.format), parameter.length);
    case "float_list":
      return listOf(bounded(z.number(), parameter), parameter.length);
  }
}

function bounded(schema: z.ZodNumber, { min = -Infinity, max = Infinity }: Parameter): z.ZodNumber {
  return schema.min(min).max(max);
}

function textSchema(format: Format | undefined): z.ZodType {
  return z.string().min(1).refine((text) => format === undefined || matchesFormat(format, text));
}

function listOf(element: z.ZodType, length: number | undefined): z.ZodType {
  const list = z.array(element);
  return (length === undefined ? list.min(1) : list.length(length)).readonly();
}

/**
 * Checks a complete block of settings by snake_case name and gives it camelCase names and its
 * types.
 */
function blockSchema<const P extends Registry>(parameters: P): z.ZodType<ValuesOf<P>> {
  const shape = Object.entries(parameters).map(([name, p]) => [name, parameterSchema(p)] as const);
  const renamed = z.strictObject(Object.fromEntries(shape)).transform((values) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]))
  );
  // The shape has just been made from `parameters`, which is also what ValuesOf describes.
  return renamed.readonly() as z.ZodType<unknown> as z.ZodType<ValuesOf<P>>;
}

/** All settings of the process: snake_case in, GlobalConfig out. */
export const globalSchema = blockSchema(globalParameters);

/** All settings of one market: snake_case in, MarketConfig out. */
export const marketSchema = blockSchema(marketParameters);
