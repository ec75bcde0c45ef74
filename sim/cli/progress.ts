import cliProgress from "cli-progress";
import type { CliIo } from "../../src/cli/cli_io.ts";
import type { Clock } from "../../src/runtime/clock.ts";

/** Tells a person how far a simulation is. */
export interface Progress {
  /** @param share 0 to 1 */
  show(label: string, share: number): void;
  /** Takes the bar away. */
  end(): void;
}

/** The part of the library that is used; it comes without types. */
interface Bar {
  start(total: number, value: number, payload: { label: string }): void;
  update(value: number, payload: { label: string }): void;
  stop(): void;
}

/** Work that takes less needs no bar. */
const PATIENCE_MS = 1_000;

/**
 * A bar on standard error that appears once the work has taken a second; without a terminal nothing
 * is shown. The cursor stays visible, so that Ctrl-C leaves the terminal as it was.
 */
export function progressBar(io: CliIo, clock: Pick<Clock, "monotonicMs">): Progress {
  const startedMs = clock.monotonicMs();
  let bar: Bar | null = null;
  return {
    show(label, share) {
      if (!io.isTerminal || clock.monotonicMs() - startedMs < PATIENCE_MS) return;
      bar ??= startedBar(io, label);
      bar.update(share, { label });
    },
    end: () => bar?.stop(),
  };
}

function startedBar(io: CliIo, label: string): Bar {
  const bar: Bar = new cliProgress.SingleBar({
    format: "{bar} {percentage} % {label}",
    barsize: 30,
    hideCursor: null,
    clearOnComplete: true,
    stopOnComplete: false,
    linewrap: true,
    stream: terminal((text) => io.writeError(text)),
  }, cliProgress.Presets.shades_classic);
  bar.start(1, 0, { label });
  return bar;
}

/** What the library needs of a terminal. */
function terminal(write: (text: string) => void) {
  return { isTTY: true, columns: 80, write: (text: string) => (write(text), true) };
}
