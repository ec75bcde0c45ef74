import { type JournalFiles, startOf } from "./journal_files.ts";
import {
  type JournalRecord,
  journalRecord,
  type RecordKind,
  type RecordOf,
} from "./journal_record.ts";

/** Which records are wanted; the times are epoch milliseconds, both included. */
export interface Wanted<K extends RecordKind> {
  readonly kinds: readonly K[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly marketId?: string | undefined;
}

/** What was found. */
export interface Found<K extends RecordKind> {
  /** In the order of their times. */
  readonly records: readonly RecordOf<K>[];
  /** Lines that are no records; a crash may leave half of one at the end of a file. */
  readonly unreadable: number;
}

/** More are not held in memory at once. */
const MAX_RECORDS = 500_000;
/** The last batch of a file may be younger than its last write is said to be. */
const SLACK_MS = 60_000;
const HEAD = /^\{"kind":"(\w+)","at_ms":(\d+),"market_id":(null|"[^"]*")/;

/**
 * Reads the records of a time from all files of a journal that may hold some.
 * @throws RangeError if there are too many
 */
export async function readRecords<K extends RecordKind>(
  files: Pick<JournalFiles, "list" | "read">,
  wanted: Wanted<K>,
): Promise<Found<K>> {
  const records: RecordOf<K>[] = [];
  let unreadable = 0;
  for (const { name, writtenAtMs } of await files.list()) {
    if (startOf(name) > wanted.toMs + SLACK_MS || writtenAtMs + SLACK_MS < wanted.fromMs) continue;
    for (const line of linesOf(await files.read(name))) {
      if (!mayBeWanted(line, wanted)) continue;
      const record = parsed(line);
      if (record === null) unreadable++;
      else if (isWanted(record, wanted)) records.push(record);
    }
    if (records.length > MAX_RECORDS) {
      throw new RangeError(
        `There are more than ${MAX_RECORDS} records: ask for less time, or for one market`,
      );
    }
  }
  return { records: records.sort((a, b) => a.at_ms - b.at_ms), unreadable };
}

function* linesOf(text: string): Generator<string> {
  for (const line of text.split("\n")) if (line !== "") yield line;
}

/** Looks at the beginning of a line alone: most are not wanted and need not be parsed. */
function mayBeWanted(
  line: string,
  { kinds, fromMs, toMs, marketId }: Wanted<RecordKind>,
): boolean {
  const [, kind, atMs, market] = HEAD.exec(line) ?? [];
  if (kind === undefined) return true;
  const isInTime = Number(atMs) >= fromMs && Number(atMs) <= toMs;
  const isOfKind = kinds.some((wanted) => wanted === kind);
  return isInTime && isOfKind && (marketId === undefined || market === JSON.stringify(marketId));
}

function isWanted<K extends RecordKind>(
  record: JournalRecord,
  { kinds, fromMs, toMs, marketId }: Wanted<K>,
): record is RecordOf<K> {
  return kinds.some((kind) => kind === record.kind) && record.at_ms >= fromMs &&
    record.at_ms <= toMs && (marketId === undefined || record.market_id === marketId);
}

function parsed(line: string): JournalRecord | null {
  try {
    return journalRecord.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
