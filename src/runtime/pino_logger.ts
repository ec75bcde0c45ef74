import { pino } from "pino";
import type { Clock } from "./clock.ts";
import type { LogFields, Logger, LogLevel } from "./log.ts";
import { toWire, type WireValue } from "./wire.ts";

/** What a {@link pinoLogger} is made of. */
export interface PinoLoggerOptions {
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Takes one line, with its line end. */
  readonly write: (line: string) => void;
}

/** A log whose threshold can change while the process runs; its children follow. */
export interface AdjustableLogger extends Logger {
  setLevel(level: LogLevel): void;
}

/** Names that every line has of its own; a field of that name gets an underscore. */
const RESERVED = new Set(["level", "time", "event"]);

const PINO_LEVELS = { DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" } as const;

/**
 * A log of one JSON object per line: `level`, `time` (ISO, from the clock), `event`, then the
 * fields with snake_case names and without secrets. It never throws: neither for what it is given
 * nor when `write` does, since a full disk or a closed pipe is no reason to stop trading.
 */
export function pinoLogger(options: PinoLoggerOptions): AdjustableLogger {
  const sink = pino({
    level: PINO_LEVELS[options.level],
    base: null,
    timestamp: () => `,"time":"${new Date(options.clock.nowMs()).toISOString()}"`,
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
  }, { write: (line: string) => ignoringErrors(() => options.write(line)) });
  return {
    ...loggerOn(sink, {}),
    setLevel: (level) => {
      sink.level = PINO_LEVELS[level];
    },
  };
}

/**
 * The part of pino that is used; `base` is kept here because pino would repeat a name that both
 * have.
 */
type Sink = Pick<ReturnType<typeof pino>, "isLevelEnabled" | "debug" | "info" | "warn" | "error">;

function loggerOn(sink: Sink, base: LogFields): Logger {
  const enabled = (level: LogLevel) => sink.isLevelEnabled(PINO_LEVELS[level]);
  return {
    enabled,
    log: (level, event, fields = {}) => {
      if (enabled(level)) {
        sink[PINO_LEVELS[level]]({ event, ...wireFields({ ...base, ...fields }) });
      }
    },
    child: (fields) => loggerOn(sink, { ...base, ...fields }),
  };
}

function wireFields(fields: LogFields): Record<string, WireValue> {
  return Object.fromEntries(
    Object.entries(toWire(fields) ?? {})
      .map(([name, value]) => [RESERVED.has(name) ? `${name}_` : name, value]),
  );
}

function ignoringErrors(action: () => void): void {
  try {
    action();
  } catch {
    // Nowhere is left to report it to.
  }
}
