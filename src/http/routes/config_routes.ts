import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { EditOutcome } from "../../config/hot/editor.ts";
import type { EditRequest } from "../../config/hot/edits.ts";
import { isHot } from "../../config/parameter.ts";
import { registries, type Scope } from "../../config/registry.ts";
import { Problem } from "../problem.ts";
import { configRecord, editAnswer, effectiveConfig, parameter } from "../schemas.ts";
import {
  ADMIN,
  ADMIN_CODES,
  answer,
  answers,
  asked,
  jsonBody,
  operatorOf,
  type Site,
  type SiteParts,
} from "../site.ts";

const CODES = { ...ADMIN_CODES, 409: "Somebody else has changed it: `version` is the one missed" };
const name = z.string().min(1).max(200);
const targetPath = z.object({ target: name });
const version = z.int().min(0);
const edit = z.strictObject({
  ...asked.shape,
  /** Who else agrees; needed to loosen a limit that protects money. */
  approver: z.string().trim().min(1).max(64).optional(),
  /** The version that the operator has seen; a change made since then is a conflict. */
  expected_version: version.optional(),
  dry_run: z.boolean().optional(),
});
const ttl = { ttl_ms: z.int().min(1).optional() };
const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const changeBody = z.strictObject({
  ...edit.shape,
  ...ttl,
  changes: z.record(name, z.union([scalar, z.array(scalar).max(200)])),
  expected_version: version,
});
const removeBody = z.strictObject({
  ...edit.shape,
  expected_version: version,
  temporary: z.boolean().optional(),
});
const presetBody = z.strictObject({ ...edit.shape, ...ttl });
const rollbackBody = z.strictObject({ ...edit.shape, version });

/** Adds the pages to see and change settings while the bot runs. */
export function addConfigRoutes(site: Site, parts: SiteParts): void {
  addReading(site, parts);
  addReadAndWrite(site, parts);
  addOtherEdits(site, parts);
}

function addReading(site: Site, { operations: { editor } }: SiteParts): void {
  const parameters = z.object({ global: z.array(parameter), market: z.array(parameter) });
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/parameters",
      summary: "Every setting there is: type, range, unit, meaning",
      responses: answers(parameters),
    }),
    (context) => context.json(parameters.parse(catalogue()), 200),
  );
  const history = z.object({ records: z.array(configRecord), total: z.int() });
  const query = z.object({
    offset: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  });
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/config/{target}/history",
      summary: "Changes of the settings of a target, newest first, refused ones included",
      ...ADMIN,
      request: { params: targetPath, query },
      responses: answers(history, ADMIN_CODES),
    }),
    async (context) => {
      const { target } = context.req.valid("param");
      await knownTarget(() => editor.effective(target));
      const page = await editor.audit(target, context.req.valid("query"));
      return context.json(answer(history, page), 200);
    },
  );
}

/** The declarations of all settings, in their order. */
function catalogue() {
  const listed = (scope: Scope) =>
    Object.entries(registries[scope]).map(([name, declared]) => ({
      name,
      ...{ group: declared.group, type: declared.type, description: declared.description },
      ...{ unit: declared.unit ?? null, min: declared.min ?? null, max: declared.max ?? null },
      values: declared.values ?? null,
      nullable: declared.nullable,
      is_hot: isHot(declared.takesEffect),
    }));
  return { global: listed("global"), market: listed("market") };
}

function addReadAndWrite(site: Site, parts: SiteParts): void {
  const { editor } = parts.operations;
  site.openapi(
    createRoute({
      method: "get",
      path: "/api/config/{target}",
      summary: "Settings in force of a market or of `global`, with the layer each comes from",
      ...ADMIN,
      request: { params: targetPath },
      responses: answers(effectiveConfig, ADMIN_CODES),
    }),
    async (context) => {
      const { target } = context.req.valid("param");
      const report = await knownTarget(() => editor.effective(target));
      return context.json(answer(effectiveConfig, report), 200);
    },
  );
  site.openapi(
    createRoute({
      method: "put",
      path: "/api/config/{target}",
      summary: "Changes settings, all or nothing; a dry run also shows the next quote",
      ...ADMIN,
      request: { params: targetPath, ...jsonBody(changeBody) },
      responses: answers(editAnswer, CODES),
    }),
    async (context) => {
      const { target } = context.req.valid("param");
      const { changes, ...body } = context.req.valid("json");
      const request = { ...requestOf(target, body, operatorOf(context, body.operator)), changes };
      await knownTarget(() => editor.effective(target));
      const outcome = await meant(() => editor.change(request));
      const isTried = body.dry_run === true && target !== "global";
      const config = isTried ? (await editor.preview(request)).markets.get(target) : undefined;
      const preview = config === undefined ? null : parts.service.preview(target, config);
      return context.json(edited(outcome, preview), 200);
    },
  );
}

function addOtherEdits(site: Site, parts: SiteParts): void {
  const { editor } = parts.operations;
  const responses = answers(editAnswer, CODES);
  site.openapi(
    createRoute({
      method: "delete",
      path: "/api/config/{target}/{name}",
      summary: "Takes an override back; the files are in force again",
      ...ADMIN,
      request: { params: targetPath.extend({ name }), ...jsonBody(removeBody) },
      responses,
    }),
    async (context) => {
      const { target, name } = context.req.valid("param");
      const { temporary = false, ...body } = context.req.valid("json");
      const request = requestOf(target, body, operatorOf(context, body.operator));
      await knownTarget(() => editor.effective(target));
      return context.json(
        edited(await meant(() => editor.remove({ ...request, temporary, names: [name] }))),
        200,
      );
    },
  );
  site.openapi(
    createRoute({
      method: "post",
      path: "/api/config/{target}/preset/{name}",
      summary: "Applies a preset, normally for a while",
      ...ADMIN,
      request: { params: targetPath.extend({ name }), ...jsonBody(presetBody) },
      responses,
    }),
    async (context) => {
      const { target, name: preset } = context.req.valid("param");
      const body = context.req.valid("json");
      const request = requestOf(target, body, operatorOf(context, body.operator));
      await knownTarget(() => editor.effective(target));
      return context.json(
        edited(await meant(() => editor.applyPreset({ ...request, preset }))),
        200,
      );
    },
  );
  site.openapi(
    createRoute({
      method: "post",
      path: "/api/config/{target}/rollback",
      summary: "Restores the lasting overrides of an earlier version, as a new one",
      ...ADMIN,
      request: { params: targetPath, ...jsonBody(rollbackBody) },
      responses,
    }),
    async (context) => {
      const { target } = context.req.valid("param");
      const { version, ...body } = context.req.valid("json");
      const request = requestOf(target, body, operatorOf(context, body.operator));
      await knownTarget(() => editor.effective(target));
      return context.json(edited(await meant(() => editor.rollback({ ...request, version }))), 200);
    },
  );
}

type EditBody = z.output<typeof edit> & { readonly ttl_ms?: number | undefined };

function requestOf(target: string, body: EditBody, operator: string): EditRequest {
  const { approver, expected_version: expectedVersion, dry_run: dryRun, ttl_ms: ttlMs } = body;
  return {
    ...{ target, operator, reason: body.reason },
    ...(approver !== undefined && { approver }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(dryRun !== undefined && { dryRun }),
    ...(ttlMs !== undefined && { ttlMs }),
  };
}

/** @throws Problem for a target that there is not */
async function knownTarget<T>(work: () => Promise<T>): Promise<T> {
  return await orProblem(work, "not_found", "path.target");
}

/** @throws Problem for an edit that no operator can mean */
async function meant<T>(work: () => Promise<T>): Promise<T> {
  return await orProblem(work, "invalid", "body");
}

async function orProblem<T>(
  work: () => Promise<T>,
  code: "not_found" | "invalid",
  field: string,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw new Problem(code, error.message, { field });
    throw error;
  }
}

/** @throws Problem if nothing was changed */
function edited(outcome: EditOutcome, preview: object | null = null) {
  switch (outcome.kind) {
    case "written":
    case "valid":
      return answer(editAnswer, { ...outcome, preview });
    case "refused": {
      const details = outcome.findings.slice(0, 50).map(({ key, message, allowed, advice }) => ({
        field: `body.changes.${key}`,
        message: [message, allowed && `allowed ${allowed}`, advice].filter(Boolean).join("; "),
      }));
      const [first] = details;
      throw new Problem("invalid", `nothing was changed: ${first?.message ?? "it is refused"}`, {
        field: first?.field ?? "body.changes",
        details,
      });
    }
    case "conflict": {
      const { expectedVersion, currentVersion, updatedBy, reason } = outcome;
      const by = updatedBy === null ? "somebody" : updatedBy;
      throw new Problem(
        "conflict",
        `${by} has written version ${currentVersion} since version ${expectedVersion}: ` +
          "look at it, then change what is still to be changed",
        { field: "body.expected_version", version: currentVersion, updated_by: updatedBy, reason },
      );
    }
  }
}
