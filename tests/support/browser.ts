/** A real browser: Debian's Chromium over the DevTools protocol. */

import { launch, type Page } from "puppeteer-core";
import { eventually } from "./real_process.ts";

const CHROMIUM = "/usr/bin/chromium";

/** Why browser tests are ignored: true if there is no Chromium. */
const browserIsMissing = !exists(CHROMIUM);

/** Where tests leave pictures of what they saw. */
export const SCREENSHOTS = "dist/screenshots";

/** The sizes at which pages are looked at. */
export const VIEWPORTS = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** How long something may take to be seen; far more than it does. */
const PATIENCE_MS = 60_000;

/** A browser of a test's own. */
export interface TestBrowser {
  /** Opens a tab that nothing has been asked of. */
  open(base: string, viewport?: keyof typeof VIEWPORTS): Promise<Tab>;
  close(): Promise<void>;
}

/** Starts a browser with a profile that is thrown away. */
export async function startBrowser(): Promise<TestBrowser> {
  const home = await Deno.makeTempDir({ prefix: "amm-chromium-" });
  const browser = await launch({
    executablePath: CHROMIUM,
    timeout: PATIENCE_MS,
    // As root, in a container, there is no other way.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
    userDataDir: home,
    env: { HOME: home, PATH: "/usr/bin:/bin" },
  });
  await Deno.mkdir(SCREENSHOTS, { recursive: true });
  return {
    async open(base, viewport = "desktop") {
      // Each tab is a context of its own: another operator at another machine.
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.setViewport(VIEWPORTS[viewport]);
      return new Tab(page, base);
    },
    async close() {
      await browser.close();
      await Deno.remove(home, { recursive: true });
    },
  };
}

/** Declares a test with a browser of its own. */
export function browserTest(
  name: string,
  run: (t: Deno.TestContext, browser: TestBrowser) => Promise<void>,
): void {
  Deno.test({
    name: browserIsMissing ? `${name} (ignored: chromium is not installed)` : name,
    ignore: browserIsMissing,
    // The connections of the browser live from step to step.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (t) => {
      const browser = await startBrowser();
      try {
        await run(t, browser);
      } finally {
        await browser.close();
      }
    },
  });
}

/** A tab, with everything that went wrong in it. */
export class Tab {
  readonly page: Page;
  readonly base: string;
  /** What the console said, pages that threw, and requests to anywhere else. */
  readonly problems: string[] = [];
  readonly #isExpected: ((problem: string) => boolean)[] = [];

  constructor(page: Page, base: string) {
    this.page = page;
    this.base = base;
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) {
        this.#note(`console: ${message.text()} ${message.location().url ?? ""}`);
      }
    });
    page.on("pageerror", (error) => this.#note(`error: ${error}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${base}/`)) this.#note(`request: ${request.url()}`);
    });
  }

  /** From now on problems with such a text are part of the test. */
  expect(part: string): void {
    this.#isExpected.push((problem) => problem.includes(part));
  }

  /** Goes to a page. */
  async go(hash: string): Promise<void> {
    await this.page.goto(`${this.base}/${hash}`);
  }

  /** Evaluates an expression in the page. */
  async ask(expression: string): Promise<unknown> {
    return await this.page.evaluate(expression);
  }

  /** The text of the first element, empty if there is none. */
  async text(selector: string): Promise<string> {
    const found = await this.ask(
      `document.querySelector(${JSON.stringify(selector)})?.innerText ?? ""`,
    );
    return String(found);
  }

  /** Waits until an element shows such a text, and gives it. */
  async sees(selector: string, pattern: RegExp): Promise<string> {
    let last = "";
    try {
      return await eventually(`${selector} shows ${pattern}`, PATIENCE_MS, async () => {
        last = await this.text(selector);
        return pattern.test(last) ? last : null;
      });
    } catch (error) {
      await this.shot("failed");
      throw new Error(`${selector} does not show ${pattern}, but "${last}"`, { cause: error });
    }
  }

  /** Presses a button or follows a link that says so, inside an element. */
  async press(text: string, within = "body"): Promise<void> {
    const selector = JSON.stringify(`${within} button, ${within} a`);
    const found = `[...document.querySelectorAll(${selector})].find((element) =>
      element.innerText.trim() === ${JSON.stringify(text)} && element.offsetParent !== null)`;
    await eventually(
      `a button ${text}`,
      PATIENCE_MS,
      async () => await this.ask(`!!${found}`) || null,
    );
    const handle = await this.page.evaluateHandle(found);
    const element = handle.asElement();
    if (element === null) throw new Error(`the button ${text} went away`);
    await element.scrollIntoView();
    await element.click();
    await handle.dispose();
  }

  /** Types a text in place of what stands in a field. */
  async type(selector: string, text: string): Promise<void> {
    await this.page.waitForSelector(selector, { visible: true, timeout: PATIENCE_MS });
    await this.page.$eval(
      selector,
      (field) => Reflect.apply(Reflect.get(field, "select"), field, []),
    );
    await this.page.type(selector, text);
  }

  /** Leaves a picture. */
  async shot(name: string, part: "all" | "what is seen" = "all"): Promise<void> {
    const path: `${string}.png` = `${SCREENSHOTS}/${name}.png`;
    await this.page.screenshot({ path, fullPage: part === "all" });
  }

  /** Takes a picture of a size to a file. */
  async picture(path: `${string}.png`, size: { width: number; height: number }): Promise<void> {
    await this.page.setViewport(size);
    // Charts are drawn anew in the next frames.
    await this.ask("new Promise((done) => setTimeout(done, 1500))");
    await this.page.screenshot({ path });
  }

  /** What went wrong and should not have, since the last call. */
  unexpected(): readonly string[] {
    return this.problems.splice(0).filter((problem) =>
      !this.#isExpected.some((isExpected) => isExpected(problem))
    );
  }

  async close(): Promise<void> {
    await this.page.browserContext().close();
  }

  #note(problem: string): void {
    this.problems.push(problem);
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
