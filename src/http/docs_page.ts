import { html, raw } from "@hono/hono/html";
import { z } from "zod";

const schema = z.record(z.string(), z.unknown());
const bodySchema = z.looseObject({
  content: z.record(z.string(), z.looseObject({ schema: schema.optional() })).optional(),
});
const operation = z.looseObject({
  summary: z.string().default(""),
  security: z.array(z.unknown()).default([]),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  requestBody: bodySchema.optional(),
  responses: z.record(z.string(), bodySchema.extend({ description: z.string().default("") })),
});
const openApi = z.looseObject({
  info: z.looseObject({ title: z.string(), description: z.string().default("") }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
});

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2rem 0 .2rem; font-size: 1.05rem; } h2 b { display: inline-block; min-width: 4.5rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: #f3f4f4; padding: .7rem 1rem; overflow-x: auto; border-radius: .3rem; }
@media (prefers-color-scheme: dark) { body { background: #16191a; color: #e3e6e6; }
pre { background: #222728; } a { color: #7fc8ff; } }`;

/** The OpenAPI document of the pages, to read; it needs nothing from elsewhere. */
export function docsPage(document: unknown) {
  const { info, paths } = openApi.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => section(method.toUpperCase(), path, told))
  );
  return html`<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title}</title><style>${raw(STYLE)}</style>
<h1>${info.title}</h1><p>${info.description}</p>
<p>For machines: <a href="/openapi.json">openapi.json</a></p>
${operations}</html>`;
}

function section(method: string, path: string, told: z.output<typeof operation>) {
  const { summary, security, parameters, requestBody, responses } = told;
  const query = parameters.filter((parameter) => parameter.in === "query");
  return html`<h2><b>${method}</b> <code>${path}</code></h2>
<p>${summary}.${security.length > 0 ? " Needs the token." : ""}</p>
${
    query.length === 0
      ? ""
      : html`<p>Query: <code>${query.map(({ name }) => name).join(", ")}</code></p>`
  }
${schemaBlock("Body", requestBody)}
${schemaBlock("Answer", responses["200"])}
<p>${
    Object.entries(responses).filter(([status]) => status !== "200")
      .map(([status, { description }]) => `${status}: ${description}`).join(" · ")
  }</p>`;
}

function schemaBlock(title: string, body: z.output<typeof bodySchema> | undefined) {
  const found = body?.content?.["application/json"]?.schema;
  if (found === undefined) return "";
  return html`
    <details>
      <summary>${title}</summary>
      <pre>${JSON.stringify(found, null, 2)}</pre>
    </details>
  `;
}
