/** Readers of command-line values that several commands share. */

import { InvalidArgumentError } from "commander";
import { type CliIo, ExitCode } from "../../src/cli/cli_io.ts";
import { nearest } from "../../src/config/nearest.ts";
import { SettingError } from "../lab/settings.ts";
import { ScenarioError } from "../scenario/load.ts";
import { TapeError } from "../replay/tape_file.ts";

/** Reads a whole number between bounds, both included. */
export function wholeNumberOption(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads a seed. */
export const seedOption = wholeNumberOption(0, Number.MAX_SAFE_INTEGER);

/** Reads names out of a fixed set, separated by commas. */
export function namesOption<N extends string>(names: readonly N[]): (text: string) => N[] {
  return (text) => [...new Set(text.split(",").map((word) => nameAmong(word.trim(), names)))];
}

function nameAmong<N extends string>(word: string, names: readonly N[]): N {
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  const like = nearest(word, names);
  const hint = like === null ? "" : ` Did you mean ${like}?`;
  throw new InvalidArgumentError(`There is no ${word}.${hint} There are ${names.join(", ")}.`);
}

/** Collects the values of an option that may be repeated. */
export function collected(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** Input that cannot be used is a usage error: nothing was run. */
export async function refusingBadInput(io: CliIo, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isInput = error instanceof ScenarioError || error instanceof SettingError ||
      error instanceof TapeError;
    if (!isInput) throw error;
    io.writeError(`${error.message}\n`);
    io.setExitCode(ExitCode.USAGE);
  }
}
