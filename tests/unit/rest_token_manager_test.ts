import assert from "node:assert/strict";
import {
  envelope,
  json,
  later,
  refusal,
  type Reply,
  ScriptedVenue,
  USER_ID,
} from "../support/rest_venue.ts";
import { ORDER_ID, PLACE, WIRE_BALANCE, WIRE_CANCELLED } from "../support/wire_samples.ts";

const BALANCE = "GET /account/balance";
const LOGIN = "POST /auth/login";
const REFRESH = "POST /auth/refresh";
const EXPIRED = json(401, { detail: "Invalid or expired token" }, { "www-authenticate": "Bearer" });
const MINUTE_MS = 60_000;

/** Answers the balance to the given tokens, 401 to every other. */
function accepting(...tokens: string[]): Reply {
  return ({ authorization }) =>
    tokens.some((token) => authorization === `Bearer ${token}`) ? envelope(WIRE_BALANCE) : EXPIRED;
}

/** A venue with an open session, token `access-1`. */
async function loggedIn(): Promise<ScriptedVenue> {
  const venue = new ScriptedVenue().on(BALANCE, accepting("access-1"));
  await venue.run(venue.connector.balance());
  return venue;
}

Deno.test("tokens: the first call logs in, once for all calls that wait for it", async () => {
  const venue = new ScriptedVenue().on(BALANCE, accepting("access-1"));
  const { connector } = venue;
  await venue.run(Promise.all([connector.balance(), connector.balance(), connector.identity()]));
  assert.equal(venue.sentTo(LOGIN).length, 1);
  assert.equal(venue.logged("session_opened").length, 1);
});

Deno.test("tokens: identity is the user of the session and needs no call when there is one", async () => {
  const venue = await loggedIn();
  const sent = venue.sent.length;
  assert.equal(await venue.run(venue.connector.identity()), USER_ID);
  assert.equal(venue.sent.length, sent);
});

Deno.test("tokens: ten parallel calls that get 401 share one refresh (L-39)", async () => {
  const venue = await loggedIn();
  venue.on(BALANCE, accepting("refreshed-1"));
  await venue.run(Promise.all(Array.from({ length: 10 }, () => venue.connector.balance())));
  assert.equal(venue.sentTo(REFRESH).length, 1);
  assert.equal(venue.sentTo(LOGIN).length, 1);
  assert.equal(venue.sentTo(BALANCE).length, 1 + 20);
});

Deno.test("tokens: a 401 that arrives after the token was replaced causes no second refresh", async () => {
  const venue = await loggedIn();
  venue.on(BALANCE, later(500, EXPIRED), EXPIRED, accepting("refreshed-1"));
  await venue.run(Promise.all([venue.connector.balance(), venue.connector.balance()]));
  assert.equal(venue.sentTo(REFRESH).length, 1);
  assert.equal(venue.sentTo(BALANCE).at(-1)?.atMs, 500);
});

for (
  const [name, failing] of [
    ["is refused", refusal(401, 1005)],
    ["is refused with 422", refusal(422, 1004)],
    ["answers 500", json(500, "Internal Server Error")],
    ["gets no answer", "hang"],
    ["gives no token", envelope({ expires_in: 1800 })],
  ] as const
) {
  Deno.test(`tokens: a refresh that ${name} is followed by one login`, async () => {
    const venue = await loggedIn();
    venue.on(BALANCE, accepting("access-2")).on(REFRESH, failing);
    await venue.run(venue.connector.balance());
    assert.equal(venue.sentTo(LOGIN).length, 2);
  });
}

Deno.test("tokens: a refresh whose connection is lost is repeated", async () => {
  const venue = await loggedIn();
  venue.on(BALANCE, accepting("fresh"));
  venue.on(REFRESH, "drop", envelope({ access_token: "fresh", expires_in: 1800 }));
  await venue.run(venue.connector.balance());
  assert.equal(venue.sentTo(LOGIN).length, 1);
});

Deno.test("tokens: a rotated refresh token is the one that is used next", async () => {
  const venue = await loggedIn();
  const rotated = { access_token: "a", refresh_token: "rotated", expires_in: 1800 };
  venue.on(BALANCE, accepting("a")).on(REFRESH, envelope(rotated));
  await venue.run(venue.connector.balance());
  await venue.clock.advance(MINUTE_MS);
  venue.on(BALANCE, accepting("b")).on(REFRESH, envelope({ access_token: "b", expires_in: 1800 }));
  await venue.run(venue.connector.balance());
  assert.deepEqual(venue.sentTo(REFRESH).map(({ body }) => body), [
    { refresh_token: "refresh-1" },
    { refresh_token: "rotated" },
  ]);
});

Deno.test("tokens: a token is refreshed in the background before it runs out", async () => {
  const venue = await loggedIn();
  await venue.clock.advance(24 * MINUTE_MS - 1);
  await venue.run(venue.connector.balance());
  assert.equal(venue.sentTo(REFRESH).length, 0);
  await venue.clock.advance(1);
  await venue.run(venue.connector.balance());
  assert.equal(venue.sentTo(BALANCE).at(-1)?.authorization, "Bearer access-1");
  assert.equal(venue.sentTo(REFRESH).length, 1);
  venue.on(BALANCE, accepting("refreshed-1"));
  await venue.run(venue.connector.balance());
  assert.equal(venue.sentTo(BALANCE).at(-1)?.authorization, "Bearer refreshed-1");
});

Deno.test("tokens: a refresh that hangs holds up no call while the token is valid", async () => {
  const venue = await loggedIn();
  venue.on(REFRESH, "hang").on(LOGIN, "hang");
  await venue.clock.advance(25 * MINUTE_MS);
  const before = venue.clock.monotonicMs();
  await venue.run(venue.connector.balance());
  await venue.run(venue.connector.balance());
  assert.equal(venue.clock.monotonicMs(), before);
});

Deno.test("tokens: a token that has run out is not sent any more", async () => {
  const venue = await loggedIn();
  await venue.clock.advance(30 * MINUTE_MS);
  venue.on(BALANCE, accepting("refreshed-1"));
  await venue.run(venue.connector.balance());
  assert.equal(venue.sentTo(BALANCE).at(-1)?.authorization, "Bearer refreshed-1");
});

Deno.test("tokens: a venue that refuses every token is asked twice, and then left alone for 12 s", async () => {
  const venue = new ScriptedVenue().on(BALANCE, EXPIRED);
  await assert.rejects(venue.run(venue.connector.balance()), { kind: "refused" });
  assert.equal(venue.sentTo(BALANCE).length, 2);
  assert.equal(venue.sentTo(LOGIN).length + venue.sentTo(REFRESH).length, 2);

  await assert.rejects(venue.run(venue.connector.balance()), { kind: "unavailable" });
  assert.equal(venue.sent.length, 4);

  await venue.clock.advance(12_000);
  venue.on(BALANCE, accepting("access-2"));
  await venue.run(venue.connector.balance());
});

Deno.test("tokens: a refused login is reported with its code and not repeated for 12 s", async () => {
  const venue = new ScriptedVenue().on(LOGIN, refusal(401, 1003, "Invalid username or password"));
  await assert.rejects(venue.run(venue.connector.identity()), { kind: "refused", code: 1003 });
  await assert.rejects(venue.run(venue.connector.balance()), { kind: "unavailable", code: 1003 });
  assert.equal(venue.sentTo(LOGIN).length, 1);
  assert.equal(venue.logged("session_failed").length, 1);
  await venue.clock.advance(12_000);
  await assert.rejects(venue.run(venue.connector.identity()));
  assert.equal(venue.sentTo(LOGIN).length, 2);
});

Deno.test("tokens: a command without a session is not sent, and nothing is known about an earlier attempt", async () => {
  const venue = new ScriptedVenue().on(LOGIN, "drop");
  const outcome = await venue.run(venue.connector.cancel(ORDER_ID));
  assert.equal(outcome.kind, "unknown");
  assert.equal(venue.sentTo(`POST /orders/${ORDER_ID}/cancel`).length, 0);
});

Deno.test("tokens: a cancel that gets 401 is repeated once with the new token", async () => {
  const route = `POST /orders/${ORDER_ID}/cancel`;
  const venue = new ScriptedVenue().on(route, EXPIRED, json(200, WIRE_CANCELLED));
  assert.equal((await venue.run(venue.connector.cancel(ORDER_ID))).kind, "accepted");
  assert.deepEqual(venue.sentTo(route).map(({ authorization }) => authorization), [
    "Bearer access-1",
    "Bearer refreshed-1",
  ]);
});

Deno.test("tokens: a wrong role is surfaced and not answered with another login", async () => {
  const venue = new ScriptedVenue()
    .on("POST /amm/orders/batch-cancel", json(403, { detail: "AMM system account required" }));
  const outcome = await venue.run(venue.connector.batchCancel("MKT-1", "ALL"));
  assert.deepEqual(outcome, {
    kind: "rejected",
    code: 0,
    message: "HTTP 403: AMM system account required",
  });
  assert.equal(venue.sentTo(LOGIN).length, 1);
});

Deno.test("tokens: a login that is rate limited is not tried again before the venue allows it", async () => {
  const venue = new ScriptedVenue().on(LOGIN, json(429, {}, { "retry-after": "40" }));
  await assert.rejects(venue.run(venue.connector.identity()), { code: 9001 });
  await venue.clock.advance(39_999);
  await assert.rejects(venue.run(venue.connector.identity()), { code: 9001 });
  assert.equal(venue.sentTo(LOGIN).length, 1);
});

Deno.test("tokens: a login without an answer is tried again after a second, for a cancel may wait", async () => {
  const venue = new ScriptedVenue().on(LOGIN, "hang");
  await assert.rejects(venue.run(venue.connector.identity()), { kind: "unavailable" });
  const tried = venue.sentTo(LOGIN).length;
  await assert.rejects(venue.run(venue.connector.identity()));
  assert.equal(venue.sentTo(LOGIN).length, tried);
  await venue.clock.advance(1000);
  await assert.rejects(venue.run(venue.connector.identity()));
  assert.equal(venue.sentTo(LOGIN).length, 2 * tried);
});

Deno.test("tokens: a refusal after a 401 and a new token is a refusal", async () => {
  const venue = new ScriptedVenue().on("POST /orders", EXPIRED, refusal(422, 3002));
  assert.equal((await venue.run(venue.connector.place(PLACE))).kind, "rejected");
});
