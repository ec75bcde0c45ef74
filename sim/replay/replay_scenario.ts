import { clamp, MAX_PRICE, MIN_PRICE } from "../../src/models/money.ts";
import { formatDuration } from "../duration.ts";
import { type Scenario, scenarioSchema } from "../scenario/schema.ts";
import { type RecordedTrade, TapeError, type TapeFile } from "./tape_file.ts";

/** How recorded trades are replayed. */
export interface ReplayOptions {
  /** Name of the file, for people. */
  readonly file: string;
  /** What the bot is told, cents; the first price if left out. */
  readonly anchorCents?: number | undefined;
  /** How the market was decided after the last trade, if it was. */
  readonly outcome?: "YES" | "NO" | undefined;
}

/** The bot gets so long to put its quotes up. */
const LEAD_MS = 60_000;
/** After the last trade the market is looked at for so long. */
const REST_MS = 5 * 60_000;
const LONGEST_MS = 90 * 24 * 3_600_000;
/** The market goes on for so long after the last trade, unless it was decided. */
const LIFE_AFTER = "30d";

/**
 * A scenario in which the recorded takers come again, at their times and with their prices as
 * limits. Nothing is known of a true price, so the last recorded one stands for it.
 * @throws TapeError if the file covers more time than a run can
 */
export function replayScenario(
  { trades }: TapeFile,
  { file, anchorCents, outcome }: ReplayOptions,
): Scenario {
  const [first] = trades;
  const last = trades.at(-1);
  if (first === undefined || last === undefined) throw new TapeError(`${file} holds no trades`);
  const lengthMs = LEAD_MS + last.timeMs - first.timeMs + REST_MS;
  if (lengthMs > LONGEST_MS) {
    const covered = formatDuration(lengthMs);
    throw new TapeError(`Cannot replay ${file}: it covers ${covered}; at most 90d at once`);
  }
  const elapsedMs = ({ timeMs }: RecordedTrade) => LEAD_MS + timeMs - first.timeMs;
  const anchor = anchorCents ?? clamp(Math.round(first.priceCents), MIN_PRICE, MAX_PRICE);
  const base = scenarioSchema.parse({
    name: "replay",
    description: `${trades.length} trades of ${file}`,
    duration: `${Math.ceil(lengthMs)}ms`,
    markets: [{ id: "REPLAY", anchor, path: { start: first.priceCents }, ends_in: LIFE_AFTER }],
  });
  const [market] = base.markets;
  if (market === undefined) throw new TapeError(`${file} makes no market`);
  // Put in as values: a million trades need no second check.
  return {
    ...base,
    markets: [{
      ...market,
      endsIn: base.duration + market.endsIn,
      path: { ...market.path, jumps: pricesOf(trades, elapsedMs) },
      traders: [{
        kind: "tape",
        from: 0,
        until: undefined,
        trades: trades.map((trade) => ({
          at: elapsedMs(trade),
          side: trade.takerSide,
          price: trade.priceCents,
          size: trade.shares,
        })),
      }],
    }],
    events: outcome === undefined ? [] : [{ at: base.duration, do: "resolve", result: outcome }],
  };
}

/** The moments at which the price was another one. */
function pricesOf(
  trades: readonly RecordedTrade[],
  elapsedMs: (trade: RecordedTrade) => number,
) {
  return trades
    .filter((trade, index) => trade.priceCents !== trades[index - 1]?.priceCents)
    .map((trade) => ({ at: elapsedMs(trade), to: trade.priceCents, over: 0 }));
}
