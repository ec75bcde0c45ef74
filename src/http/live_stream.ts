import type { CancelTimer, Clock } from "../runtime/clock.ts";
import type { EventHub } from "../runtime/event_hub.ts";
import { HTTP_LIMITS, toWire } from "../runtime/wire.ts";
import { isRiskEvent } from "../service/records/bot_records.ts";
import { Ring } from "../service/records/ring.ts";
import { Problem } from "./problem.ts";
import { detailOf, overviewOf, type Shown } from "./views.ts";

/** What a reader of the stream asks for. */
export interface StreamRequest {
  /** Also the details of this market, once a second. */
  readonly market: string | undefined;
  /** What the reader has seen last, if it was cut off. */
  readonly lastEventId: string | undefined;
}

/** One message, as every reader gets it. */
interface Message {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

interface Reader {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly market: string | undefined;
}

type Row = ReturnType<typeof overviewOf>["markets"][number];

/** Rows are sent at most so often, and a row that does not change every fifth time. */
const TICK_MS = 1000;
const REPEAT_MS = 5000;
/** A reader that is so far behind is dropped: it comes back and catches up. */
const MAX_BEHIND_BYTES = 512 * 1024;
const MAX_READERS = 2000;
/** So many messages are kept for readers that were cut off. */
const MAX_KEPT = 500;

/**
 * The bot as a stream of server-sent events: `overview` with the rows that changed, `market` with
 * one market, `event` with each risk event. Nobody is waited for: a reader that does not read is
 * dropped, and without readers nothing is computed.
 */
export class LiveStream {
  readonly #shown: Shown;
  readonly #clock: Clock;
  readonly #readers = new Set<Reader>();
  readonly #kept = new Ring<Message>(MAX_KEPT);
  readonly #sent = new Map<string, { readonly text: string; readonly atMs: number }>();
  readonly #encoder = new TextEncoder();
  readonly #unsubscribe: () => void;
  /** Tells the ids of this process from those of one before. */
  readonly #epoch: string;
  #seq = 0;
  #cancelTick: CancelTimer | null = null;
  #isClosed = false;

  constructor(shown: Shown, hub: EventHub, clock: Clock) {
    this.#shown = shown;
    this.#clock = clock;
    this.#epoch = clock.nowMs().toString(36);
    this.#unsubscribe = hub.subscribe((event) => {
      if (isRiskEvent(event)) this.#publish("event", toWire(event));
    });
  }

  /** How many readers there are. */
  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Opens a stream: what was missed since the last id if that is still kept, else everything once.
   * @throws Problem if there are too many readers, or the process stops
   */
  open({ market, lastEventId }: StreamRequest): ReadableStream<Uint8Array> {
    if (this.#isClosed) throw new Problem("unavailable", "the process stops");
    if (this.#readers.size >= MAX_READERS) {
      throw new Problem("unavailable", `there are ${MAX_READERS} readers already: come back later`);
    }
    let opened: Reader | null = null;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        opened = { controller, market };
        this.#readers.add(opened);
        controller.enqueue(this.#greeting(lastEventId));
        this.#cancelTick ??= this.#clock.after(TICK_MS, () => this.#tick());
      },
      cancel: () => {
        if (opened !== null) this.#readers.delete(opened);
      },
    }, { highWaterMark: MAX_BEHIND_BYTES, size: (chunk) => chunk.byteLength });
  }

  /** Ends every stream; the port could not be closed before. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#cancelTick?.();
    for (const reader of this.#readers) this.#drop(reader);
  }

  #greeting(lastEventId: string | undefined): Uint8Array {
    const [epoch, seq] = lastEventId?.split("-") ?? [];
    const kept = this.#kept.list();
    const first = kept[0]?.seq ?? this.#seq + 1;
    const seen = epoch === this.#epoch && /^\d+$/.test(seq ?? "") ? Number(seq) : null;
    if (seen !== null && seen >= first - 1 && seen <= this.#seq) {
      return joined(kept.filter((message) => message.seq > seen));
    }
    const status = this.#shown.service.status();
    const whole = toWire({ full: true, ...overviewOf(status, this.#shown) }, HTTP_LIMITS);
    return this.#encode("overview", whole, this.#seq);
  }

  #tick(): void {
    this.#cancelTick = null;
    if (this.#readers.size === 0 || this.#isClosed) return;
    this.#cancelTick = this.#clock.after(TICK_MS, () => this.#tick());
    const status = this.#shown.service.status();
    const overview = overviewOf(status, this.#shown);
    const markets = overview.markets.filter((row) => this.#isNews(row));
    this.#publish("overview", toWire({ full: false, ...overview, markets }, HTTP_LIMITS));
    const wanted = new Set([...this.#readers].map(({ market }) => market));
    for (const market of status.markets) {
      if (!wanted.has(market.marketId)) continue;
      const detail = toWire(detailOf(market, status, this.#shown), HTTP_LIMITS);
      const bytes = this.#encode("market", detail, this.#seq);
      for (const reader of this.#readers) {
        if (reader.market === market.marketId) this.#send(reader, bytes);
      }
    }
  }

  /** True for a row that differs from the one sent last, but for the time of its last cycle. */
  #isNews({ lastCycleAtMs: _, cycles: __, ...row }: Row): boolean {
    const text = JSON.stringify(row);
    const nowMs = this.#clock.monotonicMs();
    const before = this.#sent.get(row.marketId);
    if (before?.text === text && nowMs - before.atMs < REPEAT_MS) return false;
    this.#sent.set(row.marketId, { text, atMs: nowMs });
    return true;
  }

  #publish(event: string, data: unknown): void {
    const message = { seq: ++this.#seq, bytes: this.#encode(event, data, this.#seq) };
    this.#kept.push(message);
    for (const reader of this.#readers) this.#send(reader, message.bytes);
  }

  #encode(event: string, data: unknown, seq: number): Uint8Array {
    const id = `${this.#epoch}-${seq}`;
    return this.#encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #send(reader: Reader, bytes: Uint8Array): void {
    if ((reader.controller.desiredSize ?? 0) > 0) reader.controller.enqueue(bytes);
    else this.#drop(reader);
  }

  #drop(reader: Reader): void {
    this.#readers.delete(reader);
    try {
      reader.controller.close();
    } catch {
      // It is closed already: the reader went away.
    }
  }
}

/** Messages as one piece, after a comment: a reader that has missed nothing sees that it is on. */
function joined(messages: readonly Message[]): Uint8Array {
  const parts = [new TextEncoder().encode(": on\n\n"), ...messages.map(({ bytes }) => bytes)];
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((offset, part) => {
    whole.set(part, offset);
    return offset + part.length;
  }, 0);
  return whole;
}
