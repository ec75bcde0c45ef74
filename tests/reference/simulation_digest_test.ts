import assert from "node:assert/strict";
import { currentDigests, DIGEST_FILE } from "../../bench/digest.ts";
import { projectText } from "../support/source_files.ts";

Deno.test("simulation: no optimisation has changed what the bot does in a named run", async () => {
  assert.deepEqual(
    await currentDigests(),
    JSON.parse(projectText(DIGEST_FILE)),
    "The bot now acts differently. If that is intended, `deno task bench --digests` writes the " +
      "new digests down; an optimisation must leave them as they are.",
  );
});
