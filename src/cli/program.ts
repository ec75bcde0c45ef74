import { Command, CommanderError } from "commander";
import { type CliIo, ExitCode, type ProcessEvents } from "./cli_io.ts";

/**
 * One command of the program. Its module is loaded only when it is asked for, so that others start
 * quickly.
 */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly load: (io: CliIo & ProcessEvents) => Promise<Command>;
}

/** What a program is made of. */
export interface ProgramOptions {
  /** Arguments of the user, without the names of the interpreter and the program. */
  readonly args: readonly string[];
  readonly io: CliIo & ProcessEvents;
  readonly version: string;
  readonly commands: readonly CommandEntry[];
}

/** Runs the command that `args` name, and sets the exit code. Never throws. */
export async function runProgram(options: ProgramOptions): Promise<void> {
  const { args, io } = options;
  try {
    const program = await assemble(options);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) io.setExitCode(ExitCode.USAGE);
      return;
    }
    io.writeError(`error: ${describeError(error)}\n`);
    io.setExitCode(ExitCode.PROBLEM);
  }
}

/** An error in words for people: its message and those of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `: ${describeError(error.cause)}`;
  return `${error.message || error.name}${cause}`;
}

async function assemble({ args, io, version, commands }: ProgramOptions): Promise<Command> {
  const program = new Command("amm")
    .description("A market maker for binary prediction markets.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(--help shows what is possible)")
    .configureOutput({
      writeOut: (text) => io.write(text),
      writeErr: (text) => io.writeError(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => io.isTerminal,
      getErrHasColors: () => io.isTerminal,
    });
  for (const entry of commands) {
    const command = args.includes(entry.name) ? await entry.load(io) : new Command(entry.name);
    inheritSettings(program, command.summary(entry.summary));
    program.addCommand(command);
  }
  return program;
}

/**
 * Commands that were built apart from the program do not know yet where it writes and how it ends.
 */
function inheritSettings(parent: Command, child: Command): void {
  child.copyInheritedSettings(parent);
  for (const grandchild of child.commands) inheritSettings(child, grandchild);
}
