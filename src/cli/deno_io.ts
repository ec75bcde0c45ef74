import type { CliIo, ExitCode, ProcessEvents, StopSignal } from "./cli_io.ts";

/** The real outside of a command. */
export const denoIo: CliIo & ProcessEvents = {
  write: (text) => writeAll(Deno.stdout, text),
  writeError: (text) => writeAll(Deno.stderr, text),
  isTerminal: Deno.stdout.isTerminal(),
  readTextFile: (path) => Deno.readTextFile(path),
  writeTextFile: (path, text) => Deno.writeTextFile(path, text),
  env: readEnv,
  setExitCode: (code: ExitCode) => {
    Deno.exitCode = Math.max(Deno.exitCode, code);
  },
  onStopSignal: (listener) => {
    const stops = stopSignals().map((signal) => listenTo(signal, () => listener(signal)));
    return () => stops.forEach((stop) => stop());
  },
  onUncaughtError,
};

/** Writes everything; a reader that went away, as in `amm config show | head`, is no error. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function readEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** Windows knows no SIGTERM. */
function stopSignals(): readonly StopSignal[] {
  return Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
}

function listenTo(signal: StopSignal, listener: () => void): () => void {
  Deno.addSignalListener(signal, listener);
  return () => Deno.removeSignalListener(signal, listener);
}

function onUncaughtError(listener: (error: unknown) => void): () => void {
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    listener(event.error);
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    listener(event.reason);
  };
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  return () => {
    globalThis.removeEventListener("error", onError);
    globalThis.removeEventListener("unhandledrejection", onRejection);
  };
}
