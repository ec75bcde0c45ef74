/** What the pages have in common: types of a request, descriptions of routes, answers. */

import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "@hono/hono";
import { z } from "zod";
import type { Clock } from "../runtime/clock.ts";
import type { EventHub } from "../runtime/event_hub.ts";
import type { LogLevel } from "../runtime/log.ts";
import { HTTP_LIMITS, toWire } from "../runtime/wire.ts";
import type { Operations } from "../service/operations.ts";
import type { BotRecords } from "../service/records/bot_records.ts";
import type { Service } from "../service/service_api.ts";
import type { AuditLog } from "./audit_log.ts";
import { invalid, Problem, problemAnswer } from "./problem.ts";

/** What hono carries along with a request. */
export interface SiteEnv {
  Bindings: {
    /** Address of the client; unknown in tests that need none. */
    readonly remote?: string;
  };
  Variables: {
    requestId: string;
    /** True once the caller has shown the token. */
    isOperator?: boolean;
  };
}

/** The pages as one application. */
export type Site = OpenAPIHono<SiteEnv>;

/** What the pages work with. */
export interface SiteParts {
  readonly service: Service;
  readonly operations: Operations;
  readonly records: BotRecords;
  readonly hub: EventHub;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Changes the threshold of the log. */
  readonly setLogLevel: (level: LogLevel) => void;
}

/** An application without pages, whose routes refuse what does not fit their schemas. */
export function newSite(): Site {
  return new OpenAPIHono<SiteEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(PARTS[result.target] ?? result.target, result.error);
    },
  });
}

const PARTS: Readonly<Record<string, string>> = { json: "body", param: "path" };

/** Answers of a route, for its description. */
export function answers(answer: z.ZodType, codes: Readonly<Record<number, string>> = {}) {
  const problem = { content: { "application/json": { schema: problemAnswer } } };
  return {
    200: { description: "Done", content: { "application/json": { schema: answer } } },
    ...Object.fromEntries(
      Object.entries({ 422: "A part of the request is not valid", ...codes })
        .map(([status, description]) => [status, { description, ...problem }]),
    ),
  };
}

/** What every route that needs the token may also answer. */
export const ADMIN_CODES: Readonly<Record<number, string>> = {
  401: "No valid bearer token",
  404: "There is no such target, or no AMM_ADMIN_TOKEN is set",
  413: "The body is longer than 64 kB",
  429: "Too many requests of this client",
  503: "The state store or the market does not answer",
};

/** Marks a route as one that needs the token. */
export const ADMIN = { security: [{ bearer: [] }] };

/** The body of a request, for the description of a route. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { body: { required: true, content: { "application/json": { schema } } } } as const;
}

/** Only what the schema of an answer describes leaves the process, in the names of the wire. */
export function answer<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  return schema.parse(toWire(value, HTTP_LIMITS));
}

const operatorName = z.string().trim().min(1).max(64);

/** Why somebody does something. */
export const reasonText = z.string().trim().min(1).max(500);

/** What every change says. */
export const asked = z.strictObject({ reason: reasonText, operator: operatorName.optional() });

/** @throws Problem for a header that cannot be a name */
export function operatorOf(context: Context<SiteEnv>, named: string | undefined): string {
  const header = context.req.header("X-Operator");
  if (header === undefined) return named ?? "admin";
  const parsed = operatorName.safeParse(header);
  if (!parsed.success) throw invalid("header.X-Operator", parsed.error);
  return parsed.data;
}

/** The path of everything about one market. */
export const marketPath = z.object({
  id: z.string().min(1).max(200),
});

/** @throws Problem if this process does not work such a market */
export function requireMarket({ service }: Pick<SiteParts, "service">, id: string) {
  const { markets } = service.status();
  const found = markets.find(({ marketId }) => marketId === id);
  if (found !== undefined) return found;
  const known = markets.slice(0, 50).map(({ marketId }) => marketId).join(", ");
  throw new Problem("not_found", `there is no market ${id} here: it must be one of ${known}`, {
    field: "path.id",
  });
}
