/** The commands of an operator at night: real processes on a real Redis. */

import assert from "node:assert/strict";
import { redisTest } from "../support/redis_link.ts";
import { startDenoWith } from "../support/real_process.ts";

const LIMIT_MS = 60_000;
const PASSWORD = "hunter2";

/** Writes the configuration of a live bot. */
async function configFile(redisUrl: string): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "amm-config-", suffix: ".yaml" });
  await Deno.writeTextFile(
    path,
    `mode: live
global:
  base_url: http://127.0.0.1:1/api/v1
  redis_url: ${redisUrl}
  market_ids: [MKT-1]
markets:
  MKT-1: {anchor_price_cents: 50, initial_funding_cents: 200000}
`,
  );
  return path;
}

async function config(command: string, file: string, ...args: readonly string[]) {
  const process = startDenoWith(
    { AMM_PASSWORD: PASSWORD },
    ...["task", "-q", "config", command, "--config", file, "--market", "MKT-1", ...args],
  );
  return await process.end(LIMIT_MS);
}

const WHO = ["--operator", "anna", "--reason", "news"] as const;

redisTest(
  "config set: the task writes to Redis, its history shows it, and a wrong value exits 1",
  async ({ server, link }) => {
    const file = await configFile(server.url);
    try {
      const set = await config("set", file, ...WHO, "kappa=3");
      assert.deepEqual([set.code, set.err], [0, ""], set.err);
      assert.match(set.out, /MKT-1 is now at version 1:\n {2}kappa: 1\.5 → 3/);
      const [kappa] = await link.send("test", [["HGET", "amm:config:MKT-1", "kappa"]]);
      assert.equal(kappa, "3");
      const wrong = await config("set", file, ...WHO, "kappa=0");
      assert.deepEqual([wrong.code, wrong.out], [1, ""]);
      assert.match(wrong.err, /out of range.*\nNothing was written/);
      const history = await config("history", file);
      assert.match(
        history.out,
        /version 1 refused by anna: news[^]*version 1 written by anna: news/,
      );
      await server.kill();
      const away = await config("set", file, ...WHO, "kappa=4");
      assert.equal(away.code, 1);
      assert.match(away.err, /Cannot connect to Redis: .*ECONNREFUSED/);
      assert.doesNotMatch(JSON.stringify([set, wrong, history, away]), new RegExp(PASSWORD));
    } finally {
      await Deno.remove(file);
    }
  },
);
