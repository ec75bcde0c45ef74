import { createHmac } from "node:crypto";
import type { Clock } from "../runtime/clock.ts";

/** Where alerts go, and how they show whom they are from. */
export interface WebhookOptions {
  readonly url: string;
  /** Signs every message; unsigned without one. */
  readonly secret: string | null;
  readonly clock: Clock;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** What became of a message. */
export type Delivery =
  | { readonly kind: "sent" }
  /** The receiver will not take it, however often it is sent. */
  | { readonly kind: "refused"; readonly cause: string }
  /** It may be taken later. */
  | { readonly kind: "failed"; readonly cause: string };

/** Name of the header with the signature: `t=SECONDS,v1=HEX`. */
export const SIGNATURE_HEADER = "X-Amm-Signature";

/** A receiver that takes longer is taken to be away. */
const TIMEOUT_MS = 5000;

/**
 * Posts a message once. It never throws, and what it says never holds the secret or the path of the
 * address, which may be as good as one.
 * @param signal gives the try up
 */
export async function deliver(
  { url, secret, clock, fetch }: WebhookOptions,
  body: string,
  signal: AbortSignal,
): Promise<Delivery> {
  const timeout = new AbortController();
  const cancel = clock.after(TIMEOUT_MS, () => timeout.abort());
  try {
    const signature = secret === null
      ? {}
      : { [SIGNATURE_HEADER]: signatureOf(body, secret, clock.nowMs()) };
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...signature },
      body,
      // A signature is for the receiver that is configured and for nobody else.
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout.signal]),
    });
    await response.body?.cancel();
    return judged(response.status);
  } catch (error) {
    if (timeout.signal.aborted) {
      return { kind: "failed", cause: `no answer within ${TIMEOUT_MS / 1000} s` };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed", cause: message.replaceAll(url, new URL(url).host) };
  } finally {
    cancel();
  }
}

function judged(status: number): Delivery {
  if (status >= 200 && status < 300) return { kind: "sent" };
  const cause = `the receiver answers ${status}`;
  const mayPass = status >= 500 || status === 408 || status === 429;
  return { kind: mayPass ? "failed" : "refused", cause };
}

/**
 * The header that proves whom a message is from and when it was sent: HMAC-SHA256 over
 * `SECONDS.BODY`, so that nobody can send an old one again.
 */
export function signatureOf(body: string, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${signature}`;
}
