/** The OpenAPI document of the exchange, made from what the routes validate and answer with. */

import { z } from "zod";
import { ExchangeCode } from "../exchange/mod.ts";
import { HttpCode, statusOf } from "./problems.ts";
import type { Access, Route } from "./route.ts";

/** Routes with where they begin. */
export interface MountedRoutes {
  readonly prefix: string;
  /** The document that their sections are of. */
  readonly source: string;
  readonly routes: readonly Route[];
}

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface Body {
  readonly content: { readonly "application/json": { readonly schema: JsonSchema } };
}

/** What can be done at a path. */
export interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Body & { readonly required: true };
  readonly responses: Readonly<Record<string, { readonly description: string } & Partial<Body>>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

/** An OpenAPI 3.1 document, as far as this one goes. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: JsonSchema;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

const WHO: Readonly<Record<Access, string>> = {
  public: "Everybody",
  user: "Every user",
  amm: "The market maker's account",
  admin: "An administrator",
};

const DESCRIPTION = "A simulator: nothing here is real money, and nothing is kept when it stops. " +
  "Prices are cents of YES or NO, 1 to 99; money is cents; quantities are contracts. " +
  "Successful answers are wrapped in an envelope unless the operation says otherwise.";

/** Describes routes. */
export function openApiDocument(mounted: readonly MountedRoutes[]): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { prefix, source, routes } of mounted) {
    for (const route of routes) {
      const path = prefix + route.path;
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, source) };
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: "Simulated exchange", version: "1.0.0", description: DESCRIPTION },
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      schemas: { Error: errorSchema, Detail: detailSchema },
    },
  };
}

function operation(route: Route, source: string): Operation {
  const { method, access, input, summary, section } = route;
  const hasBody = method === "POST" && Object.keys(input.shape).length > 0;
  return {
    summary,
    description: `${WHO[access]} may call it. ${source} §${section}.` +
      (route.bare ? " The answer has no envelope." : ""),
    tags: [route.path.split("/")[1] ?? ""],
    parameters: [...pathParameters(route.path), ...queryParameters(route)],
    ...(hasBody ? { requestBody: { required: true, ...json(schemaOf(input, "input")) } } : {}),
    responses: responsesOf(route),
    security: access === "public" ? [] : [{ bearer: [] }],
  };
}

function pathParameters(path: string): readonly Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ method, input }: Route): readonly Parameter[] {
  if (method !== "GET") return [];
  return Object.entries(input.shape).map(([name, field]) => ({
    name,
    in: "query",
    required: false,
    schema: schemaOf(field, "input"),
  }));
}

function responsesOf(route: Route): Operation["responses"] {
  const success = schemaOf(route.answer, "output");
  const responses: Record<string, Operation["responses"][string]> = {
    [route.status]: {
      description: "Done",
      ...json(route.bare ? success : envelope({ const: 0 }, success)),
    },
  };
  const failures = failuresOf(route);
  for (const status of new Set(failures.map((failure) => failure.status))) {
    const here = failures.filter((failure) => failure.status === status);
    const shapes = [...new Set(here.map(({ shape }) => shape))].map(reference);
    const [only] = shapes;
    responses[status] = {
      description: here.map(({ reason }) => reason).join("; "),
      ...json(shapes.length === 1 && only !== undefined ? only : { anyOf: shapes }),
    };
  }
  return responses;
}

/** A way to be refused: E1 has shape Error, E2 and E3 have shape Detail. */
interface Failure {
  readonly status: number;
  readonly reason: string;
  readonly shape: "Error" | "Detail";
}

function failuresOf({ access, rate, input, errors }: Route): readonly Failure[] {
  const failures: Failure[] = [];
  const isPublic = access === "public";
  if (!isPublic) failures.push({ status: 401, reason: "No valid token", shape: "Detail" });
  if (access === "amm" || access === "admin") {
    failures.push({ status: 403, reason: "Another user's route", shape: "Detail" });
  }
  if (Object.keys(input.shape).length > 0) {
    failures.push({ status: 422, reason: "Fields that are not valid", shape: "Detail" });
  }
  const codes = new Set([...(isPublic ? [] : [ExchangeCode.ACCOUNT_DISABLED]), ...errors]);
  for (const status of new Set([...codes].map(statusOf))) {
    const here = [...codes].filter((code) => statusOf(code) === status);
    failures.push({ status, reason: `Code ${here.join(", ")}`, shape: "Error" });
  }
  if (rate !== null) {
    const reason = `Code ${HttpCode.RATE_LIMITED}, where calls of this kind are limited`;
    failures.push({ status: statusOf(HttpCode.RATE_LIMITED), reason, shape: "Error" });
  }
  return failures;
}

function schemaOf(schema: z.core.$ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    // Defaults of values that are converted first are left out otherwise.
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      if (def.type === "default") jsonSchema.default = def.defaultValue;
    },
  });
  return withoutMachineLimits(described);
}

/** Leaves out the bounds that only say that a number is safe in JavaScript. */
function withoutMachineLimits(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (name, value) => {
    const isMachineLimit = /^(minimum|maximum)$/.test(name) &&
      Math.abs(value) === Number.MAX_SAFE_INTEGER;
    return isMachineLimit ? undefined : value;
  });
}

function json(schema: JsonSchema): Body {
  return { content: { "application/json": { schema } } };
}

function reference(name: "Error" | "Detail"): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function envelope(code: JsonSchema, data: JsonSchema): JsonSchema {
  return {
    type: "object",
    properties: {
      code,
      message: { type: "string" },
      data,
      timestamp: { type: "string" },
      request_id: { type: "string" },
    },
    required: ["code", "message", "data", "timestamp", "request_id"],
  };
}

const errorSchema = envelope(
  { type: "integer", description: "What went wrong (exchange API §8)" },
  { type: ["object", "null"] },
);

const detailSchema: JsonSchema = {
  type: "object",
  properties: {
    detail: {
      anyOf: [
        { type: "string" },
        {
          type: "array",
          items: {
            type: "object",
            properties: {
              type: { type: "string" },
              loc: { type: "array" },
              msg: { type: "string" },
              input: {},
              ctx: { type: "object" },
            },
            required: ["type", "loc", "msg", "input"],
          },
        },
      ],
    },
  },
  required: ["detail"],
};
