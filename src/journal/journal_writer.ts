import { type Clock, sleep, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import { fileName, type JournalFile, type JournalFiles } from "./journal_files.ts";

/** What a {@link JournalWriter} works with. */
export interface JournalWriterOptions {
  readonly files: JournalFiles;
  readonly clock: Clock;
  readonly log: Logger;
  /** Who writes, in the names of the files: letters, digits, `_` and `-`. */
  readonly writer: string;
  /** The first line of every file. */
  readonly firstLine: () => string;
  /** Called when a file was begun: what still holds is to be written again. */
  readonly onNewFile: () => void;
  /** Older files are removed, ms. */
  readonly maxAgeMs: number;
  /** All files together, bytes; the oldest go first. */
  readonly maxBytes: number;
}

/** What became of the records so far. */
export interface JournalCounts {
  readonly written: number;
  /** Lost because they could not be written in time. */
  readonly dropped: number;
  /** False while nothing can be written. */
  readonly isUp: boolean;
}

/** So often what has gathered is written; a crash loses no more than that. */
const FLUSH_MS = 1000;
/** So much waits while nothing can be written; the oldest is lost first. */
const MAX_WAITING_CHARACTERS = 8_000_000;
const MOST_FILE_BYTES = 16_000_000;
/** A file is a small part of all, so that removing the oldest one loses little. */
const FILES = 8;
/** A disk that takes longer is said to be in trouble; it is waited for all the same. */
const SLOW_MS = 10_000;

/**
 * Writes lines into files, in batches and beside the loops that make them: adding one costs nothing
 * but memory. A disk that is full, locked or slow costs records, which are counted, and never stops
 * anything.
 */
export class JournalWriter {
  readonly #options: JournalWriterOptions;
  readonly #ended = new AbortController();
  readonly #loop: Promise<void>;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #file: JournalFile | null = null;
  #fileName = "";
  #fileBytes = 0;
  #written = 0;
  #dropped = 0;
  #problem: string | null = null;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** What became of the records so far. */
  get counts(): JournalCounts {
    return { written: this.#written, dropped: this.#dropped, isUp: this.#problem === null };
  }

  /** Adds a line, which ends in a line end. */
  add(line: string): void {
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) this.#dropOldest();
  }

  /** Writes what waits, and ends. @param limitMs a disk that takes longer is given up */
  async close(limitMs: number): Promise<void> {
    this.#ended.abort();
    await withTimeout(this.#options.clock, limitMs, this.#loop);
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#ended.signal.aborted) {
      await sleep(clock, FLUSH_MS, this.#ended.signal);
      await this.#flushWatched();
    }
    this.#file?.close();
  }

  async #flushWatched(): Promise<void> {
    const flush = this.#flush().then(() => this.#noteGood(), (error) => this.#noteProblem(error));
    const isLate = await withTimeout(this.#options.clock, SLOW_MS, flush) === TIMED_OUT;
    if (isLate) this.#noteProblem(`the disk does not answer within ${SLOW_MS / 1000} s`);
    await flush;
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const file = this.#file ??= await this.#begin();
    const lines = this.#waiting;
    const bytes = new TextEncoder().encode(lines.join(""));
    this.#waiting = [];
    this.#waitingCharacters = 0;
    try {
      await file.append(bytes);
    } catch (error) {
      this.#putBack(lines);
      throw error;
    }
    this.#written += lines.length;
    this.#fileBytes += bytes.length;
    if (this.#fileBytes >= this.#maxFileBytes) await this.#end();
  }

  get #maxFileBytes(): number {
    return Math.min(MOST_FILE_BYTES, this.#options.maxBytes / FILES);
  }

  async #begin(): Promise<JournalFile> {
    const { files, clock, writer, firstLine, onNewFile } = this.#options;
    const name = fileName(clock.nowMs(), writer);
    const file = await files.create(name);
    this.#fileName = name;
    this.#fileBytes = 0;
    onNewFile();
    this.#waiting.unshift(firstLine());
    await this.#removeOld();
    return file;
  }

  /** A file that cannot be packed is as good as one that is. */
  async #end(): Promise<void> {
    this.#file?.close();
    this.#file = null;
    await this.#options.files.finish(this.#fileName).catch(() => {});
  }

  /** What cannot be removed now is removed with the next file. */
  async #removeOld(): Promise<void> {
    const { files, clock, maxAgeMs, maxBytes } = this.#options;
    const oldestFirst = (await files.list().catch(() => []))
      .toSorted((a, b) => a.writtenAtMs - b.writtenAtMs);
    let bytes = oldestFirst.reduce((sum, file) => sum + file.bytes, 0) + this.#maxFileBytes;
    for (const file of oldestFirst.slice(0, -1)) {
      if (clock.nowMs() - file.writtenAtMs <= maxAgeMs && bytes <= maxBytes) return;
      await files.remove(file.name).catch(() => {});
      bytes -= file.bytes;
    }
  }

  #putBack(lines: string[]): void {
    this.#waiting = [...lines, ...this.#waiting];
    this.#waitingCharacters = this.#waiting.reduce((sum, line) => sum + line.length, 0);
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) this.#dropOldest();
  }

  /** A quarter at once, so that this is rare. */
  #dropOldest(): void {
    const kept = this.#waiting.slice(Math.ceil(this.#waiting.length / 4));
    this.#dropped += this.#waiting.length - kept.length;
    this.#waiting = kept;
    this.#waitingCharacters = kept.reduce((sum, line) => sum + line.length, 0);
  }

  #noteGood(): void {
    if (this.#problem === null) return;
    this.#problem = null;
    this.#options.log.log("INFO", "journal_restored", { dropped: this.#dropped });
  }

  #noteProblem(error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error);
    const isNews = this.#problem === null;
    this.#problem = cause;
    if (isNews) this.#options.log.log("WARN", "journal_failed", { cause });
  }
}
