import { denoIo } from "../src/cli/deno_io.ts";
import { runProgram } from "../src/cli/program.ts";
import { VERSION } from "../src/cli/version.ts";
import { benchCommand } from "./bench_command.ts";

if (import.meta.main) {
  await runProgram({
    args: ["bench", ...Deno.args],
    io: denoIo,
    version: VERSION,
    commands: [{
      name: "bench",
      summary: "measure the speed of the parts",
      load: (io) => Promise.resolve(benchCommand(io)),
    }],
  });
}
