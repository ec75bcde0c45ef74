/** What is asked of an edit besides valid values. Pure. */

import type { Finding } from "../finding.ts";
import type { Edit, EditRequest } from "./edits.ts";
import { type HotConfig, lastingSettingsOf, settingsOf } from "./hot_config.ts";
import { GLOBAL } from "./override_store.ts";
import { loosened } from "./risk_class.ts";

const MAX_TEXT = 500;
const MIN_LIFE_MS = 1000;
const MAX_LIFE_MS = 30 * 86_400_000;

/** Refuses what no operator can mean. @throws RangeError that says what is wrong */
export function checkRequest(request: Omit<EditRequest, "target">): void {
  const { operator, reason, approver, ttlMs, expectedVersion } = request;
  checkText("operator", operator);
  checkText("reason", reason);
  if (approver !== undefined) checkText("approver", approver);
  if (ttlMs !== undefined) checkWhole("ttlMs", ttlMs, [MIN_LIFE_MS, MAX_LIFE_MS]);
  if (expectedVersion !== undefined) {
    checkWhole("expectedVersion", expectedVersion, [0, Number.MAX_SAFE_INTEGER]);
  }
}

function checkText(name: string, text: string): void {
  if (text.trim() !== "" && text.length <= MAX_TEXT) return;
  throw new RangeError(`Cannot edit: ${name} must be a text of 1 to ${MAX_TEXT} characters`);
}

function checkWhole(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`Cannot edit: ${name} must be a whole number from ${low} to ${high}`);
}

/** A high-risk setting may only be loosened if a second person agrees. */
export function approvalFindings(
  { target, operator, approver }: EditRequest,
  before: HotConfig,
  after: HotConfig,
): readonly Finding[] {
  const isApproved = approver !== undefined && sameName(approver) !== sameName(operator);
  if (isApproved) return [];
  const names = new Set([
    ...loosened(settingsOf(before, target), settingsOf(after, target)),
    ...loosened(lastingSettingsOf(before, target), lastingSettingsOf(after, target)),
  ]);
  return [...names].map((key) => ({
    severity: "error",
    code: "APPROVAL",
    key,
    message: "can do much harm, so a second person has to approve",
    advice: "Name an approver who is not the operator; tightening a limit needs none",
    markets: target === GLOBAL ? [] : [target],
  }));
}

function sameName(name: string): string {
  return name.trim().toLowerCase();
}

/** Temporary overrides are for markets only. */
export function layerFindings(target: string, { temporary }: Edit): readonly Finding[] {
  if (!temporary || target !== GLOBAL) return [];
  return [{
    severity: "error",
    code: "SCOPE",
    key: GLOBAL,
    message: "has no temporary overrides: only markets do",
    advice: "Change it without a time limit, and take it back later",
  }];
}

/** Warns of lasting overrides that a temporary one hides for now. */
export function hiddenFindings(target: string, edit: Edit, after: HotConfig): readonly Finding[] {
  if (edit.temporary) return [];
  const settings = settingsOf(after, target);
  return Object.keys(edit.set).flatMap((key): Finding[] => {
    const origin = settings.get(key)?.origin;
    if (origin?.layer !== "override" || origin.label !== "temporary") return [];
    const message = "is written, but a temporary override hides it for now";
    return [{ severity: "warning", code: "UNUSED", key, message, origin }];
  });
}
