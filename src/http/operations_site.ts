import { methodNotAllowed } from "@hono/hono/method-not-allowed";
import { bodyLimit } from "@hono/hono/body-limit";
import { prettyJSON } from "@hono/hono/pretty-json";
import { requestId } from "@hono/hono/request-id";
import { secureHeaders } from "@hono/hono/secure-headers";
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "@hono/hono";
import { z } from "zod";
import type { AlertCounts } from "../alerts/alerter.ts";
import type { JournalCounts } from "../journal/journal_writer.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import { BotRecords } from "../service/records/bot_records.ts";
import { AuditLog } from "./audit_log.ts";
import { addDashboard } from "./dashboard/dashboard_pages.ts";
import { docsPage } from "./docs_page.ts";
import { adminGate, auditCalls } from "./gate.ts";
import { addHealthPages } from "./health_pages.ts";
import { hostCheck } from "./host_check.ts";
import { LiveStream } from "./live_stream.ts";
import { BotMetrics } from "./metrics/bot_metrics.ts";
import { Problem, PROBLEM_STATUS, problemOf } from "./problem.ts";
import { addCommandRoutes } from "./routes/command_routes.ts";
import { addConfigRoutes } from "./routes/config_routes.ts";
import { addMarketRoutes } from "./routes/market_routes.ts";
import { addProcessRoutes } from "./routes/process_routes.ts";
import { answers, newSite, type Site, type SiteEnv, type SiteParts } from "./site.ts";

/** What the pages of a bot are made of. */
export interface OperationsSiteOptions extends Omit<SiteParts, "audit" | "records"> {
  readonly random: Random;
  readonly log: Logger;
  /** `admin_token`; without one there are no admin pages. */
  readonly adminToken: string | null;
  /** Names by which the pages may be called: `health_host` and `health_allowed_hosts`. */
  readonly hosts: readonly string[];
  /** What became of the alerts; null where none are sent. */
  readonly alertCounts: () => AlertCounts | null;
  /** What became of the records of the journal; null where none is written. */
  readonly journalCounts: () => JournalCounts | null;
  /** How many markets are configured: they share the memory of the records. */
  readonly markets: number;
}

/** The pages of a bot. */
export interface OperationsSite {
  readonly app: Site;
  /** Ends the streams; to be called before the port is closed. */
  close(): void;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Everything that a bot shows and takes over HTTP, beside the quote loop: the loop never waits for
 * any of it.
 */
export function operationsSite(options: OperationsSiteOptions): OperationsSite {
  const { service, hub, clock, log, operations } = options;
  const parts: SiteParts = {
    ...options,
    audit: new AuditLog(clock, log),
    records: new BotRecords(service, hub, options.markets),
  };
  const live = new LiveStream(parts, hub, clock);
  const metrics = new BotMetrics({
    ...{ service, operations, hub },
    streams: () => live.readers,
    alerts: options.alertCounts,
    journal: options.journalCounts,
  });
  const site = newSite();
  addMiddleware(site, options, parts);
  addDashboard(site, () => service.status().mode);
  addHealthPages(site, service);
  site.get("/metrics", (context) => {
    context.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return context.body(metrics.text());
  });
  addMarketRoutes(site, parts);
  addStream(site, live);
  addCommandRoutes(site, parts);
  addConfigRoutes(site, parts);
  addProcessRoutes(site, parts);
  addDocs(site);
  return { app: site, close: () => live.close() };
}

function addMiddleware(
  site: Site,
  { random, adminToken, hosts, clock, log }: OperationsSiteOptions,
  { audit }: SiteParts,
): void {
  const ids = random.fork("request ids");
  site.use(requestId({
    limitLength: 64,
    generator: () => ids.integer(0, Number.MAX_SAFE_INTEGER).toString(36),
  }));
  site.use(secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    strictTransportSecurity: false,
    // Pages that show something to people say themselves what they may load.
    overwrite: false,
  }));
  site.use(async (context, next) => {
    await next();
    context.header("Cache-Control", "no-store");
  });
  site.use(prettyJSON());
  site.use(auditCalls(audit));
  site.use(hostCheck(hosts));
  site.use(adminGate(adminToken, clock));
  site.use(bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new Problem("too_large", "the body is longer than 64 kB", { field: "body" });
    },
  }));
  site.use(methodNotAllowed({
    app: site,
    onMethodNotAllowed: (context, methods) => {
      context.header("Allow", methods.join(", "));
      throw new Problem("method_not_allowed", `allowed here: ${methods.join(", ")}`);
    },
  }));
  site.notFound((context) => {
    const message = `there is nothing at ${context.req.path}: see /docs`;
    return tell(context, new Problem("not_found", message));
  });
  site.onError((error, context) => {
    const problem = problemOf(error);
    if (problem.code === "internal") {
      log.log("ERROR", "http_error", {
        path: context.req.path,
        error,
        requestId: context.get("requestId"),
      });
    }
    return tell(context, problem);
  });
}

function tell(context: Context<SiteEnv>, { code, message, facts }: Problem): Response {
  const error = { code, message, ...facts };
  const answer = { error, request_id: context.get("requestId") };
  return context.json(answer, PROBLEM_STATUS[code]);
}

function addStream(site: Site, live: LiveStream): void {
  const query = z.object({ market: z.string().max(200).optional() });
  const codes = answers(z.string(), { 503: "Too many readers, or the process stops" });
  const stream = { description: "The stream", content: { "text/event-stream": {} } };
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/stream",
      summary: "Server-sent events: overview, market, event; Last-Event-ID catches up",
      request: { query },
      responses: { ...codes, 200: stream },
    }),
    (context) => {
      const { market } = context.req.valid("query");
      const lastEventId = context.req.header("Last-Event-ID");
      context.header("Content-Type", "text/event-stream");
      return context.body(live.open({ market, lastEventId }));
    },
  );
}

function addDocs(site: Site): void {
  site.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
  });
  const document = () =>
    site.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Market maker: operations",
        version: "1.0.0",
        description: "What a running bot shows and takes. Reading is open to whoever reaches the " +
          "port, which is this machine alone unless health_host says otherwise; what changes " +
          "something takes `Authorization: Bearer AMM_ADMIN_TOKEN`. Prices are YES cents, money " +
          "is cents, times are epoch milliseconds.",
      },
    });
  site.get("/openapi.json", (context) => context.json(document()));
  site.get("/docs", (context) => {
    context.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    return context.html(docsPage(JSON.parse(JSON.stringify(document()))));
  });
}
