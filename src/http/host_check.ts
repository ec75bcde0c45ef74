import type { MiddlewareHandler } from "@hono/hono";
import { Problem } from "./problem.ts";
import type { SiteEnv } from "./site.ts";

/** What supervisors and Prometheus ask for, by whatever name; it changes and leaks nothing. */
const OPEN = /^\/(health(\/|$)|metrics$)/;
const IP_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i;

/**
 * Refuses requests that were meant for another name. A page from elsewhere can have its own name
 * point to this machine and then read, in the browser of an operator, what only this machine may
 * (DNS rebinding); but it cannot change the Host header. An address is nobody's name, so it passes.
 * @param allowed names by which operators reach the pages, besides localhost
 */
export function hostCheck(allowed: readonly string[]): MiddlewareHandler<SiteEnv> {
  const names = new Set(["localhost", ...allowed.map((name) => name.toLowerCase())]);
  return async (context, next) => {
    const { path, url } = context.req;
    const name = hostName(context.req.header("Host") ?? new URL(url).host);
    if (!OPEN.test(path) && !names.has(name) && !IP_ADDRESS.test(name)) {
      throw new Problem(
        "forbidden",
        "this name of the bot is not known: call it by its address or localhost, or add the name " +
          "to health_allowed_hosts",
        { field: "header.Host" },
      );
    }
    await next();
  };
}

/** Without port and the dot of a full name. */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}
