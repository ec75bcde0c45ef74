import type { ServiceStatus } from "../../service/service_api.ts";
import { Problem } from "../problem.ts";
import type { Site } from "../site.ts";
import { ASSETS, PAGE } from "./assets.ts";

/** Only what this process serves itself, no script in the page, and no text that becomes HTML. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const BANNERS: Readonly<Record<ServiceStatus["mode"], string>> = {
  paper: "PAPER TRADING: no real money",
  live: "LIVE TRADING: real money",
};

/**
 * Adds the dashboard: one page at `/` for browsers, and the files it loads. Everything it shows it
 * asks of the API; whoever does not ask for HTML gets the next page at `/`.
 */
export function addDashboard(site: Site, mode: () => ServiceStatus["mode"]): void {
  site.get("/", async (context, next) => {
    if (!(context.req.header("Accept") ?? "").includes("text/html")) return await next();
    context.header("Content-Security-Policy", POLICY);
    return context.html(pageFor(mode()));
  });
  site.get("/assets/:name", (context) => {
    const name = context.req.param("name");
    const text = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (text === undefined) throw new Problem("not_found", `the dashboard has no file ${name}`);
    context.header("Content-Type", TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain");
    return context.body(text);
  });
}

function pageFor(mode: ServiceStatus["mode"]): string {
  return PAGE
    .replace("%MODE%", mode)
    .replace("%TITLE%", `${mode.toUpperCase()} · Markets`)
    .replace("%BANNER%", BANNERS[mode]);
}
