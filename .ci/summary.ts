/** A test of a JUnit report. */
interface TestCase {
  readonly name: string;
  readonly file: string;
  readonly skipped: boolean;
  /** What the test failed with, null if it did not. */
  readonly failure: string | null;
}

/** What a run of the tests amounts to. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** Failures in full, ignored tests by name, and the counts on the last line. */
  readonly text: string;
  /** True only if the runner ended well, nothing failed and there was something to run. */
  readonly ok: boolean;
}

/**
 * Sums up a JUnit report of `deno test`. Steps are part of their test and not counted; they are
 * shown when they fail.
 * @param report the XML, null if the runner did not get as far as writing it
 * @param runnerOk whether the runner exited with 0; a file that cannot be loaded shows nowhere else
 */
export function summarize(report: string | null, runnerOk: boolean): Summary {
  const cases = testCases(report ?? "");
  const names = new Set(cases.map(({ name }) => name));
  const tests = cases.filter(({ name }) => !isStep(name, names));
  const failedTests = tests.filter(({ failure }) => failure !== null).length;
  const unseen = !runnerOk && failedTests === 0 ? 1 : 0;
  const passed = tests.filter((test) => test.failure === null && !test.skipped).length;
  const failed = failedTests + unseen;
  const lines = [
    ...cases.filter(({ failure }) => failure !== null && !/^\d+ test steps? failed/.test(failure))
      .map(({ file, name, failure }) => `FAILED ${file}: ${name}\n${failure}\n`),
    ...tests.filter(({ skipped }) => skipped).map(({ name }) => `ignored: ${name}`),
    ...(unseen === 0 ? [] : ["FAILED: the test runner failed outside of any test; see above"]),
    ...(passed + failed === 0 ? ["FAILED: no test ran"] : []),
    `${passed} passed, ${failed} failed`,
  ];
  return { passed, failed, text: lines.join("\n"), ok: runnerOk && failed === 0 && passed > 0 };
}

function testCases(report: string): readonly TestCase[] {
  return [...report.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, attributes = "", body = ""]) => {
      const failure = /<(failure|error)\b[^>]*?(?:\/>|>(.*?)<\/\1>)/s.exec(body);
      return {
        name: attribute(attributes, "name"),
        file: attribute(attributes, "classname"),
        skipped: body.includes("<skipped"),
        failure: failure === null ? null : decoded(failure[2] ?? ""),
      };
    },
  );
}

/** The name of a step begins with the name of its test and ` > `. */
function isStep(name: string, names: ReadonlySet<string>): boolean {
  const parts = name.split(" > ");
  return parts.slice(1).some((_, index) => names.has(parts.slice(0, index + 1).join(" > ")));
}

function attribute(attributes: string, name: string): string {
  return decoded(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "");
}

function decoded(text: string): string {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'" };
  return text
    .replace(/&(lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? "")
    .replace(
      /&#(x?)([0-9a-f]+);/gi,
      (_, hex: string, digits: string) =>
        String.fromCodePoint(parseInt(digits, hex === "" ? 10 : 16)),
    )
    .replaceAll("&amp;", "&");
}

function readReport(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const [path = "", runnerExitCode = "1"] = Deno.args;
  const { text, ok } = summarize(readReport(path), runnerExitCode === "0");
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
  Deno.exit(ok ? 0 : 1);
}
