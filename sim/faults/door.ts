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
}

const COMMANDS = ["place", "replace", "cancel", "batchCancel", "mint", "burn"];

/** A `fetch` at which somebody listens. */
export function listenedFetch(inner: Fetch, listener: DoorListener): Fetch {
  return async (url, init) => {
    const call = callNamed(url, init);
    const [verb = ""] = call.split(" ");
    if (COMMANDS.includes(verb)) {
      const text = typeof init.body === "string" ? init.body : "{}";
      listener.onCommand({ call, verb, body: JSON.parse(text) });
    }
    try {
      const answer = await inner(url, init);
      listener.onEnd(call, String(answer.status));
      return answer;
    } catch (error) {
      listener.onEnd(call, String(error));
      throw error;
    }
  };
}
