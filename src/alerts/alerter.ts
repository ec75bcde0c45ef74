import { EVENTS } from "../runtime/events.ts";
import { type Clock, withTimeout } from "../runtime/clock.ts";
import type { BotEvent, EventHub } from "../runtime/event_hub.ts";
import type { Logger } from "../runtime/log.ts";
import { toWire, type WireLimits, type WireValue } from "../runtime/wire.ts";
import { type AlertRule, ALERTS } from "./alert_list.ts";
import { AlertFilter, type News } from "./alert_filter.ts";
import { type AlertMessage, alertText } from "./alert_message.ts";
import { AlertQueue, type QueuedAlert } from "./alert_queue.ts";
import { deliver, type WebhookOptions } from "./webhook.ts";

/** What an {@link Alerter} is made of. */
export interface AlerterOptions {
  readonly webhook: WebhookOptions;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly log: Logger;
  /** Repetitions of an alert are counted for so long before they are told. */
  readonly repeatMs: number;
  readonly mode: string;
  readonly instance: string | null;
  /** Where operators find the pages, null if that is not configured. */
  readonly publicUrl: string | null;
  /** The figures of a market that belong into an alert, null if there are none. */
  readonly market: (marketId: string) => object | null;
}

/** What became of the alerts so far. */
export interface AlertCounts {
  readonly sent: number;
  /** Refused by the receiver, or sent in vain too often. */
  readonly failed: number;
  /** Pushed out of the queue by later ones. */
  readonly dropped: number;
  /** Held back as repetitions; told later as a count. */
  readonly repeated: number;
  readonly waiting: number;
}

/** So many alerts wait while the receiver is away. */
const MAX_WAITING = 100;
/** With waits of 1 s and twice as long each time, up to a minute: five minutes in all. */
const MAX_ATTEMPTS = 10;
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 60_000;
/** What an event says, as far as a message needs it. */
const FACT_LIMITS: WireLimits = { depth: 4, items: 20, characters: 500 };

/**
 * Tells people of trouble through a webhook. The loop that causes an event only leaves a message in
 * a queue; a loop of its own sends it, again and again while the receiver is away.
 */
export class Alerter {
  readonly #options: AlerterOptions;
  readonly #queue = new AlertQueue(MAX_WAITING);
  readonly #filter: AlertFilter;
  readonly #counts = { sent: 0, failed: 0, dropped: 0 };
  readonly #unsubscribe: () => void;
  readonly #giveUp = new AbortController();
  readonly #loop: Promise<void>;
  #wake: () => void = () => {};
  #isClosing = false;
  /** Monotonic; nothing is sent before, as the receiver is away. */
  #notBeforeMs = -Infinity;
  #made = 0;

  constructor(options: AlerterOptions) {
    this.#options = options;
    this.#filter = new AlertFilter(options.repeatMs);
    this.#unsubscribe = options.hub.subscribe((event) => this.#note(event));
    this.#loop = this.#work();
  }

  /** What became of the alerts so far. */
  get counts(): AlertCounts {
    return { ...this.#counts, repeated: this.#filter.held, waiting: this.#queue.length };
  }

  /**
   * Sends what waits, critical alerts first, and ends.
   * @param limitMs what is not delivered by then is given up
   */
  async close(limitMs: number): Promise<void> {
    const { clock, log } = this.#options;
    this.#unsubscribe();
    this.#isClosing = true;
    this.#retryNow();
    await withTimeout(clock, limitMs, this.#loop);
    this.#giveUp.abort();
    this.#wake();
    await withTimeout(clock, limitMs, this.#loop);
    if (this.#queue.length > 0) {
      log.log("WARN", "alert_failed", { undelivered: this.#queue.length });
    }
  }

  #note(heard: BotEvent): void {
    const rule = ALERTS[heard.event];
    if (rule === undefined || !isTrouble(heard)) return;
    // The fields may hold live objects, and may be told later.
    const event = { ...heard, fields: plainFields(heard) };
    if (this.#filter.passes(event, this.#options.clock.monotonicMs())) {
      this.#enqueue({ event, count: 1, markets: [] });
    } else this.#wake();
  }

  #enqueue(news: News): void {
    const rule = ALERTS[news.event.event];
    if (rule === undefined) return;
    this.#counts.dropped += this.#queue.add(this.#message(news, rule));
    if (rule.severity === "CRITICAL") this.#retryNow();
    else this.#wake();
  }

  /** A person who has to get up does not wait for the next try of something else. */
  #retryNow(): void {
    this.#notBeforeMs = -Infinity;
    this.#wake();
  }

  #message({ event, count, markets }: News, { severity, action }: AlertRule): AlertMessage {
    const { clock, mode, instance, publicUrl } = this.#options;
    const { marketId, fields } = event;
    const facts = markets.length === 0 ? fields : { markets, last: fields };
    const told = {
      ...{ severity, action, count, mode, instance },
      event: event.event,
      market_id: marketId,
      at: new Date(event.atMs).toISOString(),
      facts: toWire(facts, FACT_LIMITS),
      market: this.#marketNow(marketId),
      url: publicUrl === null ? null : pageOf(publicUrl, marketId),
    };
    const id = `${Math.floor(clock.nowMs()).toString(36)}-${++this.#made}`;
    return { id, text: alertText(told), ...told, meaning: EVENTS[event.event].meaning };
  }

  /** Without its figures an alert is still an alert. */
  #marketNow(marketId: string | null): WireValue {
    try {
      return marketId === null ? null : toWire(this.#options.market(marketId), FACT_LIMITS);
    } catch (error) {
      return toWire({ problem: String(error) }, FACT_LIMITS);
    }
  }

  async #work(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#giveUp.signal.aborted) {
      this.#takeDue();
      const next = clock.monotonicMs() < this.#notBeforeMs ? null : this.#queue.take();
      if (next !== null) await this.#send(next);
      else if (this.#isClosing && this.#queue.length === 0) return;
      else await this.#rest();
    }
  }

  /** What was held back is told once its time has come, or the process ends. */
  #takeDue(): void {
    const nowMs = this.#isClosing ? Infinity : this.#options.clock.monotonicMs();
    for (const news of this.#filter.due(nowMs)) this.#enqueue(news);
  }

  async #send(alert: QueuedAlert): Promise<void> {
    const { webhook, clock, log } = this.#options;
    const { event } = alert.message;
    const outcome = await deliver(webhook, JSON.stringify(alert.message), this.#giveUp.signal);
    if (outcome.kind === "sent") {
      this.#counts.sent++;
      return;
    }
    const attempts = alert.attempts + 1;
    const isFinal = outcome.kind === "refused" || attempts >= MAX_ATTEMPTS;
    if (attempts === 1 || isFinal) {
      log.log("WARN", "alert_failed", { alert: event, cause: outcome.cause, attempts, isFinal });
    }
    if (isFinal) this.#counts.failed++;
    else this.#queue.putBack({ ...alert, attempts });
    const waitMs = this.#isClosing ? FIRST_WAIT_MS / 4 : FIRST_WAIT_MS * 2 ** (attempts - 1);
    if (!isFinal) this.#notBeforeMs = clock.monotonicMs() + Math.min(waitMs, MAX_WAIT_MS);
  }

  /** Until there is something to do. */
  #rest(): Promise<void> {
    const { clock } = this.#options;
    const times = [
      ...(this.#queue.length > 0 ? [this.#notBeforeMs] : []),
      this.#filter.nextDueMs ?? Infinity,
    ];
    const atMs = Math.min(...times);
    return new Promise((resolve) => {
      const delayMs = Math.max(0, atMs - clock.monotonicMs());
      const cancel = atMs === Infinity ? () => {} : clock.after(delayMs, () => this.#wake());
      this.#wake = () => {
        cancel();
        this.#wake = () => {};
        resolve();
      };
    });
  }
}

const LEVELS = ["NORMAL", "WIDEN", "ONE_SIDE", "KILL_SWITCH"];

/** A level that falls is good news; everything else on the list is none. */
function isTrouble({ event, fields }: BotEvent): boolean {
  if (event !== "defense_level_changed") return true;
  const rankOf = (level: unknown) => LEVELS.findIndex((known) => known === level);
  return rankOf(fields["to"]) > rankOf(fields["from"]);
}

/** Without the names that the message has of its own. */
function plainFields({ fields }: BotEvent): Readonly<Record<string, WireValue>> {
  const { marketId: _, ...rest } = fields;
  const wire = toWire(rest, FACT_LIMITS);
  return typeof wire === "object" && wire !== null && !Array.isArray(wire)
    ? { ...wire as Record<string, WireValue> }
    : {};
}

function pageOf(publicUrl: string, marketId: string | null): string {
  const base = publicUrl.replace(/\/$/, "");
  return marketId === null ? `${base}/` : `${base}/#/market/${encodeURIComponent(marketId)}`;
}
