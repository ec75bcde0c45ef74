/** The dashboard in a real browser (chromium), against a bot whose exchange is asked as well. */

import assert from "node:assert/strict";
import { seriousFindings } from "../support/axe.ts";
import { browserTest, type Tab, type TestBrowser } from "../support/browser.ts";
import { type DashboardStage, dashboardStage } from "../support/dashboard_stage.ts";
import { eventually } from "../support/real_process.ts";
import { TOKEN } from "../support/site.ts";
import { MARKET } from "../support/venue.ts";

const LIMIT_MS = 60_000;

interface Scene extends DashboardStage {
  readonly stage: DashboardStage;
  readonly browser: TestBrowser;
  readonly tab: Tab;
  readonly other: Tab;
}

/** Who is asked for name and token, in whatever dialog is open. */
async function identify(tab: Tab, operator: string, token = TOKEN): Promise<void> {
  await tab.type("dialog [name=operator]", operator);
  await tab.type("dialog [name=token]", token);
}

async function logIn(tab: Tab, operator: string): Promise<void> {
  await tab.press("Log in");
  await identify(tab, operator);
  await tab.press("Log in", "dialog");
  await tab.sees("#session", new RegExp(`^${operator}: log out$`));
}

/** Waits until the exchange itself says so. */
async function atExchange(what: string, holds: () => boolean): Promise<void> {
  await eventually(`at the exchange: ${what}`, LIMIT_MS, () => Promise.resolve(holds() || null));
}

/** The value below a name in the head of a market's page. */
const tile = (name: string) =>
  `.tiles div:nth-child(${["Bid", "Fair", "Ask", "Net"].indexOf(name) + 1}) dd`;

const STEPS: readonly (readonly [string, (scene: Scene) => Promise<void>])[] = [
  [
    "the overview shows every market with its quote, and says PAPER in banner and title",
    async ({ tab, bot }) => {
      await tab.go("");
      await tab.sees(".banner", /PAPER TRADING: no real money/);
      await tab.sees("tr[data-id=MKT-1] .lamp", /^NORMAL$/);
      const [bid] = bot.venue.ladder("BID");
      const [ask] = bot.venue.ladder("ASK", "MKT-2");
      assert.equal(await tab.text("tr[data-id=MKT-1] .bid"), String(bid));
      assert.equal(await tab.text("tr[data-id=MKT-2] .ask"), String(ask));
      assert.match(String(await tab.ask("document.title")), /^PAPER · Markets$/);
      await tab.shot("overview");
    },
  ],
  [
    "the page of a market shows the quote move after a trade, and the trade with our quote then",
    async ({ tab, bot }) => {
      await tab.press(MARKET, "table");
      const before = await tab.sees(tile("Ask"), /^\d+$/);
      assert.equal(Number(before), bot.venue.ladder("ASK")[0]);
      await atExchange("the ask has moved", () => {
        const [ask] = bot.venue.ladder("ASK");
        if (ask === Number(before)) bot.venue.take("YES", ask, 10);
        return ask !== undefined && ask > Number(before);
      });
      await tab.sees(tile("Ask"), new RegExp(`^(?!${before}$)\\d+$`));
      await eventually(
        "page and exchange agree",
        LIMIT_MS,
        async () => Number(await tab.text(tile("Ask"))) === bot.venue.ladder("ASK")[0] || null,
      );
      await tab.sees(".trades tbody tr", new RegExp(`sold\\s+${before}\\s`));
      await tab.sees(
        ".explain .sentences",
        /^Ask \d+: fair [\d.]+ [+−] shift [\d.]+ \+ half the spread/,
      );
      await tab.sees(".ladder .own-ask:not(:empty)", /^\d+$/);
      await tab.shot("market");
    },
  ],
  [
    "a kill takes two actions, a wrong token is refused, and the orders are gone at the exchange",
    async ({ tab, bot }) => {
      tab.expect("401");
      await tab.press("Kill");
      await tab.sees("dialog h2", new RegExp(`^Kill ${MARKET}`));
      await identify(tab, "ann", "wrong");
      await tab.press("Kill now", "dialog");
      await tab.sees("dialog .outcome", /admin token/);
      const resting = bot.venue.ownOrders().length;
      assert.ok(resting > 0, "a refused kill changes nothing");
      await identify(tab, "ann");
      await tab.press("Kill now", "dialog");
      await tab.sees("dialog .outcome", new RegExp(`${resting} orders cancelled. Verified`));
      assert.deepEqual(bot.venue.ownOrders(), []);
      assert.ok(bot.venue.ownOrders("MKT-2").length > 0);
      await tab.shot("killed");
      await tab.press("Close", "dialog");
      await tab.sees(".heading .light", /^KILLED$/);
      await tab.sees(".explain .sentences", /No bid: killed, ADMIN by ann/);
      await tab.sees(".orders .note", /No own order rests/);
      assert.match(String(await tab.ask("document.title")), /^\(1\) PAPER/);
      assert.equal(await tab.ask("localStorage.length"), 0, "the token is kept in the tab alone");
    },
  ],
  ["a released market quotes again", async ({ tab, bot }) => {
    await tab.press("Release");
    await tab.press("Release", "dialog");
    await tab.sees("dialog .outcome", /Done in 1 market/);
    await tab.press("Close", "dialog");
    await atExchange("orders rest", () => bot.venue.ownOrders().length > 0);
    await tab.sees(".heading .light", /^NORMAL$/);
  }],
  ["pause and resume", async ({ tab, bot }) => {
    await tab.press("Pause");
    await tab.press("Pause", "dialog");
    await tab.press("Close", "dialog");
    await tab.sees(".heading .light", /^PAUSED$/);
    await atExchange("no order rests", () => bot.venue.ownOrders().length === 0);
    await tab.press("Resume");
    await tab.press("Resume", "dialog");
    await tab.press("Close", "dialog");
    await atExchange("orders rest", () => bot.venue.ownOrders().length > 0);
  }],
  ["a parameter is tried, then changed, and the quote follows", async ({ tab, bot }) => {
    const field = "[aria-label=exploration_min_spread_cents]";
    await tab.press("Parameters");
    await tab.type(field, "18");
    await tab.sees(".diff", /exploration_min_spread_cents 5 → 18/);
    await tab.press("Dry run");
    await tab.sees(".edit-bar .preview", /then\s+[\d.]+\s+(1[89]|2\d)/);
    const spread = () => (bot.venue.ladder("ASK")[0] ?? 0) - (bot.venue.ladder("BID")[0] ?? 99);
    assert.ok(spread() < 18, "a dry run changes nothing");
    await tab.shot("dry-run", "what is seen");
    await tab.type("#edit-reason", "news at ten");
    await tab.press("Save");
    await tab.sees(".edit-bar .outcome", /Saved as version 1: 1 value/);
    await atExchange("the spread has followed", () => spread() >= 18 && spread() < 60);
    await tab.sees(".history .record", /Version 1.*ann: news at ten.*5 → 18/s);
    await tab.type(field, "999");
    await tab.press("Save");
    tab.expect("422");
    await tab.sees(".edit-bar .outcome", /nothing was changed/);
    await tab.press("Undo", ".diff");
    await eventually(
      "nothing is left to save",
      LIMIT_MS,
      async () => await tab.ask("document.querySelector('.edit-bar').hidden") === true || null,
    );
  }],
  [
    "two operators at once: the second is shown the version that he missed, and keeps his changes",
    async ({ tab, other }) => {
      const page = `#/market/${MARKET}/parameters`;
      const field = "[aria-label=kappa]";
      other.expect("409");
      await other.go(page);
      await logIn(other, "bob");
      await other.sees("main > .note", /^Version 1/);
      await tab.go(page);
      await tab.type(field, "2");
      await tab.type("#edit-reason", "ann was first");
      await tab.press("Save");
      await tab.sees(".edit-bar .outcome", /Saved as version 2/);
      await other.type(field, "3");
      await other.type("#edit-reason", "bob was second");
      await other.press("Save");
      await other.sees(".edit-bar .outcome", /version 1; version 2 is by ann: ann was first/);
      await other.shot("conflict", "what is seen");
      await other.press("Load version 2, keep my changes");
      await other.sees(".diff", /kappa 2 → 3/);
      await other.press("Save");
      await other.sees(".edit-bar .outcome", /Saved as version 3/);
      await other.press("Roll back to 1");
      await other.press("Roll back", "dialog");
      await other.sees("dialog .outcome", /Version 4: 1 value changed/);
      await other.press("Close", "dialog");
    },
  ],
  [
    "a stream that is cut is said to be old, comes back and catches up with what was missed",
    async ({ tab, other, bot, served }) => {
      for (const reader of [tab, other]) reader.expect("ERR_");
      await tab.go("");
      await tab.sees("#link", /^live/);
      await served.cut();
      await tab.sees("#link", /^no data for \d+ s$/);
      await tab.sees("#alarms", /Everything below is old/);
      assert.match(String(await tab.ask("document.title")), /^NO DATA/);
      await tab.shot("no-data");
      const author = { operator: "cli", reason: "while nobody looked" };
      void bot.venue.service.admin("MKT-2", { kind: "kill", ...author });
      await atExchange("killed", () => bot.venue.ownOrders("MKT-2").length === 0);
      const before = served.streamIds.length;
      served.mend();
      await tab.sees("tr[data-id=MKT-2] .lamp", /^KILLED$/);
      await tab.sees(".events", /kill.*MKT-2/is);
      await tab.sees("#link", /^live/);
      assert.match(served.streamIds[before] ?? "", /^\w+-\d+$/, "it goes on where it was cut");
      assert.equal(await tab.text("#alarms"), "");
      assert.equal(
        await tab.ask("document.querySelector('.markets tbody tr').dataset.id"),
        "MKT-2",
      );
    },
  ],
  ["everything can be done by keyboard", async ({ tab }) => {
    const { keyboard } = tab.page;
    const focused = () => tab.ask("document.activeElement.id || document.activeElement.innerText");
    await tab.go("");
    await tab.sees("tr[data-id=MKT-1] .lamp", /NORMAL/);
    await keyboard.press("Tab");
    assert.equal(await focused(), "skip");
    await keyboard.press("Enter");
    assert.equal(await focused(), "main");
    await keyboard.press("/");
    assert.equal(await focused(), "search");
    await keyboard.type("mkt-1");
    await tab.sees(".note", /1 of 2 markets/);
    await tab.ask("document.activeElement.blur()");
    await tab.ask("document.querySelector('.markets tr:not([hidden]) a').focus()");
    await keyboard.press("k");
    await tab.sees("dialog h2", /^Kill MKT-1/);
    assert.equal(await focused(), "Kill now", "the second action is Enter");
    await keyboard.press("Escape");
    await eventually(
      "the dialog closes",
      LIMIT_MS,
      async () => await tab.ask("document.querySelector('dialog') === null") === true || null,
    );
    await keyboard.press("Enter");
    await tab.sees("h1", /MKT-1/);
    await keyboard.press("?");
    await tab.sees("dialog h2", /^Shortcuts$/);
    await keyboard.press("Escape");
    await keyboard.press("a");
    await tab.sees(".audit tbody", /ann\s+POST \/api\/markets\/MKT-1\/kill/);
  }],
  [
    "every page fits a phone, and nobody is kept out by how it is made",
    async ({ stage, browser }) => {
      const { served: { base } } = stage;
      for (const viewport of ["desktop", "phone"] as const) {
        const tab = await browser.open(base, viewport);
        await tab.go("");
        await logIn(tab, "ann");
        for (const [name, hash, sign] of PAGES) {
          await tab.go(hash);
          await tab.sees(...sign);
          await tab.shot(`${name}-${viewport}`, "what is seen");
          // A few of the hundred settings are made like all of them.
          if (sign[0] === ".groups") await tab.type("#search", "spread_m");
          if (viewport === "desktop" || NARROW.includes(name)) {
            assert.deepEqual(await seriousFindings(tab), [], `${name} on a ${viewport}`);
          }
          const overhang = await tab.ask("document.documentElement.scrollWidth - innerWidth");
          assert.ok(Number(overhang) <= 0, `${name} is too wide for a ${viewport}: ${overhang}`);
        }
        await tab.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
        await tab.go(MARKET_PAGE);
        await tab.sees(".trades tbody", /sold/);
        assert.deepEqual(await seriousFindings(tab), [], `dark, on a ${viewport}`);
        await tab.press("Kill", ".heading");
        await tab.sees("dialog h2", /^Kill/);
        assert.deepEqual(await seriousFindings(tab), [], `a dialog on a ${viewport}`);
        await tab.shot(`dark-${viewport}`, "what is seen");
        await tab.ask("document.querySelector('dialog').append(document.createElement('button'))");
        const [found = ""] = await seriousFindings(tab);
        assert.match(found, /^button-name/, "a button without a name would be found");
        assert.deepEqual(tab.unexpected(), []);
        await tab.close();
      }
    },
  ],
];

const MARKET_PAGE = `#/market/${MARKET}`;

/** Pages that are made differently where there is less room. */
const NARROW = ["overview", "market"];

/** Every page, and what shows that it is there. */
const PAGES: readonly (readonly [string, string, readonly [string, RegExp]])[] = [
  ["overview", "", [".markets tbody", /MKT-1/]],
  ["market", MARKET_PAGE, [".trades tbody", /sold/]],
  ["parameters", `${MARKET_PAGE}/parameters`, [".groups", /kappa/]],
  ["process", "#/parameters", [".groups", /log_level/]],
  ["audit", "#/audit", [".audit tbody", /ann/]],
];

browserTest("dashboard", async (t, browser) => {
  const stage = await dashboardStage();
  try {
    const { served: { base } } = stage;
    const [tab, other] = [await browser.open(base), await browser.open(base)];
    for (const [name, run] of STEPS) {
      const passed = await t.step(name, async () => {
        await run({ ...stage, stage, browser, tab, other });
        assert.deepEqual([...tab.unexpected(), ...other.unexpected()], []);
      });
      if (!passed) break;
    }
  } finally {
    await stage.close();
  }
});
