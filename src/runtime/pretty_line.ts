import type { LogLevel } from "./log.ts";

const COLORS: Readonly<Record<LogLevel, string>> = {
  DEBUG: "\x1b[2m",
  INFO: "\x1b[32m",
  WARN: "\x1b[33m",
  ERROR: "\x1b[31m",
};
const RESET = "\x1b[0m";

/**
 * Turns a line of the JSON log into one for people: `12:00:01.250 WARN pause_set market_id=MKT-1
 * reason=DRIFT`. The time is UTC. A line that is not from the log comes back as it is.
 * @param line one line with its line end
 * @param color true to color the level, for a terminal
 */
export function prettyLine(line: string, color: boolean): string {
  const entry = parsed(line);
  if (entry === null) return line;
  const { level, time, event, ...fields } = entry;
  const label = String(level).padEnd(5);
  const shownLevel = color ? `${COLORS[level as LogLevel] ?? ""}${label}${RESET}` : label;
  const shownFields = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  return [String(time).slice(11, 23), shownLevel, event, ...shownFields].join(" ") + "\n";
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "event" in value ? { ...value } : null;
  } catch {
    return null;
  }
}

function shown(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
