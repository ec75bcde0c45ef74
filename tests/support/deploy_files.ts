/** The files that the bot is deployed with, read as their tools read them. */

import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { loadConfig, type LoadedConfig } from "../../src/config/load_config.ts";
import { PACKAGED_SOURCES } from "../../src/config/packaged.ts";
import { projectText } from "./source_files.ts";

/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Instructions of the Dockerfile, with continued lines put together and comments left out. */
export function dockerfile(): readonly Instruction[] {
  const lines = projectText("Dockerfile").replace(/^#.*\n/gm, "").replace(/\\\n/g, " ").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => {
    const [, name = "", text = ""] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    return { name, text };
  });
}

/** The text of the last instruction of a name. */
export function lastOf(name: string): string {
  const found = dockerfile().findLast((instruction) => instruction.name === name);
  if (found === undefined) throw new Error(`The Dockerfile has no ${name}`);
  return found.text;
}

/** The arguments of an instruction in exec form. */
export function execForm(name: string): readonly string[] {
  const json = /\[.*\]$/s.exec(lastOf(name))?.[0] ?? "";
  return z.array(z.string()).parse(JSON.parse(json));
}

const service = z.looseObject({
  image: z.string(),
  build: z.unknown().optional(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  restart: z.string(),
});

/** `compose.yaml`. */
export function compose() {
  const schema = z.looseObject({ services: z.record(z.string(), service) });
  return schema.parse(parse(projectText("compose.yaml"), { merge: true }));
}

/** All objects of the Kubernetes manifests by kind. */
export function manifests(): ReadonlyMap<string, Record<string, unknown>> {
  const kustomization = z.looseObject({ resources: z.array(z.string()) });
  const { resources } = kustomization.parse(
    parse(projectText("deploy/kubernetes/kustomization.yaml")),
  );
  const objects = resources
    .flatMap((file) => parseAllDocuments(projectText(`deploy/kubernetes/${file}`)))
    .map((document) => z.looseObject({ kind: z.string() }).parse(document.toJS()));
  return new Map(objects.map((object) => [object.kind, object]));
}

/**
 * A configuration, with environment variables.
 * @throws Error with its mistakes
 */
export function loaded(file: string, environment: Record<string, string>): LoadedConfig {
  const sources = { ...PACKAGED_SOURCES, file: { name: file, text: projectText(file) } };
  const result = loadConfig({ sources, environment });
  if (result.ok) return result;
  throw new Error(`${file}: ${JSON.stringify(result.findings)}`);
}

/** How long a stop may take, seconds: as `start` waits for it. */
export function stopSeconds({ config: { global } }: LoadedConfig): number {
  return (2 * global.cycleAbortMs + global.shutdownTimeoutMs + 5000) / 1000;
}
