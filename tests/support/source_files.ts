import ts from "typescript";

/** A file of the product, parsed. */
export interface SourceFile {
  /** Path from the root of the project, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** An import or re-export, as it stands in a file. */
export interface Import {
  /** What is imported: a path from the root of the project, or the name of a package. */
  readonly target: string;
  /** False for what exists only for the type checker. */
  readonly isValue: boolean;
  /** True if it is loaded only when the code gets there. */
  readonly isDynamic: boolean;
  /** Line of the import, from 1. */
  readonly line: number;
}

const ROOT = new URL("../../", import.meta.url);

/** Reads a file of the project. */
export function projectText(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** All TypeScript files of the product, and of what measures it: all but the tests. */
export function productFiles(): readonly SourceFile[] {
  return ["main.ts", ...["src", "sim", "bench", "tools"].flatMap(typeScriptIn)].map((path) =>
    parseSource(path, projectText(path))
  );
}

/** All TypeScript files below `tests/`. */
export function testFiles(): readonly SourceFile[] {
  return typeScriptIn("tests").map((path) => parseSource(path, projectText(path)));
}

/** All JavaScript files of the dashboard, which run in the browser: time is that of the reader. */
export function browserFiles(): readonly SourceFile[] {
  return filesIn("src/http/dashboard/browser", /\.js$/).map((path) =>
    parseSource(path, projectText(path))
  );
}

/** Parses the text of a file. */
export function parseSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, text, tree };
}

/** Calls back for every node of a file, outer ones first. */
export function visit(file: SourceFile, callback: (node: ts.Node) => void): void {
  const walk = (node: ts.Node) => {
    callback(node);
    ts.forEachChild(node, walk);
  };
  walk(file.tree);
}

/** The line of a node, from 1. */
export function lineOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1;
}

/** Every import of a file: static, re-exports, `import()` and `import("…")` in types. */
export function importsOf(file: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  visit(file, (node) => {
    const found = importIn(node);
    if (found === null) return;
    const { specifier, ...kind } = found;
    imports.push({ target: resolve(file.path, specifier), line: lineOf(file, node), ...kind });
  });
  return imports;
}

function importIn(
  node: ts.Node,
): { readonly specifier: string; readonly isValue: boolean; readonly isDynamic: boolean } | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const isValue = importsValue(node.importClause);
    return { specifier: node.moduleSpecifier.text, isValue, isDynamic: false };
  }
  const from = ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
  if (ts.isExportDeclaration(node) && from !== undefined && ts.isStringLiteral(from)) {
    return { specifier: from.text, isValue: !node.isTypeOnly, isDynamic: false };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument;
    if (ts.isStringLiteral(literal)) {
      return { specifier: literal.text, isValue: false, isDynamic: false };
    }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    const known = argument !== undefined && ts.isStringLiteral(argument);
    return { specifier: known ? argument.text : "<computed>", isValue: true, isDynamic: true };
  }
  return null;
}

function importsValue(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return true;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false;
  if (clause.name !== undefined || clause.namedBindings === undefined) return true;
  if (ts.isNamespaceImport(clause.namedBindings)) return true;
  return clause.namedBindings.elements.some((element) => !element.isTypeOnly);
}

/** `./b.ts` seen from `src/x/a.ts` → `src/x/b.ts`; names of packages stay. */
function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function typeScriptIn(directory: string): readonly string[] {
  return filesIn(directory, /\.tsx?$/);
}

function filesIn(directory: string, kind: RegExp): readonly string[] {
  const entries = [...Deno.readDirSync(new URL(`${directory}/`, ROOT))];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, isDirectory }) => {
      if (isDirectory) return filesIn(`${directory}/${name}`, kind);
      return kind.test(name) ? [`${directory}/${name}`] : [];
    });
}
