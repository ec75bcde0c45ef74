import assert from "node:assert/strict";
import ts from "typescript";
import { camelCase } from "../../src/config/parameter.ts";
import { marketParameters } from "../../src/config/registry.ts";
import { productFiles, visit } from "../support/source_files.ts";

/** Settings of a market that nothing reads, and why. */
const NOT_READ: Readonly<Record<string, string>> = {
  market_maker_fee_bps: "the market's own record counts (C-28)",
  market_taker_fee_bps: "the market's own record counts (C-28)",
  ws_latency_cancel_ms: "for a push feed that does not exist yet",
  soft_stop_watchdog_ms: "for a stop that leaves orders, which does not exist yet",
};

/** Every name that the product uses outside the declarations of its settings. */
function namesInUse(): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of productFiles()) {
    if (file.path.startsWith("src/config/")) continue;
    visit(file, (node) => {
      if (ts.isIdentifier(node)) names.add(node.text);
    });
  }
  return names;
}

Deno.test("L-63: every setting of a market is read somewhere, or it is known why not", () => {
  const used = namesInUse();
  const unread = Object.keys(marketParameters).filter((name) => !used.has(camelCase(name)));
  assert.deepEqual(unread.filter((name) => NOT_READ[name] === undefined), []);
});
