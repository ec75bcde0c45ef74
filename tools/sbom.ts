/** `deno task sbom`: what the program is made of, as a CycloneDX document. */

import { Command } from "commander";
import { z } from "zod";
import manifest from "../deno.json" with { type: "json" };
import { fail, say } from "./process.ts";

const lockFile = z.object({
  specifiers: z.record(z.string(), z.string()),
  npm: z.record(
    z.string(),
    z.object({
      integrity: z.string().startsWith("sha512-"),
      dependencies: z.array(z.string()).default([]),
      optionalDependencies: z.array(z.string()).default([]),
    }),
  ),
});

/** A package as the document lists it. */
interface Component {
  readonly type: "library";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly [{ readonly alg: "SHA-512"; readonly content: string }];
}

/**
 * A CycloneDX 1.6 document of the packages in a lock file; the same lock gives the same text. The
 * lock has no licences, so there are none in it.
 * @param lock text of `deno.lock`
 * @throws ZodError if it is no lock file as Deno 2 writes it
 */
export function sbom(lock: string): string {
  const { npm, specifiers } = lockFile.parse(JSON.parse(lock));
  const keys = Object.keys(npm);
  const root = `pkg:generic/${manifest.name}@${manifest.version}`;
  const direct = Object.entries(specifiers).map(([specifier, version]) =>
    `${nameOf(specifier.replace(/^npm:/, ""))}@${version}`
  );
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": root,
        name: manifest.name,
        version: manifest.version,
      },
    },
    components: Object.entries(npm).map(([key, { integrity }]) => component(key, integrity)),
    dependencies: [
      { ref: root, dependsOn: direct.map((key) => refOf(key, keys)).sort() },
      ...Object.entries(npm).map(([key, { dependencies, optionalDependencies }]) => ({
        ref: key,
        dependsOn: [...dependencies, ...optionalDependencies]
          .flatMap((wanted) => optionalRefOf(wanted, keys) ?? []).sort(),
      })),
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function component(key: string, integrity: string): Component {
  const name = nameOf(key);
  const version = key.slice(name.length + 1).replace(/_.*$/, "");
  const bytes = Uint8Array.fromBase64(integrity.replace("sha512-", ""));
  return {
    type: "library",
    "bom-ref": key,
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    hashes: [{ alg: "SHA-512", content: bytes.toHex() }],
  };
}

/** `@a/b@1.0.0_c@2.0.0` → `@a/b`. */
function nameOf(key: string): string {
  const at = key.indexOf("@", 1);
  return at < 0 ? key : key.slice(0, at);
}

/** The key that a lock file means by a name, which has a version only where there are several. */
function optionalRefOf(wanted: string, keys: readonly string[]): string | undefined {
  return keys.find((key) => key === wanted) ??
    keys.find((key) => key.startsWith(`${wanted}@`) || key.startsWith(`${wanted}_`));
}

function refOf(wanted: string, keys: readonly string[]): string {
  const found = optionalRefOf(wanted, keys);
  if (found === undefined) throw new Error(`Cannot find ${wanted} in the lock file`);
  return found;
}

async function main(): Promise<void> {
  const { output } = new Command("sbom")
    .description("Writes a CycloneDX list of all packages in deno.lock, with their hashes.")
    .option("--output <file>", "where it goes", "dist/sbom.cdx.json")
    .parse(Deno.args, { from: "user" }).opts<{ output: string }>();
  await Deno.mkdir(output.replace(/\/?[^/]*$/, "") || ".", { recursive: true });
  await Deno.writeTextFile(output, sbom(await Deno.readTextFile("deno.lock")));
  say(`wrote ${output}`);
}

if (import.meta.main) await main().catch((error) => fail("sbom", error));
