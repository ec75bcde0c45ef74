import type { ProcessConfig } from "../config/process_config.ts";
import type { Clock } from "../runtime/clock.ts";
import type { EventHub } from "../runtime/event_hub.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import type { Service } from "../service/service_api.ts";
import { diskFiles, type JournalFiles } from "./journal_files.ts";
import { FORMAT, lineOf } from "./journal_record.ts";
import { type JournalCounts, JournalWriter } from "./journal_writer.ts";
import { Recorder } from "./recorder.ts";

/** What a journal works with. */
export interface JournalParts {
  readonly config: ProcessConfig;
  readonly service: Pick<Service, "onCycle">;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Where it is kept; the directory `journal_path` if left out. */
  readonly files?: JournalFiles;
}

/** A journal that is written. */
export interface Journal {
  readonly counts: JournalCounts;
  /** Writes what waits, and ends; a disk that takes longer than `limitMs` is given up. */
  close(limitMs: number): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Begins the journal of a process; null if no `journal_path` is configured. */
export function openJournal(parts: JournalParts): Journal | null {
  const { config: { mode, global }, clock, random, log } = parts;
  if (global.journalPath === null) return null;
  const instance = global.instanceId ?? "amm";
  // Two processes without names may begin in the same millisecond.
  const suffix = random.fork("journal").integer(0, 36 ** 4 - 1).toString(36);
  const writer: JournalWriter = new JournalWriter({
    clock,
    log,
    files: parts.files ?? diskFiles(global.journalPath),
    writer: `${instance}-${suffix}`,
    firstLine: () => {
      const facts = { format: FORMAT, mode, instance };
      return lineOf({ kind: "process", atMs: clock.nowMs(), marketId: null, facts });
    },
    onNewFile: () => recorder.repeatDecisions(),
    maxAgeMs: global.journalMaxDays * DAY_MS,
    maxBytes: global.journalMaxMb * 1_000_000,
  });
  const recorder = new Recorder({ ...parts, write: (entry) => writer.add(lineOf(entry)) });
  return {
    get counts() {
      return writer.counts;
    },
    close: async (limitMs) => {
      recorder.close();
      await writer.close(limitMs);
    },
  };
}
