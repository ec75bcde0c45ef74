import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** Answers a request; `fetch` of an app. */
export type Handler = (request: Request) => Response | Promise<Response>;

/** Where an {@link ExchangeServer} listens. */
export interface ListenOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** An open port. */
export interface ExchangeServer {
  /** The port that was opened. */
  readonly port: number;
  /** Closes the port, open connections included. */
  close(): Promise<void>;
}

/** The app refuses a body of this size; more of it need not be kept. */
const MAX_BODY_BYTES = 128 * 1024;

/**
 * Opens a port for the exchange. Node's server closes a connection whose answer says so, which the
 * runtime's own does not; the exchange needs that.
 * @throws Error if the port cannot be had
 */
export function serveExchange(
  handler: Handler,
  { host, port }: ListenOptions,
): Promise<ExchangeServer> {
  const server = createServer((request, response) => void answer(handler, request, response));
  const opened = Promise.withResolvers<ExchangeServer>();
  server.once("error", (cause) => {
    opened.reject(
      new Error(`Cannot listen on ${host}:${port}; another --port or --host may do`, { cause }),
    );
  });
  server.listen(port, host, () => {
    const address = server.address();
    opened.resolve({
      port: typeof address === "object" && address !== null ? address.port : port,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    });
  });
  return opened.promise;
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handler(await requestOf(incoming));
    const body = new Uint8Array(await response.arrayBuffer());
    outgoing.writeHead(response.status, {
      ...Object.fromEntries(response.headers),
      ...(body.byteLength > 0 ? { "content-length": body.byteLength } : {}),
    });
    outgoing.end(body);
  } catch {
    // What cannot be read is no request, and who went away gets no answer.
    outgoing.destroy();
  }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { method = "GET", url = "/" } = incoming;
  const headers = Object.entries(incoming.headers)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value ?? ""] as const);
  const hasBody = method !== "GET" && method !== "HEAD";
  // Not `new URL(url, base)`: a path that begins with two slashes would name another host.
  return new Request(url.startsWith("/") ? `http://exchange${url}` : url, {
    method,
    headers: Object.fromEntries(headers),
    body: hasBody ? await bodyOf(incoming) : null,
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    if (size <= MAX_BODY_BYTES) chunks.push(new Uint8Array(chunk));
    size += chunk.length;
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
