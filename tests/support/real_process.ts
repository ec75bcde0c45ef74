/**
 * A command of the project in a process of its own; for tests in real time, whose waits are all
 * bounded.
 */
export interface RealProcess {
  /** Sends a signal. */
  kill(signal: Deno.Signal): void;
  /**
   * Waits for the end; a process that is still there after `limitMs` is killed and the test fails.
   */
  end(
    limitMs: number,
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

const ROOT = new URL("../../", import.meta.url);
const POLL_MS = 50;

/** Starts `deno` with arguments, in the root of the project, as a user does. */
export function startDeno(...args: readonly string[]): RealProcess {
  return startDenoWith({}, ...args);
}

/** The same, with environment variables. */
export function startDenoWith(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): RealProcess {
  return startProgram({ env, args });
}

/** Starts a program: `deno` in the root of the project, unless told otherwise. */
export function startProgram(
  { program = Deno.execPath(), args, cwd = ROOT, env = {} }: {
    readonly program?: string;
    readonly args: readonly string[];
    readonly cwd?: string | URL;
    readonly env?: Readonly<Record<string, string>>;
  },
): RealProcess {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  return {
    kill: (signal) => child.kill(signal),
    end: async (limitMs) => {
      let isOverdue = false;
      const timer = setTimeout(() => {
        isOverdue = true;
        child.kill("SIGKILL");
      }, limitMs);
      const { code, stdout, stderr } = await output;
      clearTimeout(timer);
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      if (isOverdue) {
        throw new Error(`The process did not end within ${limitMs} ms\n${out}\n${err}`);
      }
      return { code, out: out ?? "", err: err ?? "" };
    },
  };
}

/**
 * Asks again and again until there is an answer.
 * @param limitMs how long at most
 * @param ask gives null, or throws, while the answer is not there yet
 */
export async function eventually<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | null>,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  let last: unknown = "no answer";
  while (performance.now() < endMs) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Not within ${limitMs} ms: ${what}`, { cause: last });
}

/** A port of this machine that nothing listens on. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
