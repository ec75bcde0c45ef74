/** What the commands that change a running bot tell a person. */

import { formatFinding } from "../config/finding.ts";
import type { AuditRecord, FieldChange } from "../config/hot/audit_record.ts";
import type { EditOutcome, EffectiveReport } from "../config/hot/editor.ts";
import type { AuditPage } from "../config/hot/override_store.ts";
import { showValue } from "../config/value.ts";

/** @param reloadMs how soon a running bot notices a change */
export function outcomeText(target: string, outcome: EditOutcome, reloadMs: number): string {
  switch (outcome.kind) {
    case "written":
    case "valid": {
      const isWritten = outcome.kind === "written";
      const head = isWritten
        ? `${target} is now at version ${outcome.version}:`
        : `${target} could be changed (version ${outcome.version}, nothing was written):`;
      const none = outcome.changes.length === 0 ? ["  no value in force differs"] : [];
      const when = `A running bot takes it over within ${reloadMs / 1000} s.`;
      return lines(
        head,
        ...outcome.changes.map(changeLine),
        ...none,
        ...outcome.warnings.map(formatFinding),
        ...(isWritten ? [when] : []),
      );
    }
    case "refused":
      return lines(...outcome.findings.map(formatFinding), "Nothing was written.");
    case "conflict": {
      const { expectedVersion, currentVersion, updatedBy, reason } = outcome;
      return lines(
        `error: ${target} is at version ${currentVersion}, not ${expectedVersion}: ` +
          `written by ${updatedBy ?? "somebody"} (${reason ?? "no reason given"})`,
        "Nothing was written. Look at the history, and try again.",
      );
    }
  }
}

/** Settings that are not those of the files. */
export function overridesText(report: EffectiveReport): string {
  const { target, version, settings, rejected, temporaryLifeMs } = report;
  const overridden = Object.entries(settings).filter(([, { origin }]) =>
    origin.startsWith("override ")
  );
  const life = temporaryLifeMs === null
    ? []
    : [`Temporary overrides end in ${Math.ceil(temporaryLifeMs / 1000)} s.`];
  return lines(
    `${target} is at version ${version}; overridden settings: ${overridden.length}`,
    ...overridden.map(([name, { value, origin }]) =>
      `  ${name.padEnd(40)} ${showValue(value).padEnd(24)} ${origin}`
    ),
    ...life,
    ...rejected.map((finding) => `refused: ${formatFinding(finding)}`),
  );
}

/** The audit trail. */
export function historyText({ records, total, unreadable }: AuditPage): string {
  const odd = unreadable === 0 ? [] : [`${unreadable} entries are no records.`];
  return lines(
    ...records.flatMap(recordLines),
    `${records.length} of ${total} records.`,
    ...odd,
  );
}

function recordLines(record: AuditRecord): readonly string[] {
  const { at, version, event, operator, approver, reason, changes, findings, lifeMs } = record;
  const approved = approver === null ? "" : `, approved by ${approver}`;
  const life = lifeMs === null ? "" : ` for ${Math.round(lifeMs / 1000)} s`;
  return [
    `${at} version ${version} ${event}${life} by ${operator}${approved}: ${reason}`,
    ...changes.map(changeLine),
    ...findings.map((finding) => `  refused: ${finding}`),
  ];
}

function changeLine({ name, old, new: now }: FieldChange): string {
  return `  ${name}: ${showValue(old)} → ${showValue(now)}`;
}

function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
