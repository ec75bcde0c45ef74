import { Command } from "commander";
import { type CliIo, ExitCode } from "./cli_io.ts";

/** Stands in for a command that is planned, says so and fails. */
export function notBuiltCommand(name: string, io: CliIo): Command {
  return new Command(name)
    .description("Not built yet.")
    .argument("[arguments...]")
    .allowUnknownOption()
    .action(() => {
      io.writeError(`${name}: not built yet\n`);
      io.setExitCode(ExitCode.USAGE);
    });
}
