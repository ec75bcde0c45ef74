import { z } from "zod";
import type { Clock } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import type { FakeExchange } from "../exchange/mod.ts";
import type { RateGroup } from "./rate_limiter.ts";
import type { HasQuirk } from "./requests.ts";
import type { TokenIssuer } from "./tokens.ts";
import type { UserDirectory } from "./users.ts";
import { parsePart } from "./validation.ts";

/** What the routes work with. */
export interface Venue {
  readonly exchange: FakeExchange;
  readonly users: UserDirectory;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
  readonly random: Random;
  readonly has: HasQuirk;
}

/** Who may call a route: everybody, every user, or only the venue's own people. */
export type Access = "public" | "user" | "amm" | "admin";

/** The names in the braces of a path. */
type ParamName<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamName<Rest>
  : never;

/** A request that passed validation. */
export interface Call<P extends string, I extends z.ZodObject> {
  /** Who sent it; empty on public routes. */
  readonly userId: string;
  readonly param: (name: ParamName<P>) => string;
  /** The query of a GET, the body of a POST. */
  readonly input: z.output<I>;
}

/** A route as the document describes it. */
export interface RouteSpec<P extends string, I extends z.ZodObject, A extends z.ZodType> {
  /** Section of the document that describes it. */
  readonly section: string;
  readonly summary: string;
  readonly access: Access;
  /** Which limit it counts against; none if left out. */
  readonly rate?: RateGroup;
  /** What the limit is for, beside the user; the user alone if left out. */
  readonly ratedBy?: (input: z.output<I>) => string;
  /** The query of a GET, the body of a POST; {@link nothing} for a route without. */
  readonly input: I;
  readonly answer: A;
  /** True for an answer without an envelope (§1.3). */
  readonly bare?: boolean;
  /** 200 if left out. */
  readonly status?: 200 | 201;
  /** Message of the envelope; `success` if left out. */
  readonly message?: string | ((payload: z.input<A>) => string);
  /** Codes of the venue that it refuses with, beside those that every route has. */
  readonly errors?: readonly number[];
  /** Works on a valid request. */
  readonly handle: (call: Call<P, I>) => z.input<A>;
}

/** A request as it came in. */
export interface RawCall {
  readonly userId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly input: unknown;
}

/** What a route answers when all goes well. */
export interface Success {
  readonly status: 200 | 201;
  /** Message of the envelope, null for an answer without one. */
  readonly message: string | null;
  readonly payload: unknown;
}

/** A valid request that waits to be done. */
export interface AcceptedCall {
  /** Whose calls count against one limit together. */
  readonly ratedBy: string;
  readonly perform: () => Success;
}

/** A route, whatever its request and answer look like. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Below the prefix of the API, with parameters in braces. */
  readonly path: string;
  readonly section: string;
  readonly summary: string;
  readonly access: Access;
  readonly rate: RateGroup | null;
  readonly input: z.ZodObject;
  readonly answer: z.ZodType;
  readonly bare: boolean;
  readonly status: 200 | 201;
  readonly errors: readonly number[];
  /**
   * Validates a request.
   * @throws DetailProblem 422
   */
  readonly accept: (raw: RawCall) => AcceptedCall;
}

/** The input of a route that takes none. */
export const nothing = z.object({});

/** A route that reads. */
export function get<const P extends string, I extends z.ZodObject, A extends z.ZodType>(
  path: P,
  spec: RouteSpec<P, I, A>,
): Route {
  return route("GET", path, spec);
}

/** A route that does something. */
export function post<const P extends string, I extends z.ZodObject, A extends z.ZodType>(
  path: P,
  spec: RouteSpec<P, I, A>,
): Route {
  return route("POST", path, spec);
}

function route<P extends string, I extends z.ZodObject, A extends z.ZodType>(
  method: Route["method"],
  path: P,
  spec: RouteSpec<P, I, A>,
): Route {
  const { rate = null, bare = false, status = 200, message = "success", errors = [] } = spec;
  return {
    ...spec,
    method,
    path,
    rate,
    bare,
    status,
    errors,
    accept({ userId, params, input }) {
      const call = {
        userId,
        param: (name: string) => params[name] ?? "",
        input: parsePart(spec.input, method === "GET" ? "query" : "body", input),
      };
      return {
        ratedBy: `${userId} ${spec.ratedBy?.(call.input) ?? ""}`,
        perform() {
          const payload = spec.handle(call);
          const said = typeof message === "function" ? message(payload) : message;
          return { status, message: bare ? null : said, payload };
        },
      };
    },
  };
}
