import { z } from "zod";
import { parseWith, wireText } from "./wire.ts";

/** Visible ASCII only, so that it can stand in a header. */
const wireToken = z.string().regex(/^[\x21-\x7e]+$/, "must be a token");
const seconds = z.int().min(1);

const refreshAnswer = z.object({
  access_token: wireToken,
  expires_in: seconds,
  /** A venue that rotates refresh tokens sends the next one (L-39). */
  refresh_token: wireToken.optional(),
});

const loginAnswer = z.object({
  access_token: wireToken,
  refresh_token: wireToken,
  expires_in: seconds,
  user: z.object({ user_id: wireText }),
});

/** Tokens of a session. */
export interface Tokens {
  readonly accessToken: string;
  /** Null if the answer brought none: the one in use stays. */
  readonly refreshToken: string | null;
  readonly lifetimeMs: number;
}

/** A session that was just opened. */
export interface NewSession extends Tokens {
  readonly refreshToken: string;
  readonly userId: string;
}

/** Reads the answer to a login. @throws MalformedAnswer */
export function readLogin(payload: unknown): NewSession {
  const wire = parseWith(loginAnswer, payload);
  return {
    accessToken: wire.access_token,
    refreshToken: wire.refresh_token,
    lifetimeMs: wire.expires_in * 1000,
    userId: wire.user.user_id,
  };
}

/** Reads the answer to a refresh. @throws MalformedAnswer */
export function readRefresh(payload: unknown): Tokens {
  const wire = parseWith(refreshAnswer, payload);
  return {
    accessToken: wire.access_token,
    refreshToken: wire.refresh_token ?? null,
    lifetimeMs: wire.expires_in * 1000,
  };
}
