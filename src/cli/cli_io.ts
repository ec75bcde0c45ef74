/**
 * What a command may touch outside the process. Commands get it as an argument, so tests run them
 * in memory.
 */

/** Exit codes of every command. */
export const ExitCode = {
  /** It worked. */
  OK: 0,
  /** It ran and found a problem. */
  PROBLEM: 1,
  /** It was called wrongly and did nothing. */
  USAGE: 2,
} as const;

/** One of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The outside of a command. */
export interface CliIo {
  /** Writes text to standard output as it is; the caller ends its lines. */
  write(text: string): void;
  /** Writes text to standard error as it is. */
  writeError(text: string): void;
  /** True if standard output is a terminal, that is, a person reads along. */
  readonly isTerminal: boolean;
  /** Reads a UTF-8 file; rejects with the cause if that is not possible. */
  readTextFile(path: string): Promise<string>;
  /** Creates or replaces a UTF-8 file; rejects with the cause if that is not possible. */
  writeTextFile(path: string, text: string): Promise<void>;
  /** An environment variable, undefined if it is not set or may not be read. */
  env(name: string): string | undefined;
  /**
   * Sets what the process exits with once the command is done; a worse code is never taken back.
   */
  setExitCode(code: ExitCode): void;
}

/** The signals that ask the process to stop. */
export type StopSignal = "SIGINT" | "SIGTERM";

/**
 * What a command that runs until it is told to stop hears from outside, besides its {@link CliIo}.
 */
export interface ProcessEvents {
  /**
   * Calls back on every SIGINT and SIGTERM, and keeps them from ending the process.
   * @returns the way to stop that
   */
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
  /**
   * Calls back on every error that nobody caught, and keeps it from ending the process.
   * @returns the way to stop that
   */
  onUncaughtError(listener: (error: unknown) => void): () => void;
}
