/** How the venue says no: four shapes of answers (exchange API §1.4). */

import type { Context } from "@hono/hono";
import type { ContentfulStatusCode } from "@hono/hono/utils/http-status";
import { ExchangeCode, Refusal, VenueCrash } from "../exchange/mod.ts";

/** Codes that only HTTP needs, beside those of the engine (exchange API §8). */
export const HttpCode = {
  USERNAME_EXISTS: 1001,
  EMAIL_EXISTS: 1002,
  BAD_CREDENTIALS: 1003,
  BAD_REFRESH_TOKEN: 1005,
  RATE_LIMITED: 9001,
} as const;

/** The HTTP status of each code that is not 422. */
const STATUS: Readonly<Record<number, ContentfulStatusCode>> = {
  [ExchangeCode.NOT_OWNER]: 403,
  [HttpCode.USERNAME_EXISTS]: 409,
  [HttpCode.EMAIL_EXISTS]: 409,
  [HttpCode.BAD_CREDENTIALS]: 401,
  [HttpCode.BAD_REFRESH_TOKEN]: 401,
  [ExchangeCode.MARKET_NOT_FOUND]: 404,
  [ExchangeCode.ORDER_NOT_FOUND]: 404,
  [ExchangeCode.DUPLICATE_CLIENT_ORDER_ID]: 409,
  [ExchangeCode.OLD_ORDER_NOT_FOUND]: 404,
  [ExchangeCode.OLD_ORDER_NOT_OWNED]: 403,
  [ExchangeCode.PRIVILEGED_ONLY]: 403,
  [HttpCode.RATE_LIMITED]: 429,
  [ExchangeCode.ACCOUNT_NOT_FOUND]: 500,
};

/** The HTTP status that goes with a code of the venue. */
export function statusOf(code: number): ContentfulStatusCode {
  return STATUS[code] ?? 422;
}

/** One field that is not valid, as the venue describes it. */
export interface FieldProblem {
  readonly type: string;
  readonly loc: readonly PropertyKey[];
  readonly msg: string;
  /** The value as it was received. */
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** An answer of shape E2, a sentence, or E3, a list of fields: it has `detail` and no code. */
export class DetailProblem extends Error {
  override readonly name = "DetailProblem";

  constructor(
    readonly status: ContentfulStatusCode,
    readonly detail: string | readonly FieldProblem[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(typeof detail === "string" ? detail : "Request validation failed");
  }
}

/** The E2 answers of the venue. */
export const denials = {
  notAuthenticated: () => unauthorized("Not authenticated"),
  badToken: () => unauthorized("Invalid or expired token"),
  ammOnly: () => new DetailProblem(403, "AMM system account required"),
  adminOnly: () => new DetailProblem(403, "Administrator required"),
  notFound: () => new DetailProblem(404, "Not Found"),
  methodNotAllowed: (allowed: readonly string[]) =>
    new DetailProblem(405, "Method Not Allowed", { allow: allowed.join(", ") }),
  tooLarge: () => new DetailProblem(413, "Request Entity Too Large"),
} as const;

/** What an error answer needs to know. */
export interface FailureOptions {
  /** Wraps the fields of an envelope. */
  readonly envelope: (
    fields: { code: number; message: string; data: unknown },
  ) => Readonly<Record<string, unknown>>;
  /** Closes the connection after an unhandled error. */
  readonly closesConnection: boolean;
  /** Told of an error that is a defect of the simulator. */
  readonly onDefect: (error: unknown) => void;
}

/** The answer to a request that failed. */
export function failureAnswer(context: Context, error: unknown, options: FailureOptions): Response {
  if (error instanceof DetailProblem) {
    return context.json({ detail: error.detail }, error.status, error.headers);
  }
  if (error instanceof Refusal) {
    const { code, message, data } = error;
    return context.json(options.envelope({ code, message, data }), statusOf(code));
  }
  if (!(error instanceof VenueCrash)) options.onDefect(error);
  return context.body("Internal Server Error", 500, {
    "content-type": "text/plain; charset=utf-8",
    ...(options.closesConnection ? { connection: "close" } : {}),
  });
}

function unauthorized(detail: string): DetailProblem {
  return new DetailProblem(401, detail, { "www-authenticate": "Bearer" });
}
