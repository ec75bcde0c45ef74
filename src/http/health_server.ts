import type { CancelTimer, Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";

/** Who asks. */
export interface Client {
  /** Address of the other end. */
  readonly remote: string;
}

/** What a {@link HealthServer} needs. */
export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  /** @param client who asks, as far as that is known */
  readonly handler: (request: Request, client: Client) => Response | Promise<Response>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Opens the port or throws; the system's server unless a test gives another. */
  readonly listen?: Listen;
}

/**
 * Opens a port and answers requests until `signal` is aborted. Throws if the port cannot be had.
 */
export type Listen = (
  options: { readonly host: string; readonly port: number; readonly signal: AbortSignal },
  handler: HealthServerOptions["handler"],
) => Listening;

/** An open port. */
export interface Listening {
  /** The port that was opened; differs from the one asked for if that was 0. */
  readonly port: number;
  /** Settles when the port is closed. */
  readonly finished: Promise<void>;
}

/** How long to wait before a port that was busy is tried again. */
const RETRY_MS = 5000;

/**
 * Serves the status pages beside the trading. A port that cannot be opened is a warning, never a
 * reason to stop trading (L-54): it is tried again until it can be had or the server is closed.
 */
export class HealthServer {
  readonly #options: HealthServerOptions;
  readonly #closing = new AbortController();
  #listening: Listening | null = null;
  #cancelRetry: CancelTimer = () => {};
  #lastProblem = "";

  constructor(options: HealthServerOptions) {
    this.#options = options;
  }

  /** Opens the port, now or as soon as it can be had. */
  start(): void {
    const { clock, host, port, handler, log, listen = listenOnSystem } = this.#options;
    try {
      this.#listening = listen({ host, port, signal: this.#closing.signal }, handler);
      log.log("INFO", "http_listening", { url: healthUrl(host, this.#listening.port) });
    } catch (error) {
      this.#warnOnce(error);
      this.#cancelRetry = clock.after(RETRY_MS, () => this.start());
    }
  }

  /** Closes the port at once, open answers included. */
  async close(): Promise<void> {
    this.#cancelRetry();
    this.#closing.abort();
    await this.#listening?.finished;
  }

  #warnOnce(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    const { host, port, log } = this.#options;
    log.log("WARN", "http_unavailable", { host, port, problem, retryMs: RETRY_MS });
  }
}

/** The address of the status pages, as a person would open it on this machine. */
export function healthUrl(host: string, port: number): string {
  const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}

const listenOnSystem: Listen = ({ host, port, signal }, handler) => {
  const server = Deno.serve(
    { hostname: host, port, signal, onListen: () => {} },
    (request, { remoteAddr }) => handler(request, { remote: remoteAddr.hostname }),
  );
  return { port: server.addr.port, finished: server.finished };
};
