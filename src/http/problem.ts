/** The one shape in which the pages say that something cannot be done. */

import { HTTPException } from "@hono/hono/http-exception";
import { z } from "zod";
import { StoreError } from "../cache/store_error.ts";
import { hideSecrets } from "../runtime/wire.ts";

/** What is wrong, for programs. */
export const PROBLEM_STATUS = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  invalid: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

/** A code of a problem. */
export type ProblemCode = keyof typeof PROBLEM_STATUS;

const detail = z.object({ field: z.string(), message: z.string() });

/** The answer that tells of a problem. */
export const problemAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]),
    message: z.string(),
    /** Which part of the request is wrong, such as `body.reason`. */
    field: z.string().optional(),
    details: z.array(detail).optional(),
    /** The version that a change met in place of the expected one. */
    version: z.int().optional(),
    updated_by: z.string().nullable().optional(),
    reason: z.string().nullable().optional(),
  }),
  request_id: z.string(),
});

/** What a problem says besides code and message. */
export type ProblemFacts = Partial<
  Omit<z.infer<typeof problemAnswer>["error"], "code" | "message">
>;

/** A request that cannot be answered as asked; the message says what to do. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, message: string, facts: ProblemFacts = {}) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}

/** Most fields that one answer tells of. */
const MAX_DETAILS = 20;

/** What a schema has found wrong in a part of a request. */
export function invalid(part: string, { issues }: z.core.$ZodError): Problem {
  const details = issues.slice(0, MAX_DETAILS).map(({ path, message }) => ({
    field: [part, ...path].join("."),
    message,
  }));
  const [first] = details;
  return new Problem("invalid", first?.message ?? "the request is not valid", {
    field: first?.field ?? part,
    details,
  });
}

/** The problem that an error means; one that nobody has foreseen is a defect. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreError) {
    const message = `the state store cannot be used: ${hideSecrets(error.message)}`;
    return new Problem("unavailable", message);
  }
  if (error instanceof HTTPException && error.status < 500) {
    return new Problem(
      "invalid",
      "the body must be JSON with Content-Type: application/json",
      { field: "body" },
    );
  }
  return new Problem("internal", "internal error: the log has the cause under this request id");
}
