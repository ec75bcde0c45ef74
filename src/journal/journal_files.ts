/** Where journals are kept: files of one directory, each of one process and one stretch of time. */

/** A file of a journal. */
export interface JournalFileInfo {
  readonly name: string;
  readonly bytes: number;
  /** Epoch milliseconds of the last write. */
  readonly writtenAtMs: number;
}

/** A file that is written. */
export interface JournalFile {
  /** Adds to the end; after an error nothing of it is there, as far as that can be had. */
  append(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** The directory of a journal. */
export interface JournalFiles {
  /** The files of journals in it, in the order in which they were begun. */
  list(): Promise<readonly JournalFileInfo[]>;
  read(name: string): Promise<string>;
  /** Begins a file that does not exist yet. */
  create(name: string): Promise<JournalFile>;
  /** Makes a file small to which nothing is added any more. */
  finish(name: string): Promise<void>;
  /** Removes a file, and what a crash has left of making it small. */
  remove(name: string): Promise<void>;
}

const NAME = /^\d{8}T\d{6}\.\d{3}Z-[A-Za-z0-9_-]+\.jsonl(\.gz)?$/;
const PACKED = ".gz";
/** A packed copy that is not whole yet. */
const PART = ".part";

/** The name of a file: when it was begun, so that names sort by time, and by whom. */
export function fileName(startMs: number, writer: string): string {
  return `${new Date(startMs).toISOString().replace(/[-:]/g, "")}-${writer}.jsonl`;
}

/** When a file was begun, epoch milliseconds; NaN for a name that is none of a journal. */
export function startOf(name: string): number {
  if (!NAME.test(name)) return NaN;
  const [year, month, day] = [name.slice(0, 4), name.slice(4, 6), name.slice(6, 8)];
  const [hour, minute, second] = [name.slice(9, 11), name.slice(11, 13), name.slice(13, 19)];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** A directory of the machine; it is made when the first file is. */
export function diskFiles(directory: string): JournalFiles {
  const pathOf = (name: string) => `${directory}/${name}`;
  return {
    list: async () => {
      const found: JournalFileInfo[] = [];
      for await (const { name, isFile } of Deno.readDir(directory)) {
        if (!isFile || !NAME.test(name)) continue;
        const { size, mtime } = await Deno.stat(pathOf(name));
        found.push({ name, bytes: size, writtenAtMs: mtime?.getTime() ?? startOf(name) });
      }
      return withoutCopies(found).toSorted((a, b) => a.name < b.name ? -1 : 1);
    },
    read: (name) =>
      name.endsWith(PACKED) ? unpacked(pathOf(name)) : Deno.readTextFile(pathOf(name)),
    create: async (name) => {
      await Deno.mkdir(directory, { recursive: true });
      return new DiskFile(await Deno.open(pathOf(name), { createNew: true, write: true }));
    },
    finish: async (name) => {
      const part = pathOf(name) + PART;
      try {
        await pack(pathOf(name), part);
        await Deno.rename(part, pathOf(name) + PACKED);
      } catch (error) {
        await Deno.remove(part).catch(() => {});
        throw error;
      }
      await Deno.remove(pathOf(name));
    },
    remove: async (name) => {
      await Deno.remove(pathOf(name));
      const plain = pathOf(name.replace(/\.gz$/, ""));
      await removeIfThere(plain + PART);
      if (name.endsWith(PACKED)) await removeIfThere(plain);
    },
  };
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A crash may leave a file beside its packed copy, which is whole then. */
function withoutCopies(files: readonly JournalFileInfo[]): readonly JournalFileInfo[] {
  const names = new Set(files.map(({ name }) => name));
  return files.filter(({ name }) => !names.has(name + PACKED));
}

async function pack(from: string, to: string): Promise<void> {
  const source = await Deno.open(from);
  const target = await Deno.open(to, { write: true, create: true, truncate: true });
  await source.readable.pipeThrough(new CompressionStream("gzip")).pipeTo(target.writable);
}

async function unpacked(path: string): Promise<string> {
  const { readable } = await Deno.open(path);
  return await new Response(readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

class DiskFile implements JournalFile {
  readonly #file: Deno.FsFile;
  #length = 0;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      let rest = bytes;
      while (rest.length > 0) rest = rest.subarray(await this.#file.write(rest));
      this.#length += bytes.length;
    } catch (error) {
      // Half a batch on a full disk would be there twice once it is written again.
      await this.#file.truncate(this.#length).catch(() => {});
      await this.#file.seek(this.#length, Deno.SeekMode.Start).catch(() => {});
      throw error;
    }
  }

  close(): void {
    this.#file.close();
  }
}
