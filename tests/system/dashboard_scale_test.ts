/** The dashboard in a real browser (chromium): many markets, and text that wants to be more. */

import assert from "node:assert/strict";
import { browserTest, type Tab } from "../support/browser.ts";
import { type ManyMarkets, manyMarkets } from "../support/many_markets.ts";

/** Changes of the page until it shows a change of one market, and how many places they touch. */
async function touchesOf(tab: Tab, market: ManyMarkets, index: number): Promise<number> {
  await tab.ask(`globalThis.touched = 0;
    globalThis.observer?.disconnect();
    globalThis.observer = new MutationObserver((all) => globalThis.touched += all.length);
    observer.observe(document.querySelector(".markets tbody"), {
      childList: true, characterData: true, attributes: true, subtree: true });`);
  const title = `Has event number ${index} happened?`;
  market.change(index, { title });
  await tab.sees(`tr[data-id=m-${index}] .title`, /^Has event/);
  return Number(await tab.ask("touched"));
}

browserTest(
  "dashboard: 500 markets are as little work as 50, found by search, and the worst first",
  async (_, browser) => {
    const touches: number[] = [];
    for (const count of [50, 500]) {
      const many = manyMarkets(count);
      try {
        const tab = await browser.open(many.served.base);
        await tab.go("");
        await tab.sees("main .note", new RegExp(`^${count} markets`));
        touches.push(await touchesOf(tab, many, 7));
        await tab.type("#search", "number 49 h");
        await tab.sees("main .note", new RegExp(`^1 of ${count} markets`));
        await tab.ask("document.activeElement.blur()");
        many.change(count - 1, { problem: "the venue has closed it" });
        await tab.sees(".markets tbody tr .word", /^PROBLEM$/);
        await tab.shot(`markets-${count}`, "what is seen");
        assert.deepEqual(tab.unexpected(), []);
        await tab.close();
      } finally {
        await many.close();
      }
    }
    const [few = 0, many = 0] = touches;
    assert.ok(few > 0 && many <= 2 * few, `a change of one market touches ${few}, ${many} places`);
  },
);

browserTest("dashboard: text from the venue is never more than text", async (_, browser) => {
  const many = manyMarkets(1);
  try {
    const evil = `<img src=x onerror="document.title='gotcha'"><script>alert(1)</script>`;
    many.change(0, { title: evil, problem: `<b>${evil}</b>` });
    const tab = await browser.open(many.served.base);
    await tab.go("");
    await tab.sees(".markets .title", /^<img src=x onerror/);
    await tab.go("#/market/m-0");
    await tab.sees("h1", /^<img src=x onerror/);
    await tab.press("Kill", ".heading");
    await tab.sees("dialog h2", /<img src=x/);
    assert.equal(
      await tab.ask("document.querySelectorAll('img, main script, dialog b').length"),
      0,
    );
    assert.doesNotMatch(String(await tab.ask("document.title")), /gotcha/);
    const refused = await tab.ask(
      "try { document.body.innerHTML = '<b>x</b>'; 'taken' } catch (error) { error.name }",
    );
    assert.equal(refused, "TypeError", "the policy of the page refuses HTML from scripts");
    tab.expect("TrustedHTML");
    assert.deepEqual(tab.unexpected(), []);
  } finally {
    await many.close();
  }
});
