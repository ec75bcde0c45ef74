/** Rows of a table for people and for programs. */

/** A row: the same names in the same order in each. */
export type Row = Readonly<Record<string, string | number | null>>;

/** Columns side by side, numbers to the right. */
export function tableText(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => shown(row[name])))];
  const widths = names.map((_, index) =>
    Math.max(...cells.map((line) => line[index]?.length ?? 0))
  );
  const isNumber = names.map((name) => rows.every((row) => typeof row[name] !== "string"));
  return cells.map((line) =>
    line.map((text, index) =>
      isNumber[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
    ).join("  ").trimEnd() + "\n"
  ).join("");
}

/** Comma-separated values with a line of names, as spreadsheets read them (RFC 4180). */
export function csvText(rows: readonly Row[], names: readonly string[]): string {
  const lines = rows.map((row) => names.map((name) => quoted(shown(row[name], ""))).join(","));
  return [names.join(","), ...lines].map((line) => `${line}\r\n`).join("");
}

function shown(value: string | number | null | undefined, none = "-"): string {
  return value === null || value === undefined ? none : String(value);
}

/** A text that a spreadsheet would take for a formula stays a text. */
function quoted(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
