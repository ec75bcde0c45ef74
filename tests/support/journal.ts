import type {
  JournalFile,
  JournalFileInfo,
  JournalFiles,
} from "../../src/journal/journal_files.ts";
import type { Clock } from "../../src/runtime/clock.ts";

/** The files of a journal in memory, on a disk whose moods a test chooses. */
export class MemoryJournal implements JournalFiles {
  readonly files = new Map<string, { text: string; writtenAtMs: number }>();
  /** Files to which nothing is added any more. */
  readonly finished: string[] = [];
  /** What the disk does with the next writes. */
  disk: "good" | "full" | "stuck" = "good";
  #unstick: () => void = () => {};
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Everything that is written, line by line. */
  get lines(): readonly string[] {
    return [...this.files.values()].flatMap(({ text }) => text.split("\n").slice(0, -1));
  }

  /** The records of a kind. */
  records(kind: string): readonly Readonly<Record<string, unknown>>[] {
    return this.lines.map((line) => JSON.parse(line)).filter((record) => record.kind === kind);
  }

  /** Ends every write that hangs. */
  unstick(): void {
    this.disk = "good";
    this.#unstick();
  }

  list(): Promise<readonly JournalFileInfo[]> {
    return Promise.resolve(
      [...this.files].map(([name, { text, writtenAtMs }]) => ({
        name,
        bytes: text.length,
        writtenAtMs,
      })),
    );
  }

  read(name: string): Promise<string> {
    return Promise.resolve(this.files.get(name)?.text ?? "");
  }

  create(name: string): Promise<JournalFile> {
    if (this.disk === "full") return Promise.reject(new Error("no space left"));
    const file = { text: "", writtenAtMs: this.#clock.nowMs() };
    this.files.set(name, file);
    return Promise.resolve({
      append: async (bytes) => {
        if (this.disk === "full") throw new Error("no space left");
        if (this.disk === "stuck") {
          await new Promise<void>((resolve) => this.#unstick = resolve);
        }
        file.text += new TextDecoder().decode(bytes);
        file.writtenAtMs = this.#clock.nowMs();
      },
      close: () => {},
    });
  }

  finish(name: string): Promise<void> {
    this.finished.push(name);
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    this.files.delete(name);
    return Promise.resolve();
  }
}
