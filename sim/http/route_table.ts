import type { Context } from "@hono/hono";
import * as answers from "./answers.ts";
import { docsPage } from "./docs_page.ts";
import { type MountedRoutes, type OpenApiDocument, openApiDocument } from "./openapi.ts";
import { get, nothing, type Route, type Venue } from "./route.ts";
import { accountRoutes } from "./routes/account_routes.ts";
import { adminRoutes } from "./routes/admin_routes.ts";
import { ammRoutes } from "./routes/amm_routes.ts";
import { controlRoutes } from "./routes/control_routes.ts";
import { marketRoutes } from "./routes/market_routes.ts";
import { orderRoutes } from "./routes/order_routes.ts";
import { sessionRoutes } from "./routes/session_routes.ts";

/** Where the API of the venue begins. */
export const API_PREFIX = "/api/v1";

/** Where tests change what no user could; the venue has nothing like it. */
export const CONTROL_PREFIX = "/__control";

/** The version that `GET /health` tells. */
const VENUE_VERSION = "0.1.0";

/** Something that answers at a path: a route of an API, or a page for people. */
export type Service =
  | {
    readonly kind: "route";
    readonly method: string;
    readonly path: string;
    readonly route: Route;
  }
  | {
    readonly kind: "page";
    readonly method: string;
    readonly path: string;
    readonly show: (context: Context) => Response | Promise<Response>;
  };

/** The API of the venue, in the order of the document. */
export function apiRoutes(venue: Venue): readonly Route[] {
  return [
    ...sessionRoutes(venue),
    ...marketRoutes(venue),
    ...accountRoutes(venue),
    ...orderRoutes(venue),
    ...ammRoutes(venue),
    ...adminRoutes(venue),
  ];
}

/** Everything that answers, at its full path. */
export function routeTable(
  venue: Venue,
  { control }: { readonly control: boolean },
): readonly Service[] {
  const source = "Exchange API";
  const api = [
    { prefix: "", source, routes: [healthRoute] },
    { prefix: API_PREFIX, source, routes: apiRoutes(venue) },
  ];
  const back = [
    { prefix: CONTROL_PREFIX, source: "Matching engine", routes: controlRoutes(venue) },
  ];
  return [...documented("", api), ...(control ? documented(CONTROL_PREFIX, back) : [])];
}

const healthRoute = get("/health", {
  section: "2.1",
  summary: "Says that the process runs, and nothing more.",
  access: "public",
  input: nothing,
  answer: answers.health,
  bare: true,
  handle: () => ({ status: "ok", version: VENUE_VERSION }),
});

/** Routes, and at a path of their own what there is to know about them. */
function documented(path: string, mounted: readonly MountedRoutes[]): readonly Service[] {
  let known: OpenApiDocument | null = null;
  // Most venues of a simulation are never asked what they can do.
  const document = () => known ??= openApiDocument(mounted);
  return [
    ...mounted.flatMap(servicesOf),
    page(`${path}/openapi.json`, (context) => context.json(document())),
    page(
      `${path}/docs`,
      (context) =>
        context.html(docsPage(document(), `${path}/openapi.json`), 200, {
          "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        }),
    ),
  ];
}

function servicesOf({ prefix, routes }: MountedRoutes): readonly Service[] {
  return routes.map((route) => ({
    kind: "route",
    method: route.method,
    path: prefix + route.path,
    route,
  }));
}

function page(
  path: string,
  show: (context: Context) => Response | Promise<Response>,
): Service {
  return { kind: "page", method: "GET", path, show };
}
