import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import { escapeHtml, scriptJson } from "./html.ts";
import style from "./style.css" with { type: "text" };

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  /** HTML, escaped already. */
  readonly body: string;
  /** What the script reads from the element `data`. */
  readonly data: unknown;
  /** Draws the charts; uPlot is there. */
  readonly script: string;
}

/** Allows what stands in the page itself and nothing else. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** One page that needs nothing from outside. */
export function htmlPage({ title, body, data, script }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
<style>${uplotStyle}\n${style}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${uplotScript}</script>
<script>${script}</script>
</body>
</html>
`;
}
