import { type Context, Hono, type MiddlewareHandler } from "@hono/hono";
import { bodyLimit } from "@hono/hono/body-limit";
import { cors } from "@hono/hono/cors";
import { type Clock, sleep } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type FakeExchange, VenueHang } from "../exchange/mod.ts";
import { admittedUser, checkRate } from "./admission.ts";
import { offsetTime } from "./display.ts";
import { denials, failureAnswer, type FailureOptions } from "./problems.ts";
import { NO_LIMITS, RateLimiter, type RateLimits } from "./rate_limiter.ts";
import type { Venue } from "./route.ts";
import { API_PREFIX, CONTROL_PREFIX, routeTable, type Service } from "./route_table.ts";
import type { TokenIssuer } from "./tokens.ts";
import { hexDigits, type UserDirectory } from "./users.ts";
import { parseJson } from "./validation.ts";

/** What an {@link exchangeApp} is made of. */
export interface ExchangeAppOptions {
  /** The engine; its quirks are those of the app. */
  readonly exchange: FakeExchange;
  /** Who can log in. */
  readonly users: UserDirectory;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
  readonly random: Random;
  /** No limits if left out, as deployed. */
  readonly limits?: Partial<RateLimits>;
  /** From request to answer, ms; the request takes half of it to arrive. */
  readonly latencyMs?: number;
  /** Opens {@link CONTROL_PREFIX}, through which tests change what no user could. */
  readonly control?: boolean;
  /** Told of an error that is a defect of the simulator; it is answered with a bare 500. */
  readonly onDefect?: (error: unknown) => void;
}

const MAX_BODY_BYTES = 64 * 1024;
const RATE_HEADERS = [
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "Retry-After",
];

/**
 * The fake exchange behind the venue's own routes, answers and errors (exchange API). It knows no
 * socket: `app.fetch` takes requests inside the process, and all work of one is done before the
 * clock moves on.
 */
export function exchangeApp(options: ExchangeAppOptions): Hono {
  const { exchange, clock, latencyMs = 0, onDefect = () => {} } = options;
  const venue: Venue = { ...options, has: (quirk) => exchange.settings.quirks.has(quirk) };
  const limiter = new RateLimiter({ ...NO_LIMITS, ...options.limits });
  const envelope = envelopes(venue);
  const services = routeTable(venue, { control: options.control ?? false });
  const failure: FailureOptions = {
    envelope,
    closesConnection: venue.has("Q-22"),
    onDefect,
  };

  const app = new Hono();
  app.use("/*", forBrowsers());
  app.use(
    "/*",
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => failureAnswer(context, denials.tooLarge(), failure),
    }),
  );
  if (latencyMs > 0) app.use(`${API_PREFIX}/*`, delayed(clock, latencyMs));
  for (const service of services) app.on(service.method, honoPath(service), respond(service));
  app.notFound((context) => unknownRoute(context, services, failure));
  app.onError(async (error, context) => {
    if (error instanceof VenueHang) await new Promise(() => {});
    return failureAnswer(context, error, failure);
  });
  return app;

  function respond(service: Service) {
    if (service.kind === "page") return (context: Context) => service.show(context);
    const { route } = service;
    return async (context: Context) => {
      const userId = admittedUser(venue, route.access, context.req.header("authorization"));
      const call = route.accept({
        userId,
        params: context.req.param(),
        input: await inputOf(context, service),
      });
      checkRate(context, route, call, { limiter, nowMs: clock.nowMs() });
      const { status, message, payload } = call.perform();
      const body = message === null ? payload : envelope({ code: 0, message, data: payload });
      return context.body(JSON.stringify(body), status, { "content-type": "application/json" });
    };
  }
}

/** Lets pages of any origin ask (§1.1), but not change what no user could. */
function forBrowsers(): MiddlewareHandler {
  const open = cors({ origin: "*", exposeHeaders: RATE_HEADERS });
  return (context, next) =>
    context.req.path.startsWith(CONTROL_PREFIX) ? next() : open(context, next);
}

/** Wraps answers (§1.3). */
function envelopes({ clock, random }: Venue): FailureOptions["envelope"] {
  return (fields) => ({
    ...fields,
    timestamp: offsetTime(clock.nowMs()),
    request_id: `req_${hexDigits(random, 12)}`,
  });
}

/** Makes every request take its time, half of it on the way there. */
function delayed(clock: Clock, latencyMs: number) {
  return async (_context: Context, next: () => Promise<void>) => {
    await sleep(clock, latencyMs / 2);
    await next();
    await sleep(clock, latencyMs / 2);
  };
}

async function inputOf(
  context: Context,
  { path, route: { method, input } }: Extract<Service, { kind: "route" }>,
): Promise<unknown> {
  // Of a parameter that is there twice, the last one counts, as deployed.
  if (method === "GET") return Object.fromEntries(new URL(context.req.url).searchParams);
  if (Object.keys(input.shape).length === 0) return {};
  const text = await context.req.text();
  const isStrict = path.startsWith(API_PREFIX);
  if (isStrict && !isJson(context.req.header("content-type"))) return text === "" ? null : text;
  return parseJson(text);
}

/** A body that claims to be something else is not read as JSON; one that claims nothing is. */
function isJson(contentType = "application/json"): boolean {
  return /^application\/(\S+\+)?json\s*(;|$)/i.test(contentType);
}

function honoPath({ path }: Service): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** What is not there: 405 for another method, a redirect for a trailing slash, else 404. */
function unknownRoute(
  context: Context,
  services: readonly Service[],
  failure: FailureOptions,
): Response {
  const { pathname, search } = new URL(context.req.url);
  const methods = methodsAt(pathname, services);
  if (methods.length > 0) {
    return failureAnswer(context, denials.methodNotAllowed(methods), failure);
  }
  const shorter = pathname.replace(/\/$/, "");
  if (shorter !== pathname && methodsAt(shorter, services).length > 0) {
    return context.redirect(shorter + search, 307);
  }
  return failureAnswer(context, denials.notFound(), failure);
}

function methodsAt(pathname: string, services: readonly Service[]): readonly string[] {
  return services
    .filter(({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname))
    .map(({ method }) => method);
}
