import { Command, CommanderError, Option } from "commander";
import { diskFiles, type JournalFiles } from "../journal/journal_files.ts";
import { readRecords } from "../journal/journal_reader.ts";
import type { RecordKind, RecordOf } from "../journal/journal_record.ts";
import { marketsIn, pnlBy, type PnlRow, quoteAt, STEPS, totals } from "../journal/queries.ts";
import { type Clock, systemClock } from "../runtime/clock.ts";
import { type CliIo, ExitCode } from "./cli_io.ts";
import { eventRow, fillRow, isoTime, quoteRow, quoteText } from "./journal_text.ts";
import { momentOf, parseDay, parseMoment, periodOf, type PeriodOptions } from "./journal_time.ts";
import { csvText, type Row, tableText } from "./table_text.ts";

interface CommonOptions extends PeriodOptions {
  readonly path: string;
  readonly market?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

interface QuoteOptions extends CommonOptions {
  readonly at?: string;
}

interface EventOptions extends CommonOptions {
  readonly event?: string;
  readonly level?: string;
}

interface PnlOptions extends CommonOptions {
  readonly by: keyof typeof STEPS;
}

/** What the command takes from the machine; a test gives its own. */
export interface JournalCommandParts {
  readonly files: (path: string) => Pick<JournalFiles, "list" | "read">;
  readonly clock: Clock;
}

const REAL: JournalCommandParts = { files: diskFiles, clock: systemClock };

/** `journal`: what a bot has written down. */
export function journalCommand(io: CliIo, parts: JournalCommandParts = REAL): Command {
  const ask = new Asking(io, parts);
  const command = new Command("journal").description(
    "Asks the journal that a bot writes where `journal_path` says: what was quoted when and\n" +
      "why, what went wrong, what was traded, what was earned. All times are UTC. It only\n" +
      "reads, also while the bot writes.",
  );
  command.addCommand(
    common("quotes", "What was quoted, and with --at why, term by term")
      .option("--at <time>", "the quote in force then, such as 14:03", parseMoment)
      .action((options: QuoteOptions) => ask.quotes(options)),
  );
  command.addCommand(
    common("events", "Risk events, changes of level and phase, what operators did")
      .option("--event <name>", "only events of this name, such as pause_set")
      .addOption(new Option("--level <level>", "only this importance").choices(LEVELS))
      .action((options: EventOptions) => ask.events(options)),
  );
  command.addCommand(
    common("trades", "Own trades")
      .action((options: CommonOptions) => ask.trades(options)),
  );
  command.addCommand(
    common("pnl", "Profit, trades and fees in steps of time, all markets unless --market is given")
      .addOption(
        new Option("--by <step>", "the step").choices(Object.keys(STEPS)).default("hour"),
      )
      .action((options: PnlOptions) => ask.pnl(options)),
  );
  return command;
}

const LEVELS = ["INFO", "WARN", "ERROR"];

function common(name: string, summary: string): Command {
  return new Command(name).description(`${summary}.`)
    .option("--market <id>", "only this market")
    .option("--day <date>", "a UTC day such as 2026-01-31; today if left out", parseDay)
    .option("--from <time>", "not before this time, such as 14:00", parseMoment)
    .option("--to <time>", "not after this time", parseMoment)
    .option("--path <dir>", "the directory of the journal", "journal")
    .addOption(new Option("--json", "an array of records").conflicts("csv"))
    .option("--csv", "comma-separated values for a spreadsheet");
}

class Asking {
  readonly #io: CliIo;
  readonly #parts: JournalCommandParts;

  constructor(io: CliIo, parts: JournalCommandParts) {
    this.#io = io;
    this.#parts = parts;
  }

  async quotes(options: QuoteOptions): Promise<void> {
    if (options.at !== undefined) return await this.#quoteAt(options, options.at);
    await this.#list(options, "quote", quoteRow);
  }

  async events(options: EventOptions): Promise<void> {
    const { event, level } = options;
    const isWanted = (record: RecordOf<"event">) =>
      (event === undefined || record.event === event) &&
      (level === undefined || record.level === level);
    await this.#list(options, "event", eventRow, isWanted);
  }

  async trades(options: CommonOptions): Promise<void> {
    await this.#list(options, "fill", fillRow);
  }

  async pnl(options: PnlOptions): Promise<void> {
    const period = { ...this.#period(options), marketId: options.market };
    const rows = await pnlBy(await this.#source(options), period, STEPS[options.by]);
    const shown: readonly PnlRow[] = options.market === undefined ? totals(rows) : rows;
    this.#show(shown.map((row) => ({ ...row })), shown, options);
  }

  async #quoteAt(options: QuoteOptions, at: string): Promise<void> {
    const { market } = options;
    if (market === undefined) throw usage(this.#io, "--at needs --market ID");
    const today = isoTime(this.#parts.clock.nowMs()).slice(0, 10);
    const atMs = momentOf(at, options.day ?? today);
    const source = await this.#source(options);
    const found = await quoteAt(source, market, atMs);
    if (found.quote === null) return await this.#nothingAt(source, { market, atMs, options });
    if (options.csv === true) this.#show([quoteRow(found.quote)], [found.quote], options);
    else if (options.json === true) this.#io.write(`${JSON.stringify(found.quote, null, 2)}\n`);
    else this.#io.write(quoteText(found, atMs));
  }

  async #nothingAt(
    source: Pick<JournalFiles, "list" | "read">,
    { market, atMs, options }: { market: string; atMs: number; options: CommonOptions },
  ): Promise<void> {
    const day = isoTime(atMs).slice(0, 10);
    const known = await marketsIn(source, periodOf({ day }, atMs));
    this.#io.writeError(
      `error: nothing is known of market ${market} at ${isoTime(atMs)} in ${options.path}: ` +
        (known.length === 0
          ? `it has no records of ${day}\n`
          : `it has records of ${day} of ${known.join(", ")}; look at \`quotes --market ID\`\n`),
    );
    this.#io.setExitCode(ExitCode.PROBLEM);
  }

  async #list<K extends RecordKind>(
    options: CommonOptions,
    kind: K,
    rowOf: (record: RecordOf<K>) => Row,
    isWanted: (record: RecordOf<K>) => boolean = () => true,
  ): Promise<void> {
    const period = this.#period(options);
    const { records, unreadable } = await readRecords(await this.#source(options), {
      kinds: [kind],
      ...period,
      marketId: options.market,
    });
    const wanted = records.filter(isWanted);
    this.#show(wanted.map(rowOf), wanted, options);
    if (unreadable > 0) this.#io.writeError(`${unreadable} lines are no records; left out.\n`);
  }

  #period(options: CommonOptions) {
    const period = periodOf(options, this.#parts.clock.nowMs());
    if (period.fromMs <= period.toMs) return period;
    throw usage(this.#io, `--from ${isoTime(period.fromMs)} lies behind ${isoTime(period.toMs)}`);
  }

  /** @throws Error if there is no journal */
  async #source({ path }: CommonOptions): Promise<Pick<JournalFiles, "list" | "read">> {
    const source = this.#parts.files(path);
    const hint = "set journal_path for the bot, and name its directory with --path";
    const files = await source.list().catch((error: unknown) => {
      throw new Error(`Cannot read the journal in ${path}: ${hint}`, { cause: error });
    });
    if (files.length === 0) throw new Error(`There is no journal in ${path}: ${hint}`);
    return source;
  }

  #show(rows: readonly Row[], records: readonly object[], options: CommonOptions): void {
    const { json = false, csv = false } = options;
    if (json) return this.#io.write(`${JSON.stringify(records, null, 2)}\n`);
    if (rows.length === 0) this.#io.writeError("There are no records of this time.\n");
    else if (csv) this.#io.write(csvText(rows, Object.keys(rows[0] ?? {})));
    else this.#io.write(tableText(rows));
  }
}

function usage(io: CliIo, message: string): CommanderError {
  io.writeError(`error: ${message}\n(--help shows what is possible)\n`);
  return new CommanderError(ExitCode.USAGE, "amm.usage", message);
}
