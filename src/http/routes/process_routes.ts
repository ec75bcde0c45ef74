import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { auditEntry } from "../schemas.ts";
import {
  ADMIN,
  ADMIN_CODES,
  answer,
  answers,
  asked,
  jsonBody,
  operatorOf,
  type Site,
  type SiteParts,
} from "../site.ts";

const auditPage = z.object({
  entries: z.array(auditEntry),
  /** `cursor` of the next page, null if there is none. */
  next_cursor: z.int().nullable(),
});
const auditQuery = z.object({
  cursor: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const logLevel = z.object({ level: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]) });

/** Adds the pages about the process: who changed what, and how much it logs. */
export function addProcessRoutes(site: Site, { audit, setLogLevel }: SiteParts): void {
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/audit",
      summary: "Who changed what, newest first, refused attempts included",
      ...ADMIN,
      request: { query: auditQuery },
      responses: answers(auditPage, ADMIN_CODES),
    }),
    (context) => {
      const { cursor, limit } = context.req.valid("query");
      const entries = audit.page(cursor, limit);
      const nextCursor = entries.length < limit ? null : entries.at(-1)?.seq ?? null;
      return context.json(answer(auditPage, { entries, nextCursor }), 200);
    },
  );
  site.openapi(
    createRoute({
      method: "put",
      path: "/api/log-level",
      summary: "Changes how much is logged, until the next start or change of log_level",
      ...ADMIN,
      request: jsonBody(z.strictObject({ ...asked.shape, ...logLevel.shape })),
      responses: answers(logLevel, ADMIN_CODES),
    }),
    (context) => {
      const { level, operator } = context.req.valid("json");
      operatorOf(context, operator);
      setLogLevel(level);
      return context.json(answer(logLevel, { level }), 200);
    },
  );
}
