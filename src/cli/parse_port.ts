import { InvalidArgumentError } from "commander";

/**
 * Reads the port of an option.
 * @throws InvalidArgumentError unless it is a whole number from 1 to 65535
 */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError("It must be a whole number from 1 to 65535.");
}
