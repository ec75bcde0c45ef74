import { clamp } from "../../src/models/money.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";

/** One message to an order book: a new order, or the cancel of an earlier one. */
export type Message =
  | {
    readonly kind: "place";
    readonly isBid: boolean;
    /** YES price, cents. */
    readonly price: number;
    readonly quantity: number;
  }
  | {
    readonly kind: "cancel";
    /** Which message placed the order; it may have been filled meanwhile. */
    readonly placedBy: number;
  };

/** The streams by name; each is the same in every run. */
export const STREAMS = {
  inserts: { about: "orders on both sides that never cross", draw: inserts },
  churn: { about: "a market maker that moves five orders a side again and again", draw: churn },
  mixed: { about: "half new orders, three tenths cancels, a fifth crosses", draw: mixed },
  balanced: { about: "orders around one price, most of which trade", draw: balanced },
} as const satisfies Readonly<Record<string, Stream>>;

interface Stream {
  readonly about: string;
  readonly draw: (length: number, random: Random) => Message[];
}

/** The name of a stream. */
export type StreamName = keyof typeof STREAMS;

/** Draws a stream. */
export function drawStream(name: StreamName, length: number): readonly Message[] {
  return STREAMS[name].draw(length, seededRandom(`bench ${name}`));
}

function order(isBid: boolean, price: number, random: Random): Message {
  return { kind: "place", isBid, price, quantity: random.integer(1, 100) };
}

function inserts(length: number, random: Random): Message[] {
  return Array.from({ length }, () => {
    const isBid = random.next() < 0.5;
    return order(isBid, isBid ? random.integer(1, 49) : random.integer(51, 99), random);
  });
}

function churn(length: number, random: Random): Message[] {
  const messages: Message[] = [];
  let middle = 50;
  let resting: number[] = [];
  while (messages.length < length) {
    middle = clamp(middle + random.integer(-1, 1), 10, 90);
    for (const placedBy of resting) messages.push({ kind: "cancel", placedBy });
    resting = [];
    for (const distance of [-1, 1, -2, 2, -3, 3, -4, 4, -5, 5]) {
      resting.push(messages.length);
      messages.push(order(distance < 0, middle + distance, random));
    }
  }
  return messages;
}

function mixed(length: number, random: Random): Message[] {
  const messages: Message[] = [];
  const placed: number[] = [];
  while (messages.length < length) {
    const kind = random.next();
    const isBid = random.next() < 0.5;
    const placedBy = placed[placed.length - random.integer(1, 200)];
    if (kind < 0.3 && placedBy !== undefined) {
      messages.push({ kind: "cancel", placedBy });
      continue;
    }
    placed.push(messages.length);
    const rests = isBid ? random.integer(40, 49) : random.integer(51, 60);
    messages.push(order(isBid, kind < 0.8 ? rests : isBid ? 55 : 45, random));
  }
  return messages;
}

function balanced(length: number, random: Random): Message[] {
  return Array.from({ length }, () => {
    const isBid = random.next() < 0.5;
    const price = Math.round(50 + (isBid ? -2 : 2) + 6 * random.normal());
    return order(isBid, clamp(price, 1, 99), random);
  });
}
