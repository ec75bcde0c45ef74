import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import { Ring } from "../service/records/ring.ts";

/** One call that was meant to change something. */
export interface AuditEntry {
  readonly seq: number;
  readonly atMs: number;
  /** Null if the caller did not show the token: then the name is worth nothing. */
  readonly operator: string | null;
  /** Method and path. */
  readonly action: string;
  readonly target: string;
  readonly reason: string | null;
  /** `done`, or the code of the problem. */
  readonly outcome: string;
  readonly requestId: string;
}

/** So many calls are kept; refused ones apart, so that a flood of them hides nothing. */
const MAX_DONE = 5000;
const MAX_REFUSED = 1000;

/**
 * Who changed what through the admin pages, refused attempts included. The newest are kept in
 * memory; all of them are in the log, which outlives the process.
 */
export class AuditLog {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #done = new Ring<AuditEntry>(MAX_DONE);
  readonly #refused = new Ring<AuditEntry>(MAX_REFUSED);
  #seq = 0;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Adds a call. */
  note(call: Omit<AuditEntry, "seq" | "atMs">): void {
    const entry: AuditEntry = { seq: ++this.#seq, atMs: this.#clock.nowMs(), ...call };
    const isDone = call.outcome === "done";
    (isDone ? this.#done : this.#refused).push(entry);
    if (isDone) this.#log.log("INFO", "admin_call", { ...call });
    else this.#log.log("WARN", "admin_refused", { ...call });
  }

  /** Calls before a cursor, newest first. @param cursor `seq` of the last entry already seen */
  page(cursor: number | undefined, limit: number): readonly AuditEntry[] {
    return [...this.#done.list(), ...this.#refused.list()]
      .filter(({ seq }) => cursor === undefined || seq < cursor)
      .sort((a, b) => b.seq - a.seq)
      .slice(0, limit);
  }
}
