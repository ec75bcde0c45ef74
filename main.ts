import { denoIo } from "./src/cli/deno_io.ts";
import { type CommandEntry, runProgram } from "./src/cli/program.ts";
import { VERSION_AND_COMMIT, versionNotice } from "./src/cli/version.ts";

const commands: readonly CommandEntry[] = [
  {
    name: "start",
    summary: "run the market maker, on paper unless a configuration says live",
    load: async (io) => (await import("./src/cli/start_command.ts")).startCommand(io),
  },
  {
    name: "sim",
    summary: "run scripted markets in the simulator",
    load: async (io) => (await import("./sim/cli/sim_command.ts")).simCommand(io),
  },
  {
    name: "exchange",
    summary: "serve the simulated exchange over HTTP",
    load: async (io) => (await import("./sim/cli/exchange_command.ts")).exchangeCommand(io),
  },
  {
    name: "doctor",
    summary: "check a live set-up before it trades",
    load: async (io) => (await import("./src/cli/doctor_command.ts")).doctorCommand(io),
  },
  {
    name: "health",
    summary: "ask a running bot whether it is well",
    load: async (io) => (await import("./src/cli/health_command.ts")).healthCommand(io),
  },
  {
    name: "config",
    summary: "check and explain configurations, and change that of a running bot",
    load: async (io) => (await import("./src/cli/config_command.ts")).configCommand(io),
  },
  {
    name: "journal",
    summary: "ask what a bot quoted, traded, earned and met",
    load: async (io) => (await import("./src/cli/journal_command.ts")).journalCommand(io),
  },
];

if (import.meta.main) {
  denoIo.writeError(versionNotice(Deno.version.deno) ?? "");
  await runProgram({ args: Deno.args, io: denoIo, version: VERSION_AND_COMMIT, commands });
  // What is still pending, such as a connection that does not end, must not keep the process.
  Deno.exit();
}
