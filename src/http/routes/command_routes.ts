import { createRoute } from "@hono/zod-openapi";
import type { Context } from "@hono/hono";
import { z } from "zod";
import type { AdminCommand, CommandReceipt } from "../../models/admin_command.ts";
import type { ServiceStatus } from "../../service/service_api.ts";
import { Problem } from "../problem.ts";
import { commandAnswer, killAnswer } from "../schemas.ts";
import {
  ADMIN,
  ADMIN_CODES,
  answer,
  answers,
  asked,
  jsonBody,
  marketPath,
  operatorOf,
  reasonText,
  type Site,
  type SiteEnv,
  type SiteParts,
} from "../site.ts";

const CODES = { ...ADMIN_CODES, 409: "The market cannot do it now; the message says why" };

/** Commands that need nothing but a reason, and what they do. */
const PLAIN = [
  { kind: "release", forAll: true, summary: "Releases a latched kill, after a look at the venue" },
  { kind: "pause", forAll: true, summary: "Withdraws the quotes until somebody resumes" },
  { kind: "resume", forAll: true, summary: "Ends a pause or a flatten by an operator" },
  {
    kind: "flatten",
    forAll: false,
    summary: "All orders off, then the net position is reduced, then the market stays paused",
  },
  { kind: "reconcile", forAll: false, summary: "Compares the books with the venue now" },
] as const;

/** Adds what operators can ask of markets; an answer comes when the markets have done it. */
export function addCommandRoutes(site: Site, parts: SiteParts): void {
  addKillRoutes(site, parts);
  for (const { kind, forAll, summary } of PLAIN) {
    const request = jsonBody(asked);
    const common = { method: "post", ...ADMIN, responses: answers(commandAnswer, CODES) } as const;
    site.openapi(
      createRoute({
        ...common,
        path: `/api/markets/{id}/${kind}`,
        summary,
        request: { ...request, params: marketPath },
      }),
      async (context) => {
        const marketId = targetIn(parts, context.req.valid("param").id);
        const command = { kind, ...authorOf(context, context.req.valid("json")) };
        return context.json(await commanded(parts, marketId, command), 200);
      },
    );
    if (!forAll) continue;
    site.openapi(
      createRoute({ ...common, path: `/api/${kind}`, summary: `${summary}: all markets`, request }),
      async (context) => {
        const command = { kind, ...authorOf(context, context.req.valid("json")) };
        return context.json(await commanded(parts, "*", command), 200);
      },
    );
  }
  addAnchorRoute(site, parts);
}

function addAnchorRoute(site: Site, parts: SiteParts): void {
  const body = z.strictObject({
    ...asked.shape,
    reason: reasonText,
    anchor_price_cents: z.int().min(1).max(99),
  });
  site.openapi(
    createRoute({
      method: "post",
      path: "/api/markets/{id}/anchor",
      summary: "Sets the anchor price; the learner begins anew there",
      ...ADMIN,
      request: { params: marketPath, ...jsonBody(body) },
      responses: answers(commandAnswer, CODES),
    }),
    async (context) => {
      const marketId = targetIn(parts, context.req.valid("param").id);
      const { anchor_price_cents: anchorPriceCents, ...said } = context.req.valid("json");
      const author = authorOf(context, said);
      const command = { kind: "set_anchor", ...author, anchorPriceCents } as const;
      return context.json(await commanded(parts, marketId, command), 200);
    },
  );
}

function addKillRoutes(site: Site, parts: SiteParts): void {
  const common = { method: "post", ...ADMIN, responses: answers(killAnswer, CODES) } as const;
  site.openapi(
    createRoute({
      ...common,
      path: "/api/markets/{id}/kill",
      summary: "Takes every own order off and quotes nothing until somebody releases it",
      request: { params: marketPath, ...jsonBody(asked) },
    }),
    async (context) => {
      const marketId = targetIn(parts, context.req.valid("param").id);
      const author = authorOf(context, context.req.valid("json"));
      return context.json(await killed(parts, marketId, author), 200);
    },
  );
  site.openapi(
    createRoute({
      ...common,
      path: "/api/kill",
      summary: "Kills every market, of every process that shares the account",
      request: jsonBody(asked),
    }),
    async (context) => {
      const author = authorOf(context, context.req.valid("json"));
      return context.json(await killed(parts, "*", author), 200);
    },
  );
}

function authorOf(context: Context<SiteEnv>, { reason, operator }: z.output<typeof asked>) {
  return { operator: operatorOf(context, operator), reason };
}

/** @throws Problem if the only market that was asked refuses, or does not answer in time */
async function commanded({ service }: SiteParts, target: string, command: AdminCommand) {
  const receipts = await service.admin(target, command);
  const [only] = receipts;
  if (target !== "*" && only?.kind === "pending") {
    throw new Problem(
      "unavailable",
      "the market does not answer: it takes the command when it can; look at its state before " +
        "you repeat it",
      { field: "path.id" },
    );
  }
  if (target !== "*" && only?.kind === "refused") {
    throw new Problem("conflict", only.cause, { field: "path.id" });
  }
  return answer(commandAnswer, { markets: receipts });
}

/** A kill that is not confirmed in time is in force all the same: the answer says what is known. */
async function killed(
  { service }: SiteParts,
  target: string,
  author: { readonly operator: string; readonly reason: string },
) {
  const receipts = await service.admin(target, { kind: "kill", ...author });
  const kills = receipts.flatMap((receipt) => receipt.kind === "killed" ? [receipt] : []);
  const refused = receipts.flatMap((receipt) => receipt.kind === "refused" ? [receipt] : []);
  const pending = receipts.filter(({ kind }) => kind === "pending");
  if (target !== "*" && refused[0] !== undefined) {
    throw new Problem("conflict", refused[0].cause, { field: "path.id" });
  }
  // Whatever was last known to rest where nobody has looked may rest still.
  const unseen = [...pending, ...refused].map(({ marketId }) => marketId);
  const remaining = [
    ...kills.flatMap((kill) => kill.remaining),
    ...ordersOf(service.status(), unseen),
  ];
  const isVerified = (receipt: CommandReceipt) => receipt.kind === "killed" && receipt.verified;
  const isGone = ({ kind }: CommandReceipt) => kind === "refused" && remaining.length === 0;
  return answer(killAnswer, {
    cancelled: kills.reduce((sum, { cancelled }) => sum + cancelled, 0),
    // A market that refuses has ended: it was cleared then.
    verified: receipts.every((receipt) => isVerified(receipt) || isGone(receipt)),
    killedHere: [...kills, ...pending.map(({ marketId }) => ({ marketId, verified: false }))],
    leftToHolders: receipts.filter(({ kind }) => kind === "passed_on"),
    remaining,
    refused,
  });
}

/** Own orders in some markets, as far as they are known. */
function ordersOf({ markets }: ServiceStatus, marketIds: readonly string[]) {
  return markets.filter(({ marketId }) => marketIds.includes(marketId))
    .flatMap(({ orders }) => [...orders.BID, ...orders.ASK]);
}

/**
 * The market of a command: one of this process, or of those that it shares the markets with.
 * @throws Problem if there is none of that name
 */
function targetIn({ service }: SiteParts, id: string): string {
  const { markets, leases } = service.status();
  const known = [...new Set([...markets, ...leases?.markets ?? []].map((one) => one.marketId))];
  if (known.includes(id)) return id;
  const message = `there is no market ${id}: it must be one of ${known.slice(0, 50).join(", ")}`;
  throw new Problem("not_found", message, { field: "path.id" });
}
