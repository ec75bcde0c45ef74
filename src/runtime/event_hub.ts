import type { Clock } from "./clock.ts";
import type { EventName, LogFields, Logger, LogLevel } from "./log.ts";

/** An event of the bot as whoever follows them gets it. */
export interface BotEvent {
  /** Counts from 1 in each process. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly level: LogLevel;
  readonly event: EventName;
  /** The market it is about, null for the process. */
  readonly marketId: string | null;
  /** As they were logged; not to be kept, since they may hold live objects. */
  readonly fields: LogFields;
}

/** Hears of every event, at once and in the loop of whoever caused it: it must be quick. */
export type EventListener = (event: BotEvent) => void;

/**
 * The one place where events of the bot can be heard: the log feeds it, and the metrics, the risk
 * events, the live pages and whatever comes later listen. A listener that throws hurts nobody.
 */
export class EventHub {
  readonly #clock: Clock;
  readonly #listeners = new Set<EventListener>();
  #seq = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back for every event from now on; returns the way to stop that. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The same log, with everything that goes through it heard here, whatever its threshold. */
  feed(log: Logger, base: LogFields = {}): Logger {
    return {
      log: (level, event, fields = {}) => {
        log.log(level, event, fields);
        this.#publish(level, event, { ...base, ...fields });
      },
      enabled: (level) => log.enabled(level),
      child: (fields) => this.feed(log.child(fields), { ...base, ...fields }),
    };
  }

  #publish(level: LogLevel, event: EventName, fields: LogFields): void {
    const { marketId } = fields;
    const heard: BotEvent = {
      seq: ++this.#seq,
      atMs: this.#clock.nowMs(),
      level,
      event,
      marketId: typeof marketId === "string" ? marketId : null,
      fields,
    };
    for (const listener of this.#listeners) {
      try {
        listener(heard);
      } catch {
        // Telling of it here would come back here.
      }
    }
  }
}
