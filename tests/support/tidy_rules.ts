import ts from "typescript";
import { EVENTS } from "../../src/runtime/events.ts";
import { lineOf, type SourceFile, visit } from "./source_files.ts";

/** Looks at one file and says what is wrong with it, as `path:line what`. */
export type TidyRule = (file: SourceFile) => readonly string[];

const MAX_FILE_LINES = 400;
const MAX_LINE_CHARACTERS = 100;
const MAX_FUNCTION_LINES = 70;

/** The only files that may touch the time and the randomness of the machine. */
const DOORS = [
  "src/runtime/clock.ts",
  "src/runtime/virtual_clock.ts",
  "src/runtime/random.ts",
];

const FORBIDDEN_NAMES = [
  "setTimeout",
  "setInterval",
  "setImmediate",
  "getRandomValues",
  "randomUUID",
  "randomBytes",
];

const FORBIDDEN_MEMBERS = [
  "Date.now",
  "performance.now",
  "performance.timeOrigin",
  "Math.random",
  "AbortSignal.timeout",
  "Temporal.Now",
];

/**
 * Time, timers and randomness enter through the runtime's doors only; else nothing can be replayed.
 */
export const noWallClockNorRandomness: TidyRule = (file) => {
  if (DOORS.includes(file.path)) return [];
  return problems(file, (node) => {
    if (ts.isIdentifier(node) && FORBIDDEN_NAMES.includes(node.text)) return node.text;
    if (ts.isPropertyAccessExpression(node)) {
      const member = `${node.expression.getText(file.tree)}.${node.name.text}`;
      return FORBIDDEN_MEMBERS.find((name) => member === name || member === `globalThis.${name}`);
    }
    const makesDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      node.expression.getText(file.tree) === "Date";
    const argumentCount = makesDate ? (node.arguments ?? []).length : 1;
    return argumentCount === 0 ? "Date without an argument" : undefined;
  });
};

/** Output goes through the log or a command's io. */
export const noConsole: TidyRule = (file) =>
  problems(
    file,
    (node) => ts.isIdentifier(node) && node.text === "console" ? "console" : undefined,
  );

/** Types say what is known, and what is unknown is `unknown`. */
export const noTypeHoles: TidyRule = (file) => [
  ...problems(file, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) return "any";
    return ts.isNonNullExpression(node) ? "non-null assertion" : undefined;
  }),
  ...file.text.split("\n").flatMap((line, index) =>
    /@ts-(ignore|expect-error|nocheck)|deno-lint-ignore-file/.test(line)
      ? [`${file.path}:${index + 1} silenced check`]
      : []
  ),
];

/** A file is read in one go. */
export const shortFiles: TidyRule = (file) => {
  const lines = file.text.trimEnd().split("\n").length;
  return lines > MAX_FILE_LINES ? [`${file.path} has ${lines} lines`] : [];
};

/**
 * Lines fit side by side; a text that stands alone on its line cannot be broken and may be longer.
 */
export const shortLines: TidyRule = (file) =>
  file.text.split("\n").flatMap((line, index) => {
    const textAlone = /^\s*("[^"]*"|`[^`]*`)[,;]?$/.test(line);
    return line.length > MAX_LINE_CHARACTERS && !textAlone
      ? [`${file.path}:${index + 1} has ${line.length} characters`]
      : [];
  });

/** A function fits on a screen. */
export const shortFunctions: TidyRule = (file) =>
  problems(file, (node) => {
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return;
    const { line: end } = file.tree.getLineAndCharacterOfPosition(node.getEnd());
    const lines = end + 1 - lineOf(file, node) + 1;
    return lines > MAX_FUNCTION_LINES ? `function of ${lines} lines` : undefined;
  });

/** Whoever uses an export finds out what it is without reading its code. */
export const documentedExports: TidyRule = (file) =>
  file.tree.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const exported = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    if (!exported || ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    const [head = ""] = statement.getText(file.tree).split(/[({=\n]/, 1);
    return [`${file.path}:${lineOf(file, statement)} undocumented: ${head.trim()}`];
  });

/** An event is logged with the level that the list of events states. */
export const eventLevels: TidyRule = (file) =>
  problems(file, (node) => {
    const [level, event] = logArguments(node);
    if (level === undefined || event === undefined || !ts.isStringLiteral(level)) return;
    const wrong = literalsIn(event).find((name) => levelOf(name) !== level.text);
    return wrong === undefined ? undefined : `${wrong} is logged as ${level.text}`;
  });

/** The names of events that stand in a file, wherever they do. */
export function eventsIn(file: SourceFile): readonly string[] {
  const names: string[] = [];
  visit(file, (node) => {
    if (ts.isStringLiteral(node) && node.text in EVENTS) names.push(node.text);
  });
  return names;
}

function logArguments(node: ts.Node): readonly (ts.Expression | undefined)[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  return node.expression.name.text === "log" && node.arguments.length >= 2 ? node.arguments : [];
}

/** The texts an argument can be: itself, or both branches of a condition. */
function literalsIn(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  if (!ts.isConditionalExpression(node)) return [];
  return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
}

function levelOf(event: string): string {
  return Object.entries(EVENTS).find(([name]) => name === event)?.[1].level ?? "not listed";
}

function problems(
  file: SourceFile,
  judge: (node: ts.Node) => string | undefined,
): readonly string[] {
  const found: string[] = [];
  visit(file, (node) => {
    const problem = judge(node);
    if (problem !== undefined) found.push(`${file.path}:${lineOf(file, node)} ${problem}`);
  });
  return found;
}
