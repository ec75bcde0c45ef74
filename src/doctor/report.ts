/** How the checks are shown to people. */

import type { CheckResult, CheckStatus } from "./check.ts";
import { counted } from "./wording.ts";

const MARKS: Readonly<Record<CheckStatus, string>> = {
  ok: "[ ok ]",
  warning: "[WARN]",
  failed: "[FAIL]",
  skipped: "[SKIP]",
};

/** Characters of the longest name of a check. */
const NAME_WIDTH = "configuration".length;
const INDENT = " ".repeat(MARKS.ok.length + 1 + NAME_WIDTH + 1);

/**
 * The lines of one check, with the fix underneath, and above it a heading if it is about another
 * market than the check before.
 * @param before the check before, undefined for the first
 */
export function checkText(result: CheckResult, before: CheckResult | undefined): string {
  const { name, market, status, detail, fix } = result;
  const isElsewhere = before !== undefined && before.market !== market;
  return [
    ...(isElsewhere ? ["", market === null ? "all markets" : `market ${market}`] : []),
    `${MARKS[status]} ${name.padEnd(NAME_WIDTH)} ${detail}`,
    ...(fix === null ? [] : [`${INDENT}→ ${fix}`]),
    "",
  ].join("\n");
}

/**
 * How many checks ended how, and what that means.
 * @param ok false if something failed or the examination was stopped
 */
export function summaryText(results: readonly CheckResult[], ok: boolean): string {
  const count = (status: CheckStatus) => results.filter((each) => each.status === status).length;
  const counts = [
    `${count("ok")} ok`,
    counted(count("warning"), "warning"),
    `${count("failed")} failed`,
    `${count("skipped")} skipped`,
  ].join(", ");
  return `\n${counts}: ${ok ? "nothing stands in the way" : "not ready to trade"}\n`;
}
