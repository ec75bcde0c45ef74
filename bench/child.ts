import { linesOf } from "./text_lines.ts";

/** A program of the project that runs beside the measurement. */
export interface Child {
  /** Its first line on standard output. */
  readonly firstLine: string;
  /** Ends it, and waits for that. */
  end(): Promise<void>;
}

const ROOT = new URL("../", import.meta.url);

/** Runs `deno run -A` with a file of the project and gives back what it wrote. */
export async function runScript(...args: readonly string[]): Promise<string> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`${args[0]} ended with code ${code}`);
  return new TextDecoder().decode(stdout);
}

/** Starts `deno run -A` with a file of the project, and waits for its first line. */
export async function startScript(...args: readonly string[]): Promise<Child> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = linesOf(process.stdout);
  const first = await lines.next();
  if (first.done === true) throw new Error(`${args[0]} ended without a line`);
  // What it goes on writing must not fill the pipe.
  void (async () => {
    for await (const _ of lines);
  })();
  return {
    firstLine: first.value,
    end: async () => {
      process.kill("SIGTERM");
      await process.status;
    },
  };
}
