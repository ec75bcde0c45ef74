import type { Fill } from "../../models/order.ts";
import type { BotEvent, EventHub } from "../../runtime/event_hub.ts";
import type { EventName, LogLevel } from "../../runtime/log.ts";
import { toWire, type WireValue } from "../../runtime/wire.ts";
import type { Service } from "../service_api.ts";
import { type HistoryLimits, MarketHistory } from "./market_history.ts";
import { Ring } from "./ring.ts";

/** A risk event as it is kept: its fields are plain values without secrets. */
export interface RiskEvent extends Omit<BotEvent, "fields"> {
  readonly fields: WireValue;
}

/** Which risk events are wanted. */
export interface EventQuery {
  /** Only events with a higher `seq`. */
  readonly after?: number | undefined;
  readonly marketId?: string | undefined;
  readonly event?: string | undefined;
  /** At most so many, the oldest of those that are left out by `after`; the newest without it. */
  readonly limit: number;
}

/** What is kept of all markets together; a process with many markets keeps less of each. */
export const RECORD_LIMITS = {
  points: { total: 300_000, most: 3600, least: 300 },
  trades: { total: 20_000, most: 500, least: 50 },
  events: 2000,
} as const;

/** Events that an operator wants to see although nothing is wrong. */
const TOLD: ReadonlySet<EventName> = new Set<EventName>([
  "lifecycle_changed",
  "market_started",
  "phase_changed",
  "anchor_changed",
  "pause_cleared",
  "side_restored",
  "config_changed",
  "config_override_ended",
  "store_restored",
  "circuit_closed",
  "lease_acquired",
  "lease_released",
]);
const RISKY: ReadonlySet<LogLevel> = new Set<LogLevel>(["WARN", "ERROR"]);

/** True for events that belong into the list of risk events. */
export function isRiskEvent({ level, event }: BotEvent): boolean {
  return RISKY.has(level) || TOLD.has(event);
}

/** What the bot has quoted, traded and met lately; bounded, in memory, gone with the process. */
export class BotRecords {
  readonly #limits: HistoryLimits;
  readonly #markets = new Map<string, MarketHistory>();
  readonly #events = new Ring<RiskEvent>(RECORD_LIMITS.events);

  /** @param markets how many markets share the limits */
  constructor(service: Pick<Service, "onCycle">, hub: EventHub, markets: number) {
    this.#limits = {
      points: partOf(RECORD_LIMITS.points, markets),
      trades: partOf(RECORD_LIMITS.trades, markets),
    };
    service.onCycle((explanation) => this.of(explanation.marketId).noteCycle(explanation));
    hub.subscribe((event) => this.#note(event));
  }

  /** What is known of a market; empty for one that there is not. */
  of(marketId: string): MarketHistory {
    const known = this.#markets.get(marketId);
    if (known !== undefined) return known;
    const history = new MarketHistory(this.#limits);
    this.#markets.set(marketId, history);
    return history;
  }

  /** Risk events still held, oldest first. */
  events({ after, marketId, event, limit }: EventQuery): readonly RiskEvent[] {
    const found = this.#events.list().filter((kept) =>
      kept.seq > (after ?? 0) && (marketId === undefined || kept.marketId === marketId) &&
      (event === undefined || kept.event === event)
    );
    return after === undefined ? found.slice(-limit) : found.slice(0, limit);
  }

  #note(event: BotEvent): void {
    const { fields, marketId } = event;
    if (event.event === "fill" && marketId !== null && isFill(fields)) {
      this.of(marketId).noteFill(fields);
    }
    if (isRiskEvent(event)) this.#events.push({ ...event, fields: toWire(event.fields) });
  }
}

function isFill(fields: object): fields is Fill {
  return "tradeId" in fields && "executedAtMs" in fields && "yesPrice" in fields;
}

function partOf(
  { total, most, least }: { readonly total: number; readonly most: number; readonly least: number },
  markets: number,
): number {
  return Math.min(most, Math.max(least, Math.floor(total / Math.max(1, markets))));
}
