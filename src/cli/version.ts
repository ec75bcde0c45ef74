import manifest from "../../deno.json" with { type: "json" };

/** The version of the bot. */
export const VERSION: string = manifest.version;

/** The build puts the commit in its place. */
const COMMIT: string = "@commit@";

/** Version and commit, as `--version` shows them. */
export const VERSION_AND_COMMIT = `${VERSION} (${COMMIT.startsWith("@") ? "checkout" : COMMIT})`;

/** The version of Deno that the bot is tested with. The README and CI name the same one. */
export const TESTED_DENO_VERSION = "2.9.6";

/**
 * What to tell the user about the Deno that runs, null if it is the tested one. It is no reason to
 * refuse: a security fix of Deno must not have to wait for a release of the bot.
 */
export function versionNotice(running: string): string | null {
  if (running === TESTED_DENO_VERSION) return null;
  return `warning: this is Deno ${running}; the bot is tested with ${TESTED_DENO_VERSION} ` +
    `(npx -y deno@${TESTED_DENO_VERSION})\n`;
}
