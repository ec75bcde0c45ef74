import { type Clock, TIMED_OUT, withTimeout } from "../../runtime/clock.ts";

/**
 * The part of `fetch` that is used; a web application inside the process can stand in for the
 * network.
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request, relative to the base URL. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Begins with a slash; every id in it has been checked. */
  readonly path: string;
  /** Sent as JSON; absent for requests without a body. */
  readonly body?: unknown;
  /** Access token, null for the routes of the session itself. */
  readonly bearer: string | null;
}

/** A body as far as it could be read. */
export type HttpBody =
  | { readonly kind: "json"; readonly value: unknown }
  /**
   * Something else: HTML, plain text, truncated JSON, too much; `what` says so without quoting it.
   */
  | { readonly kind: "other"; readonly what: string }
  /** The connection ended in the middle. */
  | { readonly kind: "cut" };

/** What came back. */
export type HttpResult =
  | {
    readonly kind: "response";
    readonly status: number;
    readonly headers: Headers;
    readonly body: HttpBody;
  }
  | { readonly kind: "timeout" }
  | { readonly kind: "connection_lost"; readonly message: string };

/** What the transport is made of. */
export interface HttpTransportOptions {
  /** `base_url`, without credentials, query or fragment. */
  readonly baseUrl: string;
  /** `http_timeout_ms`: from the request to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** The largest answer that is read; a page of 100 orders has 60 kB. */
const MAX_BODY_BYTES = 2_000_000;

/**
 * Sends one request and reads the whole answer, within one time-out. Never throws: whatever the
 * network or the venue does is a result. Connections are kept alive by `fetch`, which drops one
 * that broke.
 */
export class HttpTransport {
  readonly #options: HttpTransportOptions;
  readonly #base: string;

  /** @throws RangeError if the base URL cannot be used; the message does not show it */
  constructor(options: HttpTransportOptions) {
    this.#options = options;
    this.#base = checkedBase(options.baseUrl);
  }

  async send(request: HttpRequest): Promise<HttpResult> {
    const { clock, timeoutMs } = this.#options;
    const abort = new AbortController();
    const result = await withTimeout(clock, timeoutMs, this.#exchange(request, abort.signal));
    if (result !== TIMED_OUT) return result;
    abort.abort();
    return { kind: "timeout" };
  }

  async #exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpResult> {
    try {
      const response = await this.#options.fetch(this.#base + request.path, {
        method: request.method,
        headers: headersOf(request),
        body: request.body === undefined ? null : JSON.stringify(request.body),
        // A redirect would carry the token to somewhere else.
        redirect: "manual",
        signal,
      });
      const { status, headers } = response;
      return { kind: "response", status, headers, body: await readBody(response) };
    } catch (error) {
      return { kind: "connection_lost", message: networkMessage(error) };
    }
  }
}

function checkedBase(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const usable = url !== null && /^https?:$/.test(url.protocol) &&
    url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (usable) return url.href.replace(/\/+$/, "");
  throw new RangeError(
    "Cannot use base_url: it must be http(s)://host[:port]/path without credentials and query",
  );
}

function headersOf(request: HttpRequest): Record<string, string> {
  return {
    accept: "application/json",
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    ...(request.bearer === null ? {} : { authorization: `Bearer ${request.bearer}` }),
  };
}

async function readBody(response: Response): Promise<HttpBody> {
  let text: string | null;
  try {
    text = await readText(response);
  } catch {
    return { kind: "cut" };
  }
  if (text === null) return { kind: "other", what: `a body over ${MAX_BODY_BYTES} bytes` };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "other", what: `${text.length} characters that are not JSON` };
  }
}

/**
 * The text of a body, null if it is too long. The network does not pass on more than the length
 * that an answer states, so such a body is read in one go, which takes a third off the whole
 * request; one that is packed, or does not say, is counted as it comes.
 */
async function readText(response: Response): Promise<string | null> {
  const { headers, body } = response;
  if (body === null) return "";
  const stated = headers.has("content-encoding") ? null : headers.get("content-length");
  if (stated !== null && Number(stated) <= MAX_BODY_BYTES) return await response.text();
  return await readCounted(body);
}

async function readCounted(body: ReadableStream<Uint8Array>): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** What the network said, without the URL; `fetch` itself says only that it failed. */
function networkMessage(error: unknown): string {
  const told = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = told instanceof Error ? told.message : String(told);
  return text.replace(/\s*(for url )?\(?https?:\/\/[^\s)]*\)?/g, "");
}
