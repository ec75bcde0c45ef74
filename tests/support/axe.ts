import axeScript from "axe-core/axe.min.js" with { type: "text" };
import type { Tab } from "./browser.ts";

/** Rules that are broken in what a tab shows, serious and critical ones, with where. */
export async function seriousFindings(tab: Tab): Promise<readonly string[]> {
  await tab.ask(`${axeScript}; undefined`);
  const found = await tab.ask(`axe.run(document, { resultTypes: ["violations"] })
    .then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ html }) => id + ": " + html.slice(0, 200))))`);
  return (found as readonly unknown[]).map(String);
}
