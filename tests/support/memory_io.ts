import type { CliIo, ExitCode, ProcessEvents, StopSignal } from "../../src/cli/cli_io.ts";

/** The outside of a command, kept in memory; a test reads what the command did. */
export interface MemoryIo extends CliIo, ProcessEvents {
  /** Everything written to standard output. */
  readonly out: string;
  /** Everything written to standard error. */
  readonly err: string;
  readonly exitCode: number;
  /** Files by path; what the command writes is added. */
  readonly files: Map<string, string>;
  /** Delivers a signal to whoever listens. */
  signal(signal: StopSignal): void;
  /** Delivers an error that nobody caught. */
  fail(error: unknown): void;
  /** How many listeners are registered; 0 after a command cleaned up. */
  readonly listeners: number;
}

/** Makes the outside of a command. */
export function memoryIo(
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
    readonly isTerminal?: boolean;
  } = {},
): MemoryIo {
  const files = new Map(Object.entries(options.files ?? {}));
  const signals = new Set<(signal: StopSignal) => void>();
  const errors = new Set<(error: unknown) => void>();
  const state = { out: "", err: "", exitCode: 0 };
  return {
    get out() {
      return state.out;
    },
    get err() {
      return state.err;
    },
    get exitCode() {
      return state.exitCode;
    },
    get listeners() {
      return signals.size + errors.size;
    },
    files,
    isTerminal: options.isTerminal ?? false,
    write: (text) => void (state.out += text),
    writeError: (text) => void (state.err += text),
    readTextFile: (path) => {
      const text = files.get(path);
      return text === undefined
        ? Promise.reject(new Error(`Cannot read ${path}: no such file`))
        : Promise.resolve(text);
    },
    writeTextFile: (path, text) => Promise.resolve(void files.set(path, text)),
    env: (name) => options.env?.[name],
    setExitCode: (code: ExitCode) => void (state.exitCode = Math.max(state.exitCode, code)),
    onStopSignal: (listener) => registered(signals, listener),
    onUncaughtError: (listener) => registered(errors, listener),
    signal: (signal) => signals.forEach((listener) => listener(signal)),
    fail: (error) => errors.forEach((listener) => listener(error)),
  };
}

function registered<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
