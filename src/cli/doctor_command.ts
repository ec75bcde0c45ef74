import { Command } from "commander";
import { readConfig } from "../config/packaged.ts";
import { Checkup } from "../doctor/checkup.ts";
import { examine, type Instruments } from "../doctor/examine.ts";
import { checkText, summaryText } from "../doctor/report.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import { type CliIo, ExitCode, type ProcessEvents } from "./cli_io.ts";

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly tryMint?: boolean;
}

/** `doctor`: checks a live set-up before it trades. */
export function doctorCommand(
  io: CliIo & ProcessEvents,
  instruments: Instruments = realInstruments(),
): Command {
  return new Command("doctor")
    .description(
      "Checks a live set-up before it trades: permissions, configuration, state store, venue,\n" +
        "login, clock, privileges, and each market. It only reads, unless --try-mint is given.\n" +
        "Run it while no bot trades on the account. Exits with 1 if something failed; a check\n" +
        "that was skipped is none that passed.",
    )
    .option("--config <file>", "a YAML file as for `start --config`")
    .option("--json", "an object {ok, checks} on standard output")
    .option("--try-mint", "also mint one pair in each market, for $1.00, and burn it again")
    .action((options: DoctorOptions) => doctor(io, instruments, options));
}

function realInstruments(): Instruments {
  return {
    fetch: (url, init) => fetch(url, init),
    clock: systemClock,
    random: systemRandom(),
    permits: async (permission) => (await Deno.permissions.query(permission)).state === "granted",
    // Loaded late: the package looks through the environment, which help does not need.
    pingRedis: async (url, timeoutMs) =>
      await (await import("../cache/redis_ping.ts")).pingRedis(url, timeoutMs),
  };
}

async function doctor(
  io: CliIo & ProcessEvents,
  instruments: Instruments,
  { config: file, json = false, tryMint = false }: DoctorOptions,
): Promise<void> {
  const checkup = new Checkup((result, before) => {
    if (!json) io.write(checkText(result, before));
  });
  const unregister = io.onStopSignal(() => checkup.stop());
  try {
    const result = await readConfig(io, file);
    await examine({ ...instruments, checkup, result, file, tryMint });
  } finally {
    unregister();
  }
  const { ok, results } = checkup;
  io.write(
    json ? `${JSON.stringify({ ok, checks: results }, null, 2)}\n` : summaryText(results, ok),
  );
  io.setExitCode(ok ? ExitCode.OK : ExitCode.PROBLEM);
}
