/** What the tools need of the machine: other programs, and words for the person who waits. */

/** Writes a line to standard output. */
export function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Says on one line what went wrong, and ends the process with 1. */
export function fail(tool: string, error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  Deno.stderr.writeSync(new TextEncoder().encode(`${tool}: ${message}\n`));
  Deno.exit(1);
}

/**
 * Runs a program to its end.
 * @returns what it wrote, without white space around it
 * @throws Error with what it wrote to standard error, if it exits with anything but 0
 */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly out: string; readonly err: string }> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (!success) throw new Error(err);
  return { out: out ?? "", err: err ?? "" };
}

/** The commit of the checkout, `-modified` if files differ from it, `unknown` without git. */
export async function commitOf(): Promise<string> {
  try {
    const { out: commit } = await run("git", ["rev-parse", "--short=12", "HEAD"]);
    const { out: changes } = await run("git", ["status", "--porcelain"]);
    return `commit ${commit}${changes === "" ? "" : "-modified"}`;
  } catch {
    return "unknown commit";
  }
}
