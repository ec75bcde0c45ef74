import { html, raw } from "@hono/hono/html";
import type { JsonSchema, OpenApiDocument, Operation } from "./openapi.ts";

type Html = ReturnType<typeof html>;

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .2rem; font-size: 1.05rem; }
h2 b { display: inline-block; min-width: 3.5rem; color: #0a6b52; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: #f3f4f4; padding: .7rem 1rem; overflow-x: auto; border-radius: .3rem; }
table { border-collapse: collapse; margin: .5rem 0; }
td, th { text-align: left; vertical-align: top; padding: .2rem .9rem .2rem 0; }
summary { cursor: pointer; }
nav a { display: inline-block; margin-right: 1rem; }
@media (prefers-color-scheme: dark) {
  body { background: #16191a; color: #e3e6e6; } pre { background: #222728; } a { color: #7fc8ff; }
  h2 b { color: #5fd3ae; }
}`;

/**
 * An OpenAPI document as a page to read; it needs nothing from elsewhere.
 * @param jsonPath where the document itself is
 */
export function docsPage(document: OpenApiDocument, jsonPath: string): Html {
  const { info, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    }))
  );
  return html`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${info.title}</title>
<style>${raw(STYLE)}</style>
<h1>${info.title}</h1>
<p>${info.description}</p>
<p>For machines: <a href="${jsonPath}">openapi.json</a></p>
<nav>${
    operations.map(({ name }) =>
      html`
        <a href="#${idOf(name)}">${name}</a>
      `
    )
  }</nav>
${operations.map(({ name, operation }) => section(name, operation))}
<h2>Shapes of errors</h2>
${Object.entries(components.schemas).map(([name, schema]) => schemaBlock(name, schema))}
</html>`;
}

function section(name: string, operation: Operation): Html {
  const [method, path] = name.split(" ");
  const { summary, description, parameters, requestBody, responses } = operation;
  const body = requestBody?.content["application/json"].schema;
  return html`
    <h2 id="${idOf(name)}"><b>${method}</b> <code>${path}</code></h2>
    <p>${summary} ${description}</p>
    ${parameters.length === 0 ? "" : parameterTable(parameters)}
    ${body === undefined ? "" : schemaBlock("Body", body)}
    ${Object.entries(responses).map(([status, { description: what, content }]) =>
      schemaBlock(`${status} ${what}`, content?.["application/json"].schema ?? {})
    )}
  `;
}

function parameterTable(parameters: Operation["parameters"]): Html {
  const rows = parameters.map(({ name, in: where, schema }) =>
    html`
      <tr>
        <td><code>${name}</code><td>${where}<td><code>${JSON.stringify(schema)}</code></tr>
    `
  );
  return html`
    <table>
      <tr>
        <th>parameter<th>in<th>schema</tr>${rows}</table>
  `;
}

function schemaBlock(title: string, schema: JsonSchema): Html {
  return html`
    <details>
      <summary>${title}</summary>
      <pre>${JSON.stringify(schema, null, 2)}</pre>
    </details>
  `;
}

function idOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
