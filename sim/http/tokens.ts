import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** What a token is good for. */
export type TokenType = "access" | "refresh";

/** What a token says; times in seconds since the epoch. */
const claimsSchema = z.object({
  sub: z.string(),
  type: z.enum(["access", "refresh"]),
  iat: z.number(),
  exp: z.number(),
});

/** What a token says; times in seconds since the epoch. */
export type Claims = z.output<typeof claimsSchema>;

/** How long tokens live, seconds. */
export interface TokenLifetimes {
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
}

/** The lifetimes of the venue: half an hour and seven days. */
export const VENUE_LIFETIMES: TokenLifetimes = { accessSeconds: 1800, refreshSeconds: 604_800 };

/** What a {@link TokenIssuer} is made of. */
export interface TokenIssuerOptions extends TokenLifetimes {
  /** Key of the signatures. */
  readonly secret: string;
  readonly nowMs: () => number;
}

const HEADER = base64url(JSON.stringify({ alg: "HS256", typ: "JWT" }));

const MAX_SIGNATURES = 64;

/**
 * Signs and checks JSON web tokens (HS256). Written with the synchronous HMAC, because WebCrypto
 * answers in real time, which a virtual clock does not wait for.
 */
export class TokenIssuer {
  readonly #options: TokenIssuerOptions;
  /** Signatures by text: a token comes with every request, and few are in use. */
  readonly #signatures = new Map<string, string>();

  constructor(options: TokenIssuerOptions) {
    this.#options = options;
  }

  /** Seconds that an access token lives. */
  get accessSeconds(): number {
    return this.#options.accessSeconds;
  }

  /** A new token of a user. */
  issue(userId: string, type: TokenType): string {
    const { accessSeconds, refreshSeconds } = this.#options;
    const iat = this.#nowSeconds();
    const life = type === "access" ? accessSeconds : refreshSeconds;
    return this.sign({ sub: userId, type, iat, exp: iat + life });
  }

  /** A token with any claims. */
  sign(claims: Claims): string {
    const body = `${HEADER}.${base64url(JSON.stringify(claims))}`;
    return `${body}.${this.#signature(body)}`;
  }

  /** The user of a token, null if it is not of that type, was not signed here or has expired. */
  userOf(token: string, type: TokenType): string | null {
    const [header = "", payload = "", signature = "", ...more] = token.split(".");
    if (header !== HEADER || more.length > 0) return null;
    if (!isSame(signature, this.#signature(`${header}.${payload}`))) return null;
    const claims = readClaims(token);
    if (claims?.type !== type || claims.exp <= this.#nowSeconds()) return null;
    return claims.sub;
  }

  #signature(text: string): string {
    const known = this.#signatures.get(text);
    if (known !== undefined) return known;
    const signature = createHmac("sha256", this.#options.secret).update(text).digest("base64url");
    if (this.#signatures.size >= MAX_SIGNATURES) this.#signatures.clear();
    this.#signatures.set(text, signature);
    return signature;
  }

  #nowSeconds(): number {
    return Math.floor(this.#options.nowMs() / 1000);
  }
}

/** What a token says, whoever signed it; null if it is no token. */
export function readClaims(token: string): Claims | null {
  const payload = token.split(".")[1] ?? "";
  try {
    const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return claimsSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function base64url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
