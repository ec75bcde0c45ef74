import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { defaultSeed } from "../../sim/http/default_seed.ts";
import { TESTED_DENO_VERSION, VERSION } from "../../src/cli/version.ts";
import { ENVIRONMENT_VARIABLES } from "../../src/config/environment.ts";
import { ANY_CONFIGURATION, permissionFlags } from "../../tools/permissions.ts";
import { V8_OPTION } from "../../src/cli/engine_option.ts";
import {
  compose,
  dockerfile,
  execForm,
  lastOf,
  loaded,
  manifests,
  stopSeconds,
} from "../support/deploy_files.ts";
import { projectText } from "../support/source_files.ts";
import { operatedBot } from "../support/site.ts";

const PORT = 8001;
const COMPOSE_CONFIG = loaded("deploy/compose/bot.yaml", { AMM_PASSWORD: "x" });
const KUBERNETES_CONFIG = loaded("deploy/kubernetes/production.yaml", {
  AMM_PASSWORD: "x",
  AMM_REDIS_URL: "redis://redis/0",
  AMM_INSTANCE_ID: "amm-0",
});

/** What is wrong with the name of an image: a version that means the same tomorrow is wanted. */
function unpinned(image: string): boolean {
  return !/^[\w./-]+:[\w-]*\d+\.\d+(\.\d+)?[\w.-]*$/.test(image);
}

Deno.test("image: every base is pinned, and Deno is the version that is tested", () => {
  const bases = dockerfile().filter(({ name }) => name === "FROM").map(({ text }) => text);
  assert.deepEqual(bases.map((base) => base.split(" ")[0] ?? "").filter(unpinned), []);
  assert.ok(bases.includes(`denoland/deno:bin-${TESTED_DENO_VERSION} AS deno`));
  for (const loose of ["debian", "debian:latest", "debian:12", "x/y:stable"]) {
    assert.ok(unpinned(loose), loose);
  }
});

Deno.test("image: the bot is the first process, is no superuser, and has its permissions and no more", () => {
  const alone = ["--no-prompt", "--no-config", "--no-npm", "--no-remote"];
  const [, ...granted] = permissionFlags({
    ...ANY_CONFIGURATION,
    paths: [...ANY_CONFIGURATION.paths, "/app"],
  });
  assert.deepEqual(execForm("ENTRYPOINT"), [
    ...["/usr/local/bin/deno", "run", V8_OPTION, ...alone, ...granted, "/app/main.js"],
  ]);
  assert.deepEqual(execForm("CMD"), ["start"]);
  assert.match(lastOf("USER"), /^[1-9]\d+:[1-9]\d+$/);
  assert.deepEqual(execForm("HEALTHCHECK").slice(-2), ["/app/main.js", "health"]);
});

Deno.test("deploy: the task starts the bot with the engine's options of the image and the binary", () => {
  const { tasks } = JSON.parse(projectText("deno.json"));
  assert.ok(tasks.start.command.startsWith(`deno run ${V8_OPTION} --no-prompt `));
  assert.match(projectText("tools/compile.ts"), /const flags = \[V8_OPTION, /);
});

Deno.test("deploy: the status port is the same everywhere", () => {
  assert.equal(lastOf("EXPOSE"), String(PORT));
  assert.match(lastOf("ENV"), new RegExp(`AMM_HEALTH_PORT=${PORT}\\b`));
  for (const { config } of [COMPOSE_CONFIG, KUBERNETES_CONFIG]) {
    assert.equal(config.global.healthPort, PORT);
  }
  assert.deepEqual(compose().services.bot?.ports, [`127.0.0.1:${PORT}:${PORT}`]);
  const { spec } = statefulSet();
  const [bot] = spec.template.spec.containers;
  assert.deepEqual(bot?.ports, [{ name: "status", containerPort: PORT }]);
  assert.equal(spec.template.metadata.annotations["prometheus.io/port"], String(PORT));
  assert.match(JSON.stringify(manifests().get("Service")), /"port":8001,"targetPort":"status"/);
  assert.match(JSON.stringify(manifests().get("NetworkPolicy")), /"port":8001/);
  assert.match(projectText("ops/prometheus/prometheus.yaml"), /targets: \["bot:8001"\]/);
});

Deno.test("deploy: every variable that is set is one that the bot reads", () => {
  const files = ["Dockerfile", "compose.yaml", "deploy/systemd/amm.service"]
    .concat(
      ["kustomization", "statefulset", "production"].map((name) =>
        `deploy/kubernetes/${name}.yaml`
      ),
    );
  for (const file of files) {
    const named = projectText(file).match(/\bAMM_[A-Z_]+\b/g) ?? [];
    assert.deepEqual([file, named.filter((name) => !ENVIRONMENT_VARIABLES.includes(name))], [
      file,
      [],
    ]);
  }
});

Deno.test("deploy: whoever stops the bot waits as long as its stop may take", () => {
  const grace = Number(/stop_grace_period: (\d+)s/.exec(projectText("compose.yaml"))?.[1]);
  assert.ok(grace > stopSeconds(COMPOSE_CONFIG), `compose: ${grace}`);
  const pod = statefulSet().spec.template.spec;
  assert.ok(pod.terminationGracePeriodSeconds > stopSeconds(KUBERNETES_CONFIG));
  const unit = projectText("deploy/systemd/amm.service");
  assert.ok(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1]) > stopSeconds(KUBERNETES_CONFIG));
  assert.match(unit, /^KillSignal=SIGTERM$/m);
});

Deno.test("compose: images are pinned, mounted files exist, and nothing listens beyond this machine", async () => {
  for (const [name, service] of Object.entries(compose().services)) {
    assert.ok(!unpinned(service.image), service.image);
    for (const port of service.ports) assert.match(port, /^127\.0\.0\.1:/, name);
    for (const volume of service.volumes.filter((text) => text.startsWith("."))) {
      const [source = "", , mode] = volume.split(":");
      assert.ok((await Deno.stat(source)).isFile || (await Deno.stat(source)).isDirectory, source);
      assert.equal(mode, "ro", volume);
    }
  }
});

Deno.test("compose: bot and exchange are our image of this version, read-only and without rights", () => {
  const { bot, exchange } = compose().services;
  for (const service of [bot, exchange]) {
    assert.equal(service?.image, `amm:${VERSION}`);
    assert.deepEqual([service?.read_only, service?.cap_drop], [true, ["ALL"]]);
    assert.ok(service?.build !== undefined);
  }
  assert.ok(compose().services.redis?.command.join(" ").includes("--appendonly yes"));
  assert.deepEqual(exchange?.healthcheck?.test.slice(-2), [
    "--url",
    `http://127.0.0.1:${exchange?.command[exchange.command.indexOf("--port") + 1]}/health`,
  ]);
});

Deno.test("compose: the bot quotes markets that the exchange has, and finds its neighbours by name", () => {
  const { config } = COMPOSE_CONFIG;
  const { users, markets } = defaultSeed(Date.UTC(2026, 5));
  assert.deepEqual(
    config.global.marketIds.filter((id) => !markets.some((market) => market.id === id)),
    [],
  );
  assert.ok(users.some(({ username }) => username === config.global.ammUsername));
  const services = Object.keys(compose().services);
  for (const url of [config.global.baseUrl, config.global.redisUrl]) {
    assert.ok(services.includes(new URL(url).hostname), url);
  }
  assert.match(projectText("compose.yaml"), /AMM_PASSWORD:-Passw0rd1/);
});

Deno.test("kubernetes: two replicas share the markets under the names of their pods", () => {
  const { spec, metadata } = statefulSet();
  const [bot] = spec.template.spec.containers;
  assert.ok(spec.replicas >= 2);
  assert.equal(KUBERNETES_CONFIG.config.global.marketAssignment, "leased");
  assert.equal(KUBERNETES_CONFIG.config.global.stateStore, "redis");
  const instance = bot?.env.find(({ name }) => name === "AMM_INSTANCE_ID");
  assert.deepEqual(instance?.valueFrom, { fieldRef: { fieldPath: "metadata.name" } });
  const labels = spec.template.metadata.labels;
  assert.deepEqual(spec.selector.matchLabels, labels);
  for (const kind of ["PodDisruptionBudget", "NetworkPolicy", "Service"]) {
    assert.ok(JSON.stringify(manifests().get(kind)).includes(JSON.stringify(labels)), kind);
  }
  assert.match(JSON.stringify(manifests().get("PodDisruptionBudget")), /"minAvailable":1\b/);
  assert.equal(metadata.name, spec.serviceName);
});

Deno.test("kubernetes: secrets are references, and the pod may do nothing but run", () => {
  const { template: { spec } } = statefulSet().spec;
  const [bot] = spec.containers;
  const written = (bot?.env ?? []).filter((entry) => entry.value !== undefined);
  assert.deepEqual(written, []);
  assert.equal(bot?.image, `amm:${VERSION}`);
  assert.equal(spec.automountServiceAccountToken, false);
  assert.equal(spec.securityContext.runAsNonRoot, true);
  assert.deepEqual(bot?.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
});

Deno.test("kubernetes: every probe asks for a page that there is", async () => {
  const [bot] = statefulSet().spec.template.spec.containers;
  const operated = operatedBot();
  await operated.venue.start(10);
  for (const probe of [bot?.startupProbe, bot?.livenessProbe, bot?.readinessProbe]) {
    const { status } = await operated.request("GET", probe?.httpGet.path ?? "", { headers: {} });
    assert.equal(status, 200, probe?.httpGet.path);
    assert.equal(probe?.httpGet.port, "status");
  }
  await operated.venue.stop();
});

Deno.test("deploy: what Grafana and Prometheus are given is where they look for it", () => {
  const targets = Object.values(compose().services).flatMap(({ volumes }) =>
    volumes.map((volume) => volume.split(":")[1] ?? "")
  );
  const { providers } = z.looseObject({
    providers: z.array(z.looseObject({ options: z.looseObject({ path: z.string() }) })),
  }).parse(parse(projectText("ops/grafana/provisioning/dashboards/amm.yaml")));
  for (const { options: { path } } of providers) {
    assert.ok(targets.some((target) => target.startsWith(`${path}/`)), path);
  }
  assert.match(projectText("ops/prometheus/prometheus.yaml"), /rule_files: \[alerts\.yaml\]/);
  assert.ok(targets.includes("/etc/prometheus/alerts.yaml"));
});

const probe = z.looseObject({ httpGet: z.strictObject({ path: z.string(), port: z.string() }) });
const strings = z.record(z.string(), z.string());
const container = z.looseObject({
  image: z.string(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
  ports: z.array(z.unknown()),
  securityContext: z.unknown(),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
});

function statefulSet() {
  return z.looseObject({
    metadata: z.looseObject({ name: z.string() }),
    spec: z.looseObject({
      replicas: z.number(),
      serviceName: z.string(),
      selector: z.looseObject({ matchLabels: strings }),
      template: z.looseObject({
        metadata: z.looseObject({ labels: strings, annotations: strings }),
        spec: z.looseObject({
          automountServiceAccountToken: z.boolean(),
          terminationGracePeriodSeconds: z.number(),
          securityContext: z.looseObject({ runAsNonRoot: z.boolean() }),
          containers: z.array(container),
        }),
      }),
    }),
  }).parse(manifests().get("StatefulSet"));
}
