/**
 * What the program consists of when it is shipped as one file. A module starts the process or a
 * thread of its own; everything that these modules import is bundled into them, and so is every
 * file that one of them imports `with { type: "text" }`: configuration, scenarios, styles, pages.
 * So a file needs no place in a list to be shipped; only a new entry point does.
 */

/** The module that the process starts with. */
export const MAIN = "main.ts";

/** The modules that a thread starts with. Nothing imports them: they are named by their URL. */
export const WORKERS = ["sim/lab/trial_worker.ts", "sim/faults/seed_worker.ts"] as const;

/** Where the bundler puts a module, seen from the directory of the bundle. */
export function bundled(module: string): string {
  return module.replace(/\.ts$/, ".js");
}

/**
 * Replaces what only the build knows in the bundled text of {@link MAIN}: the URLs of the workers,
 * and the commit.
 * @throws Error if something that is to be replaced is not there exactly once
 */
export function stamped(text: string, commit: string): string {
  const urls = WORKERS.map((module) => {
    const name = module.slice(module.lastIndexOf("/") + 1);
    return [`"./${name}"`, `"./${bundled(module)}"`] as const;
  });
  return [...urls, ["@commit@", commit] as const].reduce(replacedOnce, text);
}

function replacedOnce(text: string, [from, to]: readonly [string, string]): string {
  const parts = text.split(from);
  if (parts.length === 2) return parts.join(to);
  throw new Error(`Cannot stamp the bundle: ${from} is there ${parts.length - 1} times, not once`);
}
