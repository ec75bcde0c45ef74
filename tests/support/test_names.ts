import ts from "typescript";
import { testFiles, visit } from "./source_files.ts";

/**
 * The names of all tests as they stand in the files; of a template `${…}` stays as it is written.
 */
export function testNames(): readonly string[] {
  return testFiles().flatMap((file) => {
    const names: string[] = [];
    visit(file, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText(file.tree) !== "Deno.test") return;
      const [name] = node.arguments;
      if (name === undefined) return;
      if (ts.isStringLiteral(name)) names.push(name.text);
      else if (ts.isTemplateLiteral(name)) names.push(name.getText(file.tree).slice(1, -1));
    });
    return names;
  });
}
