/** Lines of a table with aligned columns; cells that look like figures stand to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => aligned(cell, widths[column] ?? 0)).join("  ").trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

function aligned(cell: string, width: number): string {
  return /^[-+]?\d/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
}
