/**
 * The live stream of the bot. It is read with `fetch` rather than with an EventSource: so the id of
 * the last message survives a change of the market, and the tab knows what is wrong. A tab that is
 * not seen lets go of its stream, because a browser has but six connections to one address.
 */

/** @import { Link } from "./types.ts" */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
/** The bot speaks once a second: a connection that is silent for so long is cut. */
const SILENT_MS = 10_000;

/** @typedef {(event: string, data: any) => void} OnMessage the data fit the schema of the event */
/** @typedef {(link: Link) => void} OnLink */

/** A stream that is kept open for as long as the tab is seen. */
export class LiveStream {
  #onMessage;
  #onLink;
  /** @type {Link} */
  #link = { state: "connecting", heardAt: null, problem: null };
  #lastId = "";
  /** @type {string | null} */
  #market = null;
  #waitMs = FIRST_WAIT_MS;
  #connection = new AbortController();
  #retry = 0;
  #isStarted = false;

  /**
   * @param {OnMessage} onMessage
   * @param {OnLink} onLink
   */
  constructor(onMessage, onLink) {
    this.#onMessage = onMessage;
    this.#onLink = onLink;
  }

  /** Begins to listen, and goes on whenever the tab is seen again. */
  start() {
    this.#isStarted = true;
    const connect = () => void this.#connect();
    document.addEventListener("visibilitychange", connect);
    addEventListener("online", connect);
    connect();
  }

  /**
   * Also listens to one market, or to none.
   * @param {string | null} market
   */
  watch(market) {
    if (market === this.#market) return;
    this.#market = market;
    if (this.#isStarted) void this.#connect();
  }

  async #connect() {
    this.#connection.abort();
    this.#connection = new AbortController();
    clearTimeout(this.#retry);
    if (document.hidden) return this.#tell({ state: "resting" });
    const { signal } = this.#connection;
    try {
      await this.#read(signal);
      this.#lost(signal, "the bot has ended the stream");
    } catch (error) {
      this.#lost(signal, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {AbortSignal} signal */
  async #read(signal) {
    const silence = new AbortController();
    const cut = () => silence.abort(new Error("nothing is heard any more"));
    let timer = setTimeout(cut, SILENT_MS);
    try {
      const response = await this.#open(AbortSignal.any([signal, silence.signal]));
      const texts = response.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await texts.read(); !part.done; part = await texts.read()) {
        clearTimeout(timer);
        timer = setTimeout(cut, SILENT_MS);
        if (signal.aborted) return;
        const blocks = (rest + part.value).split("\n\n");
        rest = blocks.pop() ?? "";
        this.#waitMs = FIRST_WAIT_MS;
        this.#tell({ state: "live", heardAt: performance.now(), problem: null });
        for (const block of blocks) this.#deliver(block);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    const query = this.#market === null ? "" : `?market=${encodeURIComponent(this.#market)}`;
    const response = await fetch(`/api/stream${query}`, {
      signal,
      headers: this.#lastId === "" ? {} : { "Last-Event-ID": this.#lastId },
    });
    if (response.ok && response.body !== null) return response.body;
    throw new Error(`it answered ${response.status}`);
  }

  /** @param {string} block */
  #deliver(block) {
    const fields = new Map(
      block.split("\n").map((line) => {
        const at = line.indexOf(":");
        return /** @type {const} */ ([line.slice(0, at), line.slice(at + 1).trimStart()]);
      }),
    );
    const [id, event, data] = ["id", "event", "data"].map((name) => fields.get(name));
    if (event === undefined || data === undefined) return;
    this.#lastId = id ?? this.#lastId;
    this.#onMessage(event, JSON.parse(data));
  }

  /**
   * @param {AbortSignal} signal
   * @param {string} problem
   */
  #lost(signal, problem) {
    if (signal.aborted) return;
    this.#tell({ state: "lost", problem });
    this.#retry = setTimeout(() => void this.#connect(), this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }

  /** @param {Partial<Link>} change */
  #tell(change) {
    this.#link = { ...this.#link, ...change };
    this.#onLink(this.#link);
  }
}
