import assert from "node:assert/strict";
import { Redactor } from "../../src/connector/rest/redactor.ts";
import { json, PASSWORD, refusal, type Reply, ScriptedVenue, text } from "../support/rest_venue.ts";
import { PLACE } from "../support/wire_samples.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.WNAAILXKKE-jZUf6GoxU";
const SECRETS = [PASSWORD, "access-1", "refresh-1", "refreshed-1", JWT];

/** Says back everything it was sent, as a validation error or a debug page does. */
const echo: Reply = (request) => {
  const seen = `${JSON.stringify(request.body)} ${request.authorization} ${JWT}`;
  return json(422, {
    detail: [{ type: "x", loc: ["body", seen], msg: seen, input: request.body }],
  });
};
const echoMessage: Reply = (request) =>
  refusal(422, 4001, `${JSON.stringify(request.body)} ${request.authorization} ${JWT}`);
const echo401: Reply = (request) =>
  json(401, { detail: `not you: ${JSON.stringify(request.body)} ${request.authorization}` });
const echoRedirect: Reply = (request) => {
  const location = `http://u:${PASSWORD}@elsewhere.test/?token=${JWT}`;
  return text(307, `${JSON.stringify(request.body)} ${request.authorization}`, { location });
};
const echoText: Reply = (request) => text(500, `${JSON.stringify(request.body)} ${JWT}`);

function assertNoSecret(dump: string): void {
  for (const secret of SECRETS) {
    assert.ok(!dump.includes(secret), `${secret} is visible in ${dump}`);
  }
}

async function everythingShown(venue: ScriptedVenue): Promise<string> {
  const caught: unknown[] = [];
  for (let call = 0; call < 2; call++) {
    await venue.run(venue.connector.balance()).catch((error) => caught.push(error));
    await venue.run(venue.connector.identity()).catch((error) => caught.push(error));
    caught.push(await venue.run(venue.connector.place(PLACE)));
  }
  const shown = [caught, venue.events, venue.observed, venue.limits, venue.admitted];
  return Deno.inspect(shown, { depth: 20, strAbbreviateSize: 100_000, iterableLimit: 1000 });
}

for (
  const [name, reply] of Object.entries({ echo, echoMessage, echo401, echoRedirect, echoText })
) {
  Deno.test(`secrets: a login answered with ${name} shows no secret in errors, outcomes or logs`, async () => {
    assertNoSecret(await everythingShown(new ScriptedVenue().on("POST /auth/login", reply)));
  });

  Deno.test(`secrets: calls answered with ${name} show no secret either`, async () => {
    const venue = new ScriptedVenue()
      .on("GET /account/balance", json(401, { detail: "no" }), reply)
      .on("POST /orders", reply)
      .on("POST /auth/refresh", reply);
    assertNoSecret(await everythingShown(venue));
  });
}

Deno.test("secrets: a dump of the connector shows none", async () => {
  const venue = new ScriptedVenue();
  await venue.run(venue.connector.identity());
  const options = { depth: 20, showHidden: true, getters: true };
  assertNoSecret(Deno.inspect(venue.connector, options));
  assertNoSecret(JSON.stringify(venue.connector));
});

Deno.test("redactor: it hides values in use, tokens by their look and credentials in URLs", () => {
  const redactor = new Redactor("swordfish");
  redactor.hide("opaque");
  assert.equal(
    redactor.text(`swordfish opaque ${JWT} Bearer abc http://u:p@host/ password=x end`),
    "[hidden] [hidden] [hidden] Bearer [hidden] http://[hidden]@host/ password=[hidden] end",
  );
});

Deno.test("redactor: of two secrets that contain each other nothing stays visible", () => {
  const redactor = new Redactor("abc");
  redactor.hide("xabcx");
  redactor.hide("bc");
  assert.equal(redactor.text("xabcx abc"), "[hidden] [hidden]");
});

Deno.test("redactor: a password is hidden as it stands inside JSON and inside a URL, too", () => {
  const password = 'sword"fish/7';
  const echoes = [password, JSON.stringify({ password }), `?p=${encodeURIComponent(password)}`];
  assert.equal(
    new Redactor(password).text(echoes.join(" ")),
    '[hidden] {"password":"[hidden]"} ?p=[hidden]',
  );
});

Deno.test("redactor: an empty password is no secret", () => {
  assert.equal(new Redactor("").text("plain"), "plain");
});

Deno.test("redactor: the password stays hidden however often the tokens change", () => {
  const redactor = new Redactor("swordfish");
  for (let token = 0; token < 100; token++) redactor.hide(`token-${token}`);
  assert.equal(redactor.text("swordfish token-99"), "[hidden] [hidden]");
});
