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

/**
 * Keeps a stream open for as long as the tab is seen.
 * @param {{
 *   onMessage: (event: string, data: any) => void,
 *   onLink: (link: Link) => void,
 * }} listeners
 */
export function openStream({ onMessage, onLink }) {
  /** @type {Link} */
  let link = { state: "connecting", heardAt: null, problem: null };
  let lastId = "";
  /** @type {string | null} */
  let market = null;
  let waitMs = FIRST_WAIT_MS;
  let connection = new AbortController();
  let timer = 0;

  /** @param {Partial<Link>} change */
  const tell = (change) => onLink(link = { ...link, ...change });

  async function connect() {
    connection.abort();
    connection = new AbortController();
    clearTimeout(timer);
    if (document.hidden) return tell({ state: "resting" });
    const { signal } = connection;
    try {
      await read(signal);
      lost(signal, "the bot has ended the stream");
    } catch (error) {
      lost(signal, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {AbortSignal} signal */
  async function read(signal) {
    const silence = new AbortController();
    let quiet = 0;
    const heard = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => silence.abort(new Error("nothing is heard any more")), SILENT_MS);
    };
    heard();
    try {
      const query = market === null ? "" : `?market=${encodeURIComponent(market)}`;
      const response = await fetch(`/api/stream${query}`, {
        signal: AbortSignal.any([signal, silence.signal]),
        headers: lastId === "" ? {} : { "Last-Event-ID": lastId },
      });
      if (!response.ok || response.body === null) throw new Error(`it answered ${response.status}`);
      const lines = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await lines.read(); !part.done; part = await lines.read()) {
        heard();
        text += part.value;
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        if (signal.aborted) return;
        waitMs = FIRST_WAIT_MS;
        tell({ state: "live", heardAt: performance.now(), problem: null });
        blocks.forEach(deliver);
      }
    } finally {
      clearTimeout(quiet);
    }
  }

  /** @param {string} block */
  function deliver(block) {
    const fields = new Map(
      block.split("\n").map((line) => {
        const at = line.indexOf(":");
        return /** @type {const} */ ([line.slice(0, at), line.slice(at + 1).trimStart()]);
      }),
    );
    const [id, event, data] = ["id", "event", "data"].map((name) => fields.get(name));
    if (event === undefined || data === undefined) return;
    lastId = id ?? lastId;
    onMessage(event, JSON.parse(data));
  }

  /**
   * @param {AbortSignal} signal
   * @param {string} problem
   */
  function lost(signal, problem) {
    if (signal.aborted) return;
    tell({ state: "lost", problem });
    timer = setTimeout(connect, waitMs);
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }

  document.addEventListener("visibilitychange", connect);
  addEventListener("online", connect);
  return {
    /** Begins to listen. */
    start: connect,
    /**
     * Also listens to one market, or to none.
     * @param {string | null} id
     */
    watch(id) {
      if (id === market) return;
      market = id;
      void connect();
    },
    /** What is known of the connection. */
    link: () => link,
  };
}
