import type { Fetch } from "../../src/connector/rest/http_transport.ts";
import { callNamed } from "../http/wire_faults.ts";

/** A command that was sent to the venue. */
export interface SentCommand {
  /** As the connector names it, such as `place MKT-1`. */
  readonly call: string;
  /** First word of the call. */
  readonly verb: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Hears of commands, and of everything else by name. */
export interface DoorListener {
  onCommand(command: SentCommand): void;
  /** @param end status of the answer, or why there is none */
  onEnd(call: string, end: string): void;
  /** A command has a definitive answer. */
  onSettled?(command: SentCommand): void;
  /** A list of orders was read. */
  onListed?(text: string): void;
}

const COMMANDS = ["place", "replace", "cancel", "batchCancel", "mint", "burn"];

const LISTS = ["openOrders", "accountOrders"];

/** A `fetch` at which somebody listens. */
export function listenedFetch(inner: Fetch, listener: DoorListener): Fetch {
  return async (url, init) => {
    const call = callNamed(url, init);
    const [verb = ""] = call.split(" ");
    const text = typeof init.body === "string" ? init.body : "{}";
    const command = COMMANDS.includes(verb) ? { call, verb, body: JSON.parse(text) } : null;
    if (command !== null) listener.onCommand(command);
    try {
      const answer = await inner(url, init);
      const { onSettled, onListed } = listener;
      if (command !== null && onSettled && await isDefinitive(answer)) onSettled(command);
      if (LISTS.includes(verb) && onListed) onListed(await answer.clone().text().catch(() => ""));
      listener.onEnd(call, String(answer.status));
      return answer;
    } catch (error) {
      listener.onEnd(call, String(error));
      throw error;
    }
  };
}

/** True if the answer says whether the command was carried out. */
async function isDefinitive(answer: Response): Promise<boolean> {
  if (answer.status >= 500 || answer.status === 429) return false;
  try {
    JSON.parse(await answer.clone().text());
    return true;
  } catch {
    return false;
  }
}
