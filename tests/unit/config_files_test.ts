/** The configuration files that come with the bot, and what is said about files with mistakes. */

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { configJsonSchema } from "../../src/config/json_schema.ts";
import { PRESETS } from "../../src/config/presets.ts";
import { checked } from "../../tools/config_reference.ts";
import { brokenConfigs, outdated } from "../../tools/generate.ts";
import { loaded } from "../support/deploy_files.ts";
import { projectText } from "../support/source_files.ts";

const fits = new Ajv2020({ allowUnionTypes: true }).compile(configJsonSchema());

/** Files for people to copy from, each a whole configuration. */
const EXAMPLES = [
  "config/production.example.yaml",
  ...[...Deno.readDirSync("config/examples")].map(({ name }) => `config/examples/${name}`),
  "deploy/compose/bot.yaml",
  "deploy/kubernetes/production.yaml",
];

const LAYERS = [
  "config/default.yaml",
  ...["dev", "staging", "prod"].map((name) => `config/environments/${name}.yaml`),
];

Deno.test("generated files are what the code says (deno task docs writes them)", async () => {
  assert.deepEqual(await outdated(), []);
});

for (const path of [...EXAMPLES, ...LAYERS]) {
  Deno.test(`schema: ${path} fits it, and tells an editor where it is`, () => {
    const text = projectText(path);
    assert.ok(fits(parse(text)), JSON.stringify(fits.errors));
    const named = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text)?.[1] ?? "none";
    assert.equal(new URL(named, `file:///${path}`).pathname, "/config/schema.json");
    assert.ok(text.startsWith("# yaml-language-server:"), "an editor looks at the first line");
  });
}

for (const path of EXAMPLES) {
  Deno.test(`configuration: ${path} is valid without a warning`, () => {
    const environment = { AMM_PASSWORD: "x", AMM_INSTANCE_ID: "a", AMM_REDIS_URL: "redis://r/0" };
    const { warnings, config } = loaded(path, environment);
    assert.deepEqual(warnings.filter(({ code }) => code !== "UNUSED"), []);
    assert.equal(config.mode, "live");
  });
}

Deno.test("schema: the values of every preset fit it", () => {
  for (const { name, values } of PRESETS) {
    const unset = Object.entries(values).map(([key, value]) => [key, value ?? "unset"]);
    assert.ok(fits({ markets: { default: Object.fromEntries(unset) } }), name);
  }
});

/** What each broken file is an example of: the codes, in order, and whether an editor sees it. */
const BROKEN: Readonly<Record<string, readonly [codes: string, exit: number, inEditor: boolean]>> =
  {
    "01-misspelt-name.yaml": ["UNKNOWN_KEY", 1, true],
    "02-out-of-range.yaml": ["RANGE RANGE", 1, true],
    "03-wrong-type.yaml": ["TYPE TYPE", 1, true],
    "04-not-yaml.yaml": ["YAML YAML YAML", 2, true],
    "05-live-with-nothing.yaml": ["MISSING MISSING MISSING MISSING", 1, false],
    "06-secret-in-file.yaml": ["SECRET SECRET", 1, true],
    "07-superseded-name.yaml": ["SUPERSEDED DEPRECATED", 1, true],
    "08-contradiction.yaml": ["CROSS_FIELD", 1, false],
    "09-wrong-place.yaml": ["SCOPE SCOPE", 1, true],
    "10-twice.yaml": ["DUPLICATE", 1, true],
    "11-not-a-mode.yaml": ["RANGE", 1, true],
    "12-no-such-unset.yaml": ["TYPE TYPE", 1, true],
  };

Deno.test("broken configurations: every one has its expectation", () => {
  assert.deepEqual(brokenConfigs().map(({ name }) => name), Object.keys(BROKEN));
});

for (const example of brokenConfigs()) {
  const [codes = "", exit = 0, inEditor = false] = BROKEN[example.name] ?? [];
  Deno.test(`broken configurations: ${example.name} is refused with what is wrong, where, and what to do`, async () => {
    const { output, exitCode } = await checked(example);
    const said = [...output.matchAll(/\[(?:warning )?(?:X\d+ )?([A-Z_]+)\]$/gm)].map(([, c]) => c);
    assert.deepEqual([said.join(" "), exitCode], [codes, exit], output);
    assert.match(output, /^[\w.-]+ is not valid: \d errors?, \d warnings?\n$/m);
    assert.doesNotMatch(output, /hunter2|letmein/);
    assert.ok(projectText("docs/configuration.md").includes(output), "the page shows this text");
    assert.equal(!seemsFine(example.text), inEditor);
  });
}

/** True if an editor that knows the schema would mark nothing. */
function seemsFine(text: string): boolean {
  try {
    return fits(parse(text));
  } catch {
    return false;
  }
}
