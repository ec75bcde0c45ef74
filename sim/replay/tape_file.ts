import type { BookSide } from "../../src/models/vocabulary.ts";

/** A recorded trade of a market. */
export interface RecordedTrade {
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** YES price in cents, above 0 and below 100; may be fractional. */
  readonly priceCents: number;
  readonly shares: number;
  /** BID if the taker bought YES exposure. */
  readonly takerSide: BookSide;
}

/** A row that cannot be used. */
export interface BadRow {
  /** Line in the file, from 1. */
  readonly line: number;
  /** What is wrong and what it must be. */
  readonly problem: string;
}

/** What a file of recorded trades holds. */
export interface TapeFile {
  readonly trades: readonly RecordedTrade[];
  /** At most {@link MOST_BAD_SHARE} of all rows. */
  readonly bad: readonly BadRow[];
  readonly rows: number;
}

/** A file that cannot be used; the message names what is wrong with it. */
export class TapeError extends Error {
  override readonly name = "TapeError";
}

/** The columns of a CSV file and the fields of a JSON line; others may be there. */
export const TAPE_COLUMNS = ["time", "price", "size", "taker_side"] as const;

/** A file with a larger share of bad rows is not what it should be. */
export const MOST_BAD_SHARE = 0.01;

const MOST_ROWS = 1_000_000;
const MOST_SHARES = 1_000_000;
const BAD_ROWS_SHOWN = 20;

type Row = Readonly<Record<(typeof TAPE_COLUMNS)[number], unknown>>;

/** A row with its place, or what is wrong with it. */
type Line = { readonly line: number; readonly row: Row } | BadRow;

/**
 * Reads recorded trades.
 * @param file its name; `.jsonl` holds one JSON object a line, all else is CSV with a heading
 * @throws TapeError if more than 1 % of the rows are bad, none is good, or there are too many
 */
export function parseTape(file: string, text: string): TapeFile {
  const lines = /\.jsonl$/i.test(file) ? jsonLines(text) : csvLines(file, text);
  if (lines.length > MOST_ROWS) {
    throw new TapeError(`Cannot use ${file}: it has ${lines.length} rows; at most ${MOST_ROWS}`);
  }
  const trades: RecordedTrade[] = [];
  const bad: BadRow[] = [];
  for (const entry of lines) {
    const found = "row" in entry ? tradeOf(entry.row, trades.at(-1)?.timeMs ?? 0) : entry.problem;
    if (typeof found === "string") bad.push({ line: entry.line, problem: found });
    else trades.push(found);
  }
  if (bad.length > MOST_BAD_SHARE * lines.length) {
    throw new TapeError(
      `Cannot use ${file}: ${badRowsReport(bad, lines.length)}\nAt most 1 % may be bad`,
    );
  }
  if (trades.length === 0) throw new TapeError(`Cannot use ${file}: it holds no trades`);
  return { trades, bad, rows: lines.length };
}

/** The bad rows by their lines, and how many there are. */
export function badRowsReport(bad: readonly BadRow[], rows: number): string {
  const shown = bad.slice(0, BAD_ROWS_SHOWN).map(({ line, problem }) => `line ${line}: ${problem}`);
  const rest = bad.length - shown.length;
  const more = rest > 0 ? [`and ${rest} more`] : [];
  return [`${bad.length} of ${rows} rows are bad`, ...shown, ...more].join("\n");
}

function jsonLines(text: string): Line[] {
  return textLines(text).map(({ line, content }) => {
    try {
      const value: unknown = JSON.parse(content);
      const fields = new Map(Object.entries(Object(value)));
      return { line, row: rowOf((name) => fields.get(name)) };
    } catch {
      return { line, problem: "it is no JSON" };
    }
  });
}

function csvLines(file: string, text: string): Line[] {
  const [heading, ...rest] = textLines(text);
  const names = csvFields(heading?.content ?? "").map((name) => name.trim().toLowerCase());
  const missing = TAPE_COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const wanted = TAPE_COLUMNS.join(",");
    throw new TapeError(
      `Cannot use ${file}: its first line must name the columns ${wanted}; missing ${missing}`,
    );
  }
  return rest.map(({ line, content }) => {
    const fields = csvFields(content);
    if (fields.length !== names.length) {
      return { line, problem: `it has ${fields.length} fields; the heading has ${names.length}` };
    }
    return { line, row: rowOf((name) => fields[names.indexOf(name)]?.trim()) };
  });
}

/** Lines that are not blank, with their numbers. */
function textLines(text: string): { readonly line: number; readonly content: string }[] {
  return text.replace(/^\uFEFF/, "").split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, content }))
    .filter(({ content }) => content.trim() !== "");
}

/** The fields of a line; one in quotation marks may hold commas, and doubled marks. */
function csvFields(line: string): string[] {
  const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  const ended = line.endsWith(",") ? fields : fields.slice(0, -1);
  return ended.map((field) => {
    const content = field.replace(/,$/, "").trim();
    return /^".*"$/s.test(content) ? content.slice(1, -1).replaceAll('""', '"') : content;
  });
}

function rowOf(field: (name: string) => unknown): Row {
  const [time, price, size, taker_side] = TAPE_COLUMNS.map(field);
  return { time, price, size, taker_side };
}

/** The trade of a row, or what is wrong with it. */
function tradeOf(row: Row, earlierMs: number): RecordedTrade | string {
  const timeMs = timeOf(row.time);
  const [priceCents, shares] = [numberOf(row.price), numberOf(row.size)];
  const takerSide = sideOf(row.taker_side);
  if (timeMs === null) {
    return `time is ${shown(row.time)}; must be ISO 8601 with a zone, or epoch milliseconds`;
  }
  if (timeMs < earlierMs) return `time is ${shown(row.time)}, before that of the row above`;
  if (!(priceCents >= 1 && priceCents <= 99)) {
    return `price is ${shown(row.price)}; must be YES cents from 1 to 99`;
  }
  if (!(Number.isInteger(shares) && shares >= 1 && shares <= MOST_SHARES)) {
    return `size is ${shown(row.size)}; must be whole shares from 1 to ${MOST_SHARES}`;
  }
  if (takerSide === null) {
    return `taker_side is ${shown(row.taker_side)}; must be BUY or SELL, of YES`;
  }
  return { timeMs, priceCents, shares, takerSide };
}

/** 2000 to 2100: milliseconds in it cannot be mistaken for seconds. */
const FIRST_MS = Date.UTC(2000, 0, 1);
const LAST_MS = Date.UTC(2100, 0, 1);
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

function timeOf(written: unknown): number | null {
  const text = String(written);
  const timeMs = /^\d+(\.\d+)?$/.test(text)
    ? Number(text)
    : INSTANT.test(text)
    ? Date.parse(text.replace(" ", "T"))
    : NaN;
  return timeMs >= FIRST_MS && timeMs < LAST_MS ? timeMs : null;
}

function numberOf(written: unknown): number {
  if (typeof written === "number") return written;
  return typeof written === "string" && /^[+-]?\d+(\.\d+)?$/.test(written) ? Number(written) : NaN;
}

function sideOf(written: unknown): BookSide | null {
  switch (String(written).toUpperCase()) {
    case "BUY":
      return "BID";
    case "SELL":
      return "ASK";
    default:
      return null;
  }
}

function shown(written: unknown): string {
  return written === undefined || written === ""
    ? "missing"
    : JSON.stringify(written)?.slice(0, 40) ?? "missing";
}
