import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { Problem } from "../problem.ts";
import * as schema from "../schemas.ts";
import { answer, answers, marketPath, requireMarket, type Site, type SiteParts } from "../site.ts";
import { detailOf, overviewOf } from "../views.ts";

const UNKNOWN = { 404: "There is no such market here" };
const limit = z.coerce.number().int().min(1).max(500).default(50);
const seq = z.coerce.number().int().min(0).optional();

const explanations = z.object({ explanations: z.array(schema.explanation) });
const history = z.object({ points: z.array(schema.historyPoint) });
const trades = z.object({ trades: z.array(schema.tradeRecord) });
const events = z.object({ events: z.array(schema.riskEvent), last_seq: z.int().nullable() });
const cyclePath = marketPath.extend({ cycle: z.coerce.number().int().min(0) });

/** Adds the pages that show the markets and what they did lately. */
export function addMarketRoutes(site: Site, parts: SiteParts): void {
  const { service, records, clock } = parts;
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/markets",
      summary: "Every market in a row",
      responses: answers(schema.overview),
    }),
    (context) => context.json(answer(schema.overview, overviewOf(service.status(), parts)), 200),
  );
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/markets/{id}",
      summary: "One market: its last quote term by term, own orders, inventory, limits, lease",
      request: { params: marketPath },
      responses: answers(schema.marketDetail, UNKNOWN),
    }),
    (context) => {
      const market = requireMarket(parts, context.req.valid("param").id);
      const detail = detailOf(market, service.status(), parts);
      return context.json(answer(schema.marketDetail, detail), 200);
    },
  );
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/markets/{id}/history",
      summary: "Points for charts, one a cycle, oldest first",
      request: {
        params: marketPath,
        query: z.object({ minutes: z.coerce.number().min(0).max(1440).default(60) }),
      },
      responses: answers(history, UNKNOWN),
    }),
    (context) => {
      const { marketId } = requireMarket(parts, context.req.valid("param").id);
      const sinceMs = clock.nowMs() - 60_000 * context.req.valid("query").minutes;
      const points = records.of(marketId).points.filter(({ atMs }) => atMs >= sinceMs);
      return context.json(answer(history, { points }), 200);
    },
  );
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/markets/{id}/trades",
      summary: "Own trades, newest first, with our quote then and markouts after 1, 10 and 60 s",
      request: { params: marketPath, query: z.object({ limit }) },
      responses: answers(trades, UNKNOWN),
    }),
    (context) => {
      const { marketId } = requireMarket(parts, context.req.valid("param").id);
      const kept = records.of(marketId).trades.slice(-context.req.valid("query").limit);
      return context.json(answer(trades, { trades: kept.toReversed() }), 200);
    },
  );
  addExplanationRoutes(site, parts);
  addEventRoute(site, parts);
}

function addExplanationRoutes(site: Site, parts: SiteParts): void {
  const { service } = parts;
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/markets/{id}/explanations",
      summary: "Past quotes term by term, newest first, as far as they are still held",
      request: { params: marketPath, query: z.object({ limit, before_cycle: seq }) },
      responses: answers(explanations, UNKNOWN),
    }),
    (context) => {
      const { marketId } = requireMarket(parts, context.req.valid("param").id);
      const { limit, before_cycle: before = Infinity } = context.req.valid("query");
      const found = service.explanations(marketId)
        .filter(({ cycle }) => cycle < before).slice(-limit).toReversed();
      return context.json(answer(explanations, { explanations: found }), 200);
    },
  );
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/markets/{id}/explanations/{cycle}",
      summary: "One past quote",
      request: { params: cyclePath },
      responses: answers(schema.explanation, { 404: "No such market, or cycle no longer held" }),
    }),
    (context) => {
      const { id, cycle } = context.req.valid("param");
      const { marketId } = requireMarket(parts, id);
      const held = service.explanations(marketId);
      const found = held.find((explanation) => explanation.cycle === cycle);
      if (found !== undefined) return context.json(answer(schema.explanation, found), 200);
      const range = held.length === 0
        ? "none is held"
        : `cycles ${held[0]?.cycle} to ${held.at(-1)?.cycle} are held`;
      throw new Problem("not_found", `cycle ${cycle} is not held: ${range}`, {
        field: "path.cycle",
      });
    },
  );
}

function addEventRoute(site: Site, { records }: SiteParts): void {
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/events",
      summary: "Risk events, newest last; `after` goes on where the last answer ended",
      request: {
        query: z.object({
          limit,
          after: seq,
          market: z.string().max(200).optional(),
          kind: z.string().max(100).optional(),
        }),
      },
      responses: answers(events),
    }),
    (context) => {
      const { limit, after, market, kind } = context.req.valid("query");
      const found = records.events({ limit, after, marketId: market, event: kind });
      const lastSeq = found.at(-1)?.seq ?? after ?? null;
      return context.json(answer(events, { events: found, lastSeq }), 200);
    },
  );
}
