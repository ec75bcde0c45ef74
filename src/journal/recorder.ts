import type { QuoteExplanation } from "../models/explanation.ts";
import type { Clock } from "../runtime/clock.ts";
import type { BotEvent, EventHub } from "../runtime/event_hub.ts";
import type { EventName } from "../runtime/log.ts";
import { Repetitions } from "../runtime/repetitions.ts";
import { isRiskEvent } from "../service/records/bot_records.ts";
import type { Service } from "../service/service_api.ts";
import { decisionOf, type JournalEntry, pnlFacts, quoteFacts } from "./journal_record.ts";

/** What a {@link Recorder} works with. */
export interface RecorderOptions {
  readonly service: Pick<Service, "onCycle">;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly write: (entry: JournalEntry) => void;
}

/** Events that belong into the journal besides the risk events. */
const ALSO: ReadonlySet<EventName> = new Set<EventName>([
  "process_stopping",
  "process_stopped",
  "admin_call",
  "config_written",
  "market_stopped",
  "pairs_minted",
  "pairs_burned",
]);
/** A decision that holds is written again after this time, so that one never has to look far. */
const REPEAT_MS = 600_000;
const SAMPLE_MS = 60_000;
/** Trouble that repeats itself must not push everything else out of the journal. */
const LIMIT = { first: 60, windowMs: 60_000 };

/** What was written last of a market. */
interface Written {
  readonly decision: string;
  readonly atMs: number;
}

/** Decides what of all that happens belongs into the journal. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #written = new Map<string, Written>();
  /** The minute of the last sample of each market. */
  readonly #sampled = new Map<string, number>();
  readonly #repetitions = new Repetitions(LIMIT);
  readonly #unsubscribe: readonly (() => void)[];

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#unsubscribe = [
      options.service.onCycle((explanation) => this.#noteCycle(explanation)),
      options.hub.subscribe((event) => this.#noteEvent(event)),
    ];
  }

  /** Has every decision that holds written again. */
  repeatDecisions(): void {
    this.#written.clear();
  }

  /** Hears nothing any more. */
  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #noteCycle(explanation: QuoteExplanation): void {
    const { marketId, atMs } = explanation;
    const minute = Math.floor(atMs / SAMPLE_MS);
    if (this.#sampled.get(marketId) !== minute) {
      this.#sampled.set(marketId, minute);
      this.#options.write({ kind: "pnl", atMs, marketId, facts: pnlFacts(explanation) });
    }
    const last = this.#written.get(marketId);
    const decision = decisionOf(explanation);
    if (last?.decision === decision && Math.abs(atMs - last.atMs) < REPEAT_MS) return;
    this.#written.set(marketId, { decision, atMs });
    this.#options.write({ kind: "quote", atMs, marketId, facts: quoteFacts(explanation) });
  }

  #noteEvent(event: BotEvent): void {
    const { atMs, marketId, level, event: name, fields: { marketId: _, ...fields } } = event;
    if (name === "fill") {
      this.#options.write({ kind: "fill", atMs, marketId, facts: fields });
      return;
    }
    if (!isRiskEvent(event) && !ALSO.has(name)) return;
    const nowMs = this.#options.clock.monotonicMs();
    for (const [kind, held] of this.#repetitions.due(nowMs)) this.#noteHeld(kind, held);
    if (!this.#repetitions.passes(`${name} ${marketId ?? ""}`, nowMs)) return;
    this.#options.write({ kind: "event", atMs, marketId, facts: { level, event: name, fields } });
  }

  #noteHeld(kind: string, count: number): void {
    const [of = "", marketId = ""] = kind.split(" ");
    this.#options.write({
      kind: "event",
      atMs: this.#options.clock.nowMs(),
      marketId: marketId === "" ? null : marketId,
      facts: { level: "WARN", event: "log_repeated", fields: { of, count } },
    });
  }
}
