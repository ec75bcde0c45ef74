import type { BotEvent } from "../runtime/event_hub.ts";
import { Repetitions } from "../runtime/repetitions.ts";

/** Something that a person is to be told of. */
export interface News {
  /** The last of the events that are told as one. */
  readonly event: BotEvent;
  /** How many they are. */
  readonly count: number;
  /** The markets that it concerns, if they are told together; else the event says which. */
  readonly markets: readonly string[];
}

/**
 * So many markets are told of one by one; if the same befalls more of them within a minute, the
 * others are told together when it is over.
 */
const CROWD = { first: 5, windowMs: 60_000 };

/** What befell several markets. */
interface Crowd {
  event: BotEvent;
  readonly markets: Set<string>;
}

/**
 * Keeps people from being told the same again and again: an event of a market is news once in a
 * while, and trouble of the whole venue is not told market by market.
 */
export class AlertFilter {
  readonly #repetitions: Repetitions;
  readonly #crowds = new Repetitions(CROWD);
  /** The last event of each kind that is being counted. */
  readonly #last = new Map<string, BotEvent>();
  readonly #gathered = new Map<string, Crowd>();
  #held = 0;

  /** @param repeatMs an event of a market comes through once in this time, ms */
  constructor(repeatMs: number) {
    this.#repetitions = new Repetitions({ first: 1, windowMs: repeatMs });
  }

  /** How many events did not come through by themselves. */
  get held(): number {
    return this.#held;
  }

  /** When something is due, monotonic ms; null if nothing is. */
  get nextDueMs(): number | null {
    const times = [this.#repetitions.nextDueMs, this.#crowds.nextDueMs];
    const known = times.filter((atMs) => atMs !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  /** Notes an event. @returns true if it is to be told at once */
  passes(event: BotEvent, nowMs: number): boolean {
    // A kill after a release is another kill.
    if (event.event === "kill_released") this.#repetitions.forget(kindOf(event, "kill_latched"));
    const kind = kindOf(event);
    if (!this.#repetitions.passes(kind, nowMs)) {
      this.#held++;
      this.#last.set(kind, event);
      return false;
    }
    if (event.marketId === null || this.#crowds.passes(event.event, nowMs)) return true;
    this.#held++;
    this.#gather(event, event.marketId);
    return false;
  }

  /** What was held back and is to be told now. */
  due(nowMs: number): readonly News[] {
    const crowds = this.#crowds.due(nowMs).flatMap(([name]) => {
      const crowd = this.#gathered.get(name);
      this.#gathered.delete(name);
      if (crowd === undefined) return [];
      const markets = [...crowd.markets];
      return [{ event: { ...crowd.event, marketId: null }, count: markets.length, markets }];
    });
    const repeated = this.#repetitions.due(nowMs).flatMap(([kind, count]) => {
      const event = this.#last.get(kind);
      this.#last.delete(kind);
      return event === undefined ? [] : [{ event, count, markets: [] }];
    });
    return [...crowds, ...repeated];
  }

  #gather(event: BotEvent, marketId: string): void {
    const crowd = this.#gathered.get(event.event) ?? { event, markets: new Set<string>() };
    crowd.event = event;
    crowd.markets.add(marketId);
    this.#gathered.set(event.event, crowd);
  }
}

function kindOf({ event, marketId }: BotEvent, name = event): string {
  return `${name} ${marketId ?? ""}`;
}
