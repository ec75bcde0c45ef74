/** Reads YAML into a plain tree that knows where everything stands. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from "yaml";
import type { Finding } from "./finding.ts";
import type { Origin } from "./origin.ts";

/** One value of a YAML file. */
export type YamlNode =
  | YamlMap
  | (Common & { readonly kind: "list"; readonly items: readonly YamlNode[] })
  | (Common & { readonly kind: "scalar"; readonly value: unknown });

interface Common {
  readonly origin: Origin;
  /** How many values it holds, those behind an alias counted at every use. */
  readonly size: number;
}

/** A YAML mapping in the order of the file. */
export interface YamlMap extends Common {
  readonly kind: "map";
  readonly entries: readonly YamlEntry[];
}

/** One `key: value`; the origin is that of the key. */
export interface YamlEntry {
  readonly key: string;
  readonly node: YamlNode;
  readonly origin: Origin;
}

/** A file that was read; no root if it is empty or cannot be used at all. */
export interface YamlFile {
  readonly root: YamlNode | null;
  readonly findings: readonly Finding[];
}

/** More values than 2,000 markets with all settings have; aliases can multiply beyond any size. */
const MAX_SIZE = 1_000_000;

/** A file that is no YAML at all has as many errors as lines; a person reads the first. */
const MAX_ERRORS = 20;

const KNOWN_TAGS: ReadonlySet<unknown> = new Set([
  undefined,
  ...["str", "int", "float", "bool", "null", "map", "seq"].map((name) =>
    `tag:yaml.org,2002:${name}`
  ),
]);

/**
 * Reads a YAML file. Whatever the text holds, the answer is a tree, findings or both, never an
 * exception.
 * @param file name for messages
 */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const reader = new TreeReader(file, lines);
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    for (const error of document.errors.slice(0, MAX_ERRORS)) {
      if (error.code === "DUPLICATE_KEY") reader.refuseDuplicate(error.pos[0], text);
      else reader.refuse(error.pos[0], error.message);
    }
    const readable = document.errors.every(({ code }) => code === "DUPLICATE_KEY");
    const root = readable && document.contents !== null ? reader.read(document.contents) : null;
    return { root, findings: reader.findings };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reader.refuse(0, "the values are nested too deeply");
    return { root: null, findings: reader.findings };
  }
}

/** The tree as plain values: objects, arrays, strings, numbers, booleans and null. */
export function plainValue(node: YamlNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plainValue);
    case "map":
      return Object.fromEntries(node.entries.map(({ key, node }) => [key, plainValue(node)]));
  }
}

/**
 * Where the value at a path stands; its nearest existing ancestor if the path leads nowhere.
 * @param path keys and list indices from `node` down
 * @param here where `node` itself counts as standing: at its key, if it has one
 */
export function originAt(
  node: YamlNode,
  path: readonly PropertyKey[],
  here: Origin = node.origin,
): Origin {
  const [step, ...rest] = path;
  if (step === undefined) return here;
  if (node.kind === "list") {
    const item = node.items[Number(step)];
    return item === undefined ? here : originAt(item, rest);
  }
  const entries = node.kind === "map" ? node.entries : [];
  const entry = entries.find(({ key }) => key === String(step));
  return entry === undefined ? here : originAt(entry.node, rest, entry.origin);
}

/** Converts the nodes of one document and collects what is wrong with them. */
class TreeReader {
  readonly findings: Finding[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;
  /**
   * Anchored values. An alias shares the value behind it, so a chain of aliases costs no memory.
   */
  readonly #anchors = new Map<string, YamlNode>();

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  refuse(offset: number, message: string): void {
    const origin = this.#originOf(offset);
    this.findings.push({ severity: "error", code: "YAML", key: "YAML", message, origin });
  }

  refuseDuplicate(offset: number, text: string): void {
    const key = /^[^\s:]*/.exec(text.slice(offset, offset + 80))?.[0] ?? "";
    this.findings.push({
      severity: "error",
      code: "DUPLICATE",
      key,
      message: "is already set in this block",
      origin: this.#originOf(offset),
    });
  }

  /** @param node a node of the yaml package, or null for an absent value */
  read(node: unknown, fallbackOffset = 0): YamlNode {
    const offset = offsetOf(node) ?? fallbackOffset;
    const origin = this.#originOf(offset);
    const nothing: YamlNode = { kind: "scalar", value: null, origin, size: 1 };
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) {
        this.refuse(offset, `nothing before this is anchored as &${node.source}`);
      }
      return target ?? nothing;
    }
    const tag = typeof node === "object" && node !== null && "tag" in node ? node.tag : undefined;
    let result = this.#withChildren(node, origin) ?? nothing;
    if (!KNOWN_TAGS.has(tag)) {
      this.refuse(offset, `the tag ${tag} is not supported`);
      result = nothing;
    } else if (result.size > MAX_SIZE) {
      this.refuse(offset, `aliases make this more than ${MAX_SIZE} values`);
      result = nothing;
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, result);
    }
    return result;
  }

  #withChildren(node: unknown, origin: Origin): YamlNode | null {
    if (isScalar(node)) return { kind: "scalar", value: node.value, origin, size: 1 };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item));
      return { kind: "list", items, origin, size: sizeOf(items) };
    }
    if (!isMap(node)) return null;
    const entries = withoutRepeats(node.items.flatMap((pair) => this.#entry(pair)));
    return { kind: "map", entries, origin, size: sizeOf(entries.map(({ node }) => node)) };
  }

  #entry(pair: Pair): YamlEntry[] {
    const offset = offsetOf(pair.key) ?? 0;
    const origin = this.#originOf(offset);
    if (!isScalar(pair.key)) {
      this.refuse(offset, "a key must be plain text");
      return [];
    }
    return [{ key: String(pair.key.value), node: this.read(pair.value, offset), origin }];
  }

  #originOf(offset: number): Origin {
    const { line, col } = this.#lines.linePos(offset);
    return { layer: "file", file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** Where in the text a node begins, null for an absent one. */
function offsetOf(node: unknown): number | null {
  const known = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
  return known ? node.range?.[0] ?? null : null;
}

/** Keeps the first of the entries with the same key; the parser has reported the others. */
function withoutRepeats(entries: readonly YamlEntry[]): YamlEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function sizeOf(nodes: readonly YamlNode[]): number {
  return nodes.reduce((total, { size }) => total + size, 1);
}
