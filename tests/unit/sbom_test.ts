import assert from "node:assert/strict";
import { z } from "zod";
import { sbom } from "../../tools/sbom.ts";
import { projectText } from "../support/source_files.ts";

const lock = projectText("deno.lock");
const document = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.6"),
  metadata: z.object({ component: z.object({ "bom-ref": z.string() }) }),
  components: z.array(z.object({
    "bom-ref": z.string(),
    name: z.string().min(1),
    version: z.string().regex(/^\d+\.\d+\.\d+/),
    purl: z.string().regex(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.+-]*$/),
    hashes: z.tuple([z.object({
      alg: z.literal("SHA-512"),
      content: z.string().regex(/^[0-9a-f]{128}$/),
    })]),
  })),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
}).parse(JSON.parse(sbom(lock)));

Deno.test("sbom: every package of the lock file is in it once, with its hash", () => {
  const { npm } = JSON.parse(lock);
  const refs = document.components.map((component) => component["bom-ref"]);
  assert.deepEqual(refs, Object.keys(npm));
  assert.equal(new Set(refs).size, refs.length);
});

Deno.test("sbom: the root depends on what deno.json imports, and every reference leads somewhere", () => {
  const { imports } = JSON.parse(projectText("deno.json")) as { imports: Record<string, string> };
  const root = document.dependencies.find(({ ref }) =>
    ref === document.metadata.component["bom-ref"]
  );
  const wanted = Object.values(imports)
    .map((specifier) => specifier.replace(/^npm:\/?/, "").replace(/\/$/, ""));
  const direct = root?.dependsOn.map((ref) => ref.replace(/_.*$/, "")) ?? [];
  assert.deepEqual(direct.sort(), [...new Set(wanted)].sort());
  const refs = new Set(document.components.map((component) => component["bom-ref"]));
  for (const { dependsOn } of document.dependencies) {
    assert.deepEqual(dependsOn.filter((ref) => !refs.has(ref)), []);
  }
});

Deno.test("sbom: the same lock gives the same text, and something else is no lock", () => {
  assert.equal(sbom(lock), sbom(lock));
  assert.throws(() => sbom("{}"), /npm/);
});
