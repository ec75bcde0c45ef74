/** How operators change settings of a running bot (`parameters.md` 2.7 and 2.8). */

import type { Clock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/log.ts";
import type { Finding } from "../finding.ts";
import type { LoadedConfig } from "../load_config.ts";
import type { ProcessConfig } from "../process_config.ts";
import { type PublicSetting, publicSettings } from "../public_settings.ts";
import { type AuditRecord, changesBetween, type FieldChange } from "./audit_record.ts";
import {
  acceptedOverrides,
  findingTexts,
  lifeOf,
  type Moment,
  newWarnings,
} from "./change_report.ts";
import { approvalFindings, checkRequest, hiddenFindings, layerFindings } from "./edit_checks.ts";
import {
  type Edit,
  type EditPlan,
  type EditRequest,
  planChange,
  planPreset,
  planRemoval,
  planRollback,
  requestedChanges,
  withEdit,
} from "./edits.ts";
import {
  evaluate,
  type HotConfig,
  overridesOf,
  readOverrides,
  rejectedOf,
  settingsOf,
  targetsOf,
  withoutOverrides,
} from "./hot_config.ts";
import {
  type AuditPage,
  type Fields,
  MAX_AUDIT_RECORDS,
  META_FIELDS,
  type OverrideStore,
  scopeOf,
} from "./override_store.ts";

/** What became of an edit: all of it, or nothing. */
export type EditOutcome =
  /** It is written, or with `dryRun` it could be; the bot takes it over at its next look. */
  | {
    readonly kind: "written" | "valid";
    readonly version: number;
    /** Effective values that differ. */
    readonly changes: readonly FieldChange[];
    readonly warnings: readonly Finding[];
  }
  /** Everything that is wrong with it. */
  | { readonly kind: "refused"; readonly findings: readonly Finding[] }
  /** Somebody else wrote in the meantime. */
  | {
    readonly kind: "conflict";
    readonly expectedVersion: number;
    readonly currentVersion: number;
    /** Who wrote the version that was missed, and why; null if that is not known. */
    readonly updatedBy: string | null;
    readonly reason: string | null;
  };

/** The configuration of a target in force, with the layer of each value. */
export interface EffectiveReport {
  readonly target: string;
  readonly version: number;
  readonly settings: Readonly<Record<string, PublicSetting>>;
  /** What is stored and not in force. */
  readonly rejected: readonly Finding[];
  /** How long the temporary overrides still live, ms; null if there are none. */
  readonly temporaryLifeMs: number | null;
}

/** What an editor is made of. */
export interface EditorOptions {
  /** The configuration of files and environment. */
  readonly base: LoadedConfig;
  readonly store: OverrideStore;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * What the running bot has in force, with its last good values. Left out where there is no bot:
   * then it is what a bot that starts now would use.
   */
  readonly inForce?: () => HotConfig;
  /** Called after each write, so that the bot looks at once. */
  readonly onWritten?: () => void | Promise<void>;
}

/** An edit that meets another one is planned anew so often. */
const MAX_TRIES = 3;
/** The audit trail is read in parts of this size. */
const PAGE = 200;

/**
 * Changes settings for operators: checked as a whole against everything in force, written in one
 * step with version and audit record. Refused attempts are recorded as well. All methods reject
 * with a StoreError if the store does not answer, and with a RangeError for a request that no
 * operator can mean, such as one without a reason.
 */
export class ConfigEditor {
  readonly #options: EditorOptions;

  constructor(options: EditorOptions) {
    this.#options = options;
  }

  /** Sets settings of a target; null unsets. With `ttlMs` they end by themselves. */
  change(
    request: EditRequest & { readonly changes: Readonly<Record<string, unknown>> },
  ): Promise<EditOutcome> {
    return this.#edit(request, (before) => planChange(before, request, request.changes));
  }

  /** The configuration that a change would put in force; what is wrong in it is left out. */
  async preview(
    request: EditRequest & { readonly changes: Readonly<Record<string, unknown>> },
  ): Promise<ProcessConfig> {
    const before = await this.#read();
    const { edit } = planChange(before, request, request.changes);
    const nowMs = this.#options.clock.monotonicMs();
    const overrides = withEdit(before.overrides, request.target, { ...edit, nowMs });
    return evaluate(this.#options.base, overrides, before).effective.config;
  }

  /** Takes overrides back, all of them if no names are given; the layer below shows through. */
  remove(
    request: Omit<EditRequest, "ttlMs"> & {
      readonly names?: readonly string[];
      readonly temporary?: boolean;
    },
  ): Promise<EditOutcome> {
    return this.#edit(request, (before) => planRemoval(before, request));
  }

  /** Sets the values of a preset. */
  applyPreset(request: EditRequest & { readonly preset: string }): Promise<EditOutcome> {
    return this.#edit(request, (before) => planPreset(before, request, request.preset));
  }

  /**
   * Restores the lasting overrides of an earlier version, as a new one; 0 means none. Temporary
   * ones stay.
   */
  async rollback(
    request: Omit<EditRequest, "ttlMs"> & { readonly version: number },
  ): Promise<EditOutcome> {
    const overrides = await this.#overridesAt(request.target, request.version);
    return await this.#edit(request, (before) => planRollback(before, request, overrides));
  }

  /** A part of the audit trail of a target, newest first. */
  async audit(
    target: string,
    { offset, limit }: { readonly offset: number; readonly limit: number },
  ): Promise<AuditPage> {
    return await this.#options.store.audit(target, offset, limit);
  }

  /**
   * The configuration of a target in force.
   * @throws RangeError for a target that there is not
   */
  async effective(target: string): Promise<EffectiveReport> {
    const targets = targetsOf(this.#options.base);
    if (!targets.includes(target)) {
      throw new RangeError(`Cannot find ${target}: it must be one of ${targets.join(", ")}`);
    }
    const hot = this.#options.inForce?.() ?? await this.#read();
    const overrides = overridesOf(hot, target);
    return {
      target,
      version: overrides.version,
      settings: publicSettings(scopeOf(target), settingsOf(hot, target)),
      rejected: rejectedOf(hot, target),
      temporaryLifeMs: lifeOf(overrides, this.#now()),
    };
  }

  /** An edit that meets another one is planned anew, unless it was made for a certain version. */
  async #edit(request: EditRequest, plan: Planner): Promise<EditOutcome> {
    checkRequest(request);
    for (let tries = 1;; tries++) {
      const outcome = await this.#try(request, plan);
      const isFinal = outcome.kind !== "conflict" || request.expectedVersion !== undefined;
      if (isFinal || tries === MAX_TRIES) return outcome;
    }
  }

  async #try(request: EditRequest, plan: Planner): Promise<EditOutcome> {
    const { target } = request;
    const { base } = this.#options;
    if (!targetsOf(base).includes(target)) {
      return { kind: "refused", findings: [unknownTarget(target, targetsOf(base))] };
    }
    const before = await this.#read();
    const { version } = overridesOf(before, target);
    const expectedVersion = request.expectedVersion ?? version;
    if (expectedVersion !== version) return conflict(before, target, expectedVersion);
    const { edit, findings } = plan(before);
    const { monotonicMs: nowMs } = this.#now();
    const after = evaluate(base, withEdit(before.overrides, target, { ...edit, nowMs }), before);
    const wrong = [
      ...findings,
      ...layerFindings(target, edit),
      ...addedTo(before.rejected, after.rejected),
      ...approvalFindings(request, before, after),
    ];
    const attempt: Attempt = { request, edit, before, after };
    if (wrong.length > 0) return await this.#refuse(attempt, wrong);
    if (request.dryRun !== true && !await this.#write(attempt)) {
      return conflict(await this.#read(), target, expectedVersion);
    }
    return {
      kind: request.dryRun === true ? "valid" : "written",
      version: request.dryRun === true ? version : version + 1,
      changes: effectiveChanges(attempt),
      warnings: [...newWarnings(before, after), ...hiddenFindings(target, edit, after)],
    };
  }

  async #refuse(attempt: Attempt, findings: readonly Finding[]): Promise<EditOutcome> {
    const { request: { target, dryRun }, edit, before } = attempt;
    if (dryRun === true) return { kind: "refused", findings };
    const record: AuditRecord = {
      ...this.#recordOf(attempt),
      event: "refused",
      version: overridesOf(before, target).version,
      changes: [...requestedChanges(before, target, edit)],
      findings: findingTexts(findings),
      overrides: null,
    };
    this.#options.log.log("WARN", "config_refused", { ...record });
    await this.#options.store.publish(target, [record], null);
    return { kind: "refused", findings };
  }

  /** @returns false if somebody else was faster */
  async #write(attempt: Attempt): Promise<boolean> {
    const { request: { target, operator, reason }, edit, before } = attempt;
    const record = this.#recordOf(attempt);
    const result = await this.#options.store.write({
      ...edit,
      target,
      expectedVersion: overridesOf(before, target).version,
      updatedAt: record.at,
      updatedBy: operator,
      reason,
      record,
    });
    if (!result.written) return false;
    this.#options.log.log("INFO", "config_written", { ...record });
    await this.#options.onWritten?.();
    return true;
  }

  #recordOf(attempt: Attempt): AuditRecord {
    const { request, edit, before, after } = attempt;
    return {
      event: "written",
      at: new Date(this.#now().wallMs).toISOString(),
      target: request.target,
      version: overridesOf(before, request.target).version + 1,
      operator: request.operator,
      approver: request.approver ?? null,
      source: "admin",
      reason: request.reason,
      changes: [...effectiveChanges(attempt)],
      findings: [],
      lifeMs: edit.lifeMs,
      overrides: acceptedOverrides(after, request.target),
      settings: null,
    };
  }

  /** The lasting overrides of an earlier version, null if no record tells of them. */
  async #overridesAt(target: string, version: number): Promise<Fields | null> {
    if (version === 0) return {};
    for (let offset = 0; offset < MAX_AUDIT_RECORDS; offset += PAGE) {
      const { records, total } = await this.#options.store.audit(target, offset, PAGE);
      const found = records.find((record) => record.version === version && record.overrides);
      if (found !== undefined) return found.overrides;
      if (offset + PAGE >= total) break;
    }
    return null;
  }

  async #read(): Promise<HotConfig> {
    const { base, store, inForce, clock } = this.#options;
    const known = inForce?.() ?? withoutOverrides(base);
    const readAtMs = clock.monotonicMs();
    const stored = await store.read(targetsOf(base));
    return evaluate(base, readOverrides(stored, known, readAtMs), known);
  }

  #now(): Moment {
    const { clock } = this.#options;
    return { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  }
}

/** What an edit means, given what is stored. */
type Planner = (before: HotConfig) => EditPlan;

/** An edit with what it would make of the configuration. */
interface Attempt {
  readonly request: EditRequest;
  readonly edit: Edit;
  readonly before: HotConfig;
  readonly after: HotConfig;
}

function effectiveChanges(
  { request: { target }, before, after }: Attempt,
): readonly FieldChange[] {
  return changesBetween(scopeOf(target), settingsOf(before, target), settingsOf(after, target));
}

function conflict(config: HotConfig, target: string, expectedVersion: number): EditOutcome {
  const { version, lasting } = overridesOf(config, target);
  return {
    kind: "conflict",
    expectedVersion,
    currentVersion: version,
    updatedBy: lasting[META_FIELDS.updatedBy] ?? null,
    reason: lasting[META_FIELDS.reason] ?? null,
  };
}

/** The findings that were not there before: what is stored wrongly already is not this edit's. */
function addedTo(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const known = new Set(before.map((finding) => JSON.stringify(finding)));
  return after.filter((finding) => !known.has(JSON.stringify(finding)));
}

function unknownTarget(target: string, targets: readonly string[]): Finding {
  return {
    severity: "error",
    code: "SCOPE",
    key: target,
    message: "is not a market of this configuration",
    advice: `Use one of ${targets.join(", ")}`,
  };
}
