import assert from "node:assert/strict";
import { toWire } from "../../src/runtime/wire.ts";
import { LiveBot, PASSWORD, type WireFault, type WireRequest } from "../support/live_bot.ts";
import { siteOf } from "../support/site.ts";

/** A venue that says back all that it was sent, in every way it has to say something. */
const ECHOES: Readonly<Record<string, (request: WireRequest) => WireFault>> = {
  "a business error": (request) =>
    json(422, { code: 4001, message: all(request), data: { said: all(request) } }),
  "a validation error": (request) =>
    json(422, { detail: [{ type: "x", loc: ["body"], msg: all(request), input: all(request) }] }),
  "a 401": (request) => json(401, { detail: all(request) }),
  "a 500 in plain text": (request) => new Response(all(request), { status: 500 }),
  "a redirect": (request) =>
    new Response(all(request), {
      status: 307,
      headers: { location: `http://u:${PASSWORD}@elsewhere.test/?token=${request.authorization}` },
    }),
};

for (const [what, echo] of Object.entries(ECHOES)) {
  for (const from of ["the login on", "the first quotes on"]) {
    Deno.test(`secrets: ${what} that repeats what was sent, from ${from}: nothing shows in log, status or errors`, async () => {
      const bot = new LiveBot();
      const isEarly = from === "the login on";
      if (isEarly) bot.tamper = echo;
      const started = bot.service.start().catch((error) => error);
      await bot.run(10);
      bot.tamper = echo;
      await bot.run(40);
      const { app } = siteOf(bot.service);
      const shown = [
        JSON.stringify(toWire(bot.events)),
        JSON.stringify(bot.events),
        await (await app.request("/status")).text(),
        await (await app.request("/health/ready")).text(),
        await (await app.request("/api/markets")).text(),
        await (await app.request("/metrics")).text(),
      ];
      const tokens = bot.sent.map(({ authorization }) => authorization.replace("Bearer ", ""));
      const secrets = new Set([PASSWORD, ...tokens].filter((secret) => secret !== ""));
      assert.ok(isEarly || secrets.size > 1, "there is a token to be seen");
      for (const secret of secrets) {
        for (const text of shown) assert.ok(!text.includes(secret), `${secret} is in ${text}`);
      }
      bot.tamper = () => undefined;
      await bot.stop();
      await bot.run(120);
      await started;
    });
  }
}

function all({ route, body, authorization }: WireRequest): string {
  return `${route} ${body} ${authorization}`;
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}
