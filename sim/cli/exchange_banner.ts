import { API_PREFIX, CONTROL_PREFIX } from "../http/route_table.ts";
import type { Seed } from "../http/seed.ts";
import type { SeededVenue } from "../http/seeded_venue.ts";
import type { ExchangeOptions } from "./exchange_options.ts";
import { textTable } from "./text_table.ts";

/** What somebody must know to use the exchange; in the names of `--json`. */
export interface ExchangeFacts {
  readonly simulator: true;
  readonly url: string;
  readonly health: string;
  readonly docs: string;
  /** Null if it was not opened. */
  readonly control: string | null;
  readonly profile: string;
  readonly quirks: readonly string[];
  readonly traders: boolean;
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly role: string;
    readonly user_id: string;
    readonly cash_cents: number;
    readonly access_token: string;
    readonly refresh_token: string;
  }[];
  readonly markets: readonly {
    readonly id: string;
    readonly status: string;
    readonly title: string;
  }[];
}

/** What was opened. */
export interface OpenedExchange {
  readonly seed: Seed;
  readonly venue: SeededVenue;
}

/** Collects what somebody must know; the tokens are new ones. */
export function exchangeFacts(
  { host, port, profile, control, traders }: ExchangeOptions,
  { seed, venue: { exchange, users, tokens } }: OpenedExchange,
): ExchangeFacts {
  const root = `http://${shownHost(host)}:${port}`;
  return {
    simulator: true,
    url: root + API_PREFIX,
    health: `${root}/health`,
    docs: `${root}/docs`,
    control: control ? root + CONTROL_PREFIX : null,
    profile,
    quirks: [...exchange.settings.quirks].sort(),
    traders: traders ?? false,
    users: seed.users.map(({ username, password, role, cash_cents }) => {
      const user_id = users.named(username)?.userId ?? "";
      const access_token = tokens.issue(user_id, "access");
      const refresh_token = tokens.issue(user_id, "refresh");
      return { username, password, role, user_id, cash_cents, access_token, refresh_token };
    }),
    markets: exchange.markets().map(({ marketId, status, title }) => ({
      id: marketId,
      status,
      title,
    })),
  };
}

const RULE = "=".repeat(78);
const MARKETS_SHOWN = 10;

/** The facts for people. */
export function exchangeBanner(facts: ExchangeFacts): string {
  const { users, markets, quirks, profile, traders } = facts;
  const hidden = markets.length - MARKETS_SHOWN;
  return [
    RULE,
    "  SIMULATED EXCHANGE: no real money, and nothing is kept when it stops",
    RULE,
    textTable([
      ["  API", facts.url],
      ["  docs", facts.docs],
      ["  profile", `${profile}, quirks ${quirks.join(" ") || "none"}`],
      ["  traders", traders ? "simulated traders in every active market" : "none (--traders)"],
      ["  control", facts.control ?? "closed (--control)"],
    ]),
    textTable([
      ["  user", "password", "role", "cents", "user id"],
      ...users.map((user) => [
        `  ${user.username}`,
        user.password,
        user.role,
        String(user.cash_cents),
        user.user_id,
      ]),
    ]),
    textTable([
      ["  market", "status", "title"],
      ...markets.slice(0, MARKETS_SHOWN).map(({ id, status, title }) => [`  ${id}`, status, title]),
    ]).trimEnd(),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
    "",
    "  Access tokens, for the header `Authorization: Bearer …`:",
    ...users.map(({ username, access_token }) => `  ${username}  ${access_token}`),
    "",
    "  Ctrl-C stops it.",
    "",
    "",
  ].join("\n");
}

/** A host as a URL on this machine has it. */
function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
