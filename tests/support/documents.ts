/** The documents of the project, read for what they promise. */

import { projectText } from "./source_files.ts";

const ROOT = new URL("../../", import.meta.url);

/** Every document, by its path from the root of the project. */
export function documents(): readonly string[] {
  const top = [...Deno.readDirSync(ROOT)].map(({ name }) => name).filter(isDocument);
  return [...top, "sim/README.md", ...below("docs")].sort();
}

function below(directory: string): readonly string[] {
  return [...Deno.readDirSync(new URL(directory, ROOT))].flatMap(({ name, isDirectory }) =>
    isDirectory ? below(`${directory}/${name}`) : isDocument(name) ? [`${directory}/${name}`] : []
  );
}

function isDocument(name: string): boolean {
  return name.endsWith(".md");
}

/** A link to something in the project. */
export interface Link {
  /** Path from the root of the project; the document itself for a mere anchor. */
  readonly path: string;
  /** Without the `#`, null if there is none. */
  readonly anchor: string | null;
}

/** The links of a document that do not leave the project. */
export function linksIn(document: string): readonly Link[] {
  const text = withoutCode(projectText(document));
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target)).map((target) => {
    const { pathname, hash } = new URL(target, `file:///${document}`);
    return { path: pathname.slice(1), anchor: hash === "" ? null : hash.slice(1) };
  });
}

/** The anchors that the headings of a document have on the usual forges. */
export function anchorsIn(document: string): readonly string[] {
  return headingsIn(document).map((heading) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-")
  );
}

/** The headings of a document, without their marks. */
export function headingsIn(document: string): readonly string[] {
  const text = withoutCode(projectText(document));
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
}

/** The commands in the `sh` blocks of a document, continued lines joined, comments left out. */
export function commandsIn(document: string): readonly string[] {
  const blocks = [...projectText(document).matchAll(/^```sh\n(.*?)^```/gms)];
  return blocks
    .flatMap(([, block = ""]) => block.replace(/\\\n\s*/g, "").split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The names in a `deno task NAME` anywhere in a document. */
export function tasksIn(document: string): readonly string[] {
  const text = projectText(document).replace(/\s+/g, " ");
  return [...text.matchAll(/(?:deno|deno@[\d.]+) task ([a-z]+)/g)].map(([, name = ""]) => name);
}

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, "");
}
