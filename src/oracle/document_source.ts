import { type Fetch, HttpTransport } from "../connector/rest/http_transport.ts";
import { type Clock, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import { readPrice } from "./price_document.ts";
import {
  type PriceAddress,
  type PriceSource,
  PriceSourceError,
  type SourcedPrice,
} from "./price_source.ts";

/** A file as it is read. */
export interface FileText {
  readonly text: string;
  /** When the file was last changed, epoch milliseconds; null if the system does not say. */
  readonly changedAtMs: number | null;
}

/** What documents are read with. */
export interface DocumentSourceOptions {
  readonly fetch: Fetch;
  /** Reads a UTF-8 file; rejects with the cause if that is not possible. */
  readonly readFile: (path: string) => Promise<FileText>;
  readonly clock: Clock;
}

const FILE = /^file:(\/\/)?/;

/**
 * Outside prices from JSON documents: over HTTP, or in files that some other program writes. A file
 * that states no time of its own is as old as its last change, so that a writer that died shows.
 */
export class DocumentSource implements PriceSource {
  readonly #options: DocumentSourceOptions;

  constructor(options: DocumentSourceOptions) {
    this.#options = options;
  }

  async read(address: PriceAddress): Promise<SourcedPrice> {
    const { oracleUrl, oracleSlug, oracleTimeoutMs } = address;
    if (oracleUrl === null) throw new PriceSourceError("oracle_url is not set");
    const url = oracleUrl.replaceAll("{slug}", encodeURIComponent(oracleSlug ?? ""));
    if (!FILE.test(url)) return readPrice(await this.#download(url, oracleTimeoutMs), address);
    const { text, changedAtMs } = await this.#readFile(url.replace(FILE, ""), oracleTimeoutMs);
    const price = readPrice(parsed(text), address);
    return { ...price, statedAtMs: price.statedAtMs ?? changedAtMs };
  }

  async #download(url: string, timeoutMs: number): Promise<unknown> {
    const { fetch, clock } = this.#options;
    const { origin, pathname, search } = usableUrl(url);
    const transport = new HttpTransport({ baseUrl: origin, timeoutMs, fetch, clock });
    const result = await transport.send({
      method: "GET",
      path: `${pathname}${search}`,
      bearer: null,
    });
    if (result.kind === "timeout") throw new PriceSourceError(`no answer within ${timeoutMs} ms`);
    if (result.kind === "connection_lost") throw new PriceSourceError(result.message);
    const { status, body } = result;
    if (status !== 200) throw new PriceSourceError(`the source answered with status ${status}`);
    if (body.kind === "json") return body.value;
    throw new PriceSourceError(body.kind === "cut" ? "the answer was cut short" : body.what);
  }

  async #readFile(path: string, timeoutMs: number): Promise<FileText> {
    const { readFile, clock } = this.#options;
    const reading = readFile(path).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PriceSourceError(`the file ${path} cannot be read: ${why}`, { cause });
    });
    const file = await withTimeout(clock, timeoutMs, reading);
    if (file !== TIMED_OUT) return file;
    throw new PriceSourceError(`the file ${path} could not be read within ${timeoutMs} ms`);
  }
}

/** A password in the URL would end up in logs and headers of others. */
function usableUrl(url: string): URL {
  const parts = URL.canParse(url) ? new URL(url) : null;
  if (parts !== null && parts.username === "" && parts.password === "") return parts;
  throw new PriceSourceError("oracle_url cannot be used: it must be a URL without credentials");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PriceSourceError(`${text.length} characters that are not JSON`);
  }
}
