import type { Section, Table } from "./chapter.ts";

/** A chapter with what came out. */
export interface WrittenChapter {
  readonly title: string;
  readonly sections: readonly Section[];
}

const LINE_WIDTH = 100;

/** The document: a heading, an introduction, and its chapters with their numbers. */
export function markdownOf(
  title: string,
  introduction: readonly string[],
  chapters: readonly WrittenChapter[],
): string {
  const blocks = [
    `# ${title}`,
    ...introduction.map(wrapped),
    ...chapters.flatMap(({ title, sections }, index) => [
      `## ${index + 1}. ${title}`,
      ...sections.flatMap(sectionBlocks),
    ]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function sectionBlocks({ heading, text, table }: Section): string[] {
  return [
    ...(heading === "" ? [] : [`### ${heading}`]),
    ...text.map(wrapped),
    ...(table === undefined || table.rows.length === 0 ? [] : [tableText(table)]),
  ];
}

/** A table whose columns are as wide as their widest cell, as the formatter wants them. */
function tableText({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = columns.map((_, at) =>
    Math.max(3, ...lines.map((row) => [...row[at] ?? ""].length))
  );
  const shown = (row: readonly string[]) =>
    `| ${widths.map((width, at) => padded(row[at] ?? "", width)).join(" | ")} |`;
  const [head = [], ...body] = lines;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [shown(head), rule, ...body.map(shown)].join("\n");
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(width - [...cell].length);
}

/** A paragraph in lines that are not too long; a line that begins with a dash stays a list item. */
function wrapped(paragraph: string): string {
  const indent = paragraph.startsWith("- ") ? "  " : "";
  const lines = [""];
  for (const word of paragraph.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= LINE_WIDTH || line.trim() === "") lines[lines.length - 1] = longer;
    else lines.push(indent + word);
  }
  return lines.join("\n");
}
