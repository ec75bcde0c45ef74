import ts from "typescript";
import { testFiles, visit } from "./source_files.ts";

/** What registers a test: Deno, or our way to register it for both wires. */
const REGISTERS = new Set(["Deno.test", "test"]);

/**
 * The names of all tests as they stand in the files; of a template `${…}` stays as it is written.
 */
export function testNames(): readonly string[] {
  return testFiles().flatMap((file) => {
    const names: string[] = [];
    visit(file, (node) => {
      if (!ts.isCallExpression(node) || !REGISTERS.has(node.expression.getText(file.tree))) return;
      const [name] = node.arguments;
      if (name === undefined) return;
      if (ts.isStringLiteral(name)) names.push(name.text);
      else if (ts.isTemplateLiteral(name)) names.push(name.getText(file.tree).slice(1, -1));
    });
    return names;
  });
}
