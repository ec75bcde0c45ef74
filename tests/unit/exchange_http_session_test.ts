import assert from "node:assert/strict";
import { readClaims } from "../../sim/http/tokens.ts";
import { at, HttpVenue, verdict } from "../support/exchange_http.ts";

const NEW_USER = { username: "dora_1", email: "dora@example.com", password: "Passw0rd1" };
const ANN = { username: "ann", password: "Passw0rd1" };

function balance(venue: HttpVenue, authorization: string) {
  return venue.request("/api/v1/account/balance", { headers: { authorization } });
}

Deno.test("register: a new user has no cash, nets automatically and can log in", async () => {
  const venue = new HttpVenue();
  const { status, body } = await venue.post(null, "/auth/register", NEW_USER);
  assert.equal(status, 201);
  assert.deepEqual(Object.keys(Object(at(body, "data"))), [
    "user_id",
    "username",
    "email",
    "created_at",
  ]);
  const login = await venue.post(null, "/auth/login", NEW_USER);
  const answer = await balance(venue, `Bearer ${at(login.body, "data.access_token")}`);
  assert.equal(at(answer.body, "data.user_id"), at(body, "data.user_id"));
  assert.equal(at(answer.body, "data.total_balance_cents"), 0);
});

Deno.test("register: a name or an e-mail address that is taken is refused", async () => {
  const venue = new HttpVenue();
  await venue.post(null, "/auth/register", NEW_USER);
  const register = async (changes: object) =>
    verdict(await venue.post(null, "/auth/register", { ...NEW_USER, ...changes }));
  assert.deepEqual(await register({ email: "other@example.com" }), [409, 1001]);
  assert.deepEqual(await register({ username: "other" }), [409, 1002]);
});

for (
  const [field, value, type] of [
    ["username", "ab", "string_too_short"],
    ["username", "a".repeat(65), "string_too_long"],
    ["username", "with space", "string_pattern_mismatch"],
    ["email", "nobody", "string_pattern_mismatch"],
    ["password", "Passw0r", "string_too_short"],
    ["password", `${"a".repeat(127)}A1`, "string_too_long"],
    ["password", "passw0rd", "value_error"],
    ["password", "PASSW0RD", "value_error"],
    ["password", "Password", "value_error"],
  ] as const
) {
  Deno.test(`register: ${field} "${value.slice(0, 12)}" is refused as ${type}`, async () => {
    const { status, body } = await new HttpVenue()
      .post(null, "/auth/register", { ...NEW_USER, [field]: value });
    assert.equal(status, 422);
    assert.deepEqual(at(body, "detail.0.loc"), ["body", field]);
    assert.equal(at(body, "detail.0.type"), type);
    assert.equal(at(body, "detail.length"), 1);
  });
}

Deno.test("login: tokens carry user, type and lifetime", async () => {
  const venue = new HttpVenue();
  const { body } = await venue.post(null, "/auth/login", ANN);
  const nowSeconds = Math.floor(venue.clock.nowMs() / 1000);
  const claims = { sub: venue.idOf("ann"), iat: nowSeconds };
  assert.deepEqual(readClaims(String(at(body, "data.access_token"))), {
    ...claims,
    type: "access",
    exp: nowSeconds + 1800,
  });
  assert.deepEqual(readClaims(String(at(body, "data.refresh_token"))), {
    ...claims,
    type: "refresh",
    exp: nowSeconds + 604_800,
  });
  assert.equal(at(body, "data.expires_in"), 1800);
});

Deno.test("login: an unknown user and a wrong password get the same answer", async () => {
  const venue = new HttpVenue();
  for (const changes of [{ username: "nobody" }, { password: "passw0rd1" }]) {
    const answer = await venue.post(null, "/auth/login", { ...ANN, ...changes });
    assert.deepEqual(verdict(answer), [401, 1003]);
    assert.equal(at(answer.body, "message"), "Invalid username or password");
  }
});

Deno.test("access token: it works for half an hour and not a second longer", async () => {
  const venue = new HttpVenue();
  const bearer = `Bearer ${venue.venue.tokens.issue(venue.idOf("ann"), "access")}`;
  await venue.clock.advance(1_799_000);
  assert.equal((await balance(venue, bearer)).status, 200);
  await venue.clock.advance(1_000);
  const late = await balance(venue, bearer);
  assert.equal(late.status, 401);
  assert.equal(late.headers.get("www-authenticate"), "Bearer");
  assert.deepEqual(late.body, { detail: "Invalid or expired token" });
});

Deno.test("refresh: gives an access token for seven days, and no new refresh token", async () => {
  const venue = new HttpVenue();
  const { body } = await venue.post(null, "/auth/login", ANN);
  const refresh_token = at(body, "data.refresh_token");
  await venue.clock.advance(604_799_000);
  const refreshed = await venue.post(null, "/auth/refresh", { refresh_token });
  assert.deepEqual(Object.keys(Object(at(refreshed.body, "data"))), ["access_token", "expires_in"]);
  const bearer = `Bearer ${at(refreshed.body, "data.access_token")}`;
  assert.equal((await balance(venue, bearer)).status, 200);
  await venue.clock.advance(1_000);
  const late = await venue.post(null, "/auth/refresh", { refresh_token });
  assert.deepEqual(verdict(late), [401, 1005]);
});

Deno.test("tokens: one that was signed elsewhere or tampered with is refused", async () => {
  const venue = new HttpVenue();
  const mine = venue.venue.tokens.issue(venue.idOf("ann"), "access");
  const [header, , signature] = mine.split(".");
  const claims = { sub: venue.idOf("bob"), type: "access", iat: 0, exp: 9e9 };
  const forged = `${header}.${btoa(JSON.stringify(claims))}.${signature}`;
  const unsigned = `${btoa('{"alg":"none","typ":"JWT"}')}.${mine.split(".")[1]}.`;
  for (
    const token of [forged, unsigned, `${mine}.x`, `${header}.e30.${signature}`, "..", "é.é.é"]
  ) {
    assert.equal((await venue.post(null, "/auth/refresh", { refresh_token: token })).status, 401);
    if (/^[\x20-\x7e]*$/.test(token)) {
      assert.equal((await balance(venue, `Bearer ${token}`)).status, 401, token);
    }
  }
  assert.equal((await balance(venue, `bearer ${mine}`)).status, 200, "the scheme has no case");
});

Deno.test("a disabled user is refused with 1004 everywhere, but may refresh", async () => {
  const venue = new HttpVenue();
  const { body } = await venue.post(null, "/auth/login", ANN);
  venue.venue.exchange.control.setEnabled(venue.idOf("ann"), false);
  for (const path of ["/account/balance", "/markets", "/orders/1", "/admin/markets/NOPE/stats"]) {
    assert.deepEqual(verdict(await venue.get("ann", path)), [422, 1004], path);
  }
  assert.deepEqual(verdict(await venue.post(null, "/auth/login", ANN)), [422, 1004]);
  const refresh_token = at(body, "data.refresh_token");
  assert.equal((await venue.post(null, "/auth/refresh", { refresh_token })).status, 200);
});

Deno.test("who may not call a route learns that before his request is judged", async () => {
  const venue = new HttpVenue();
  assert.equal((await venue.post(null, "/amm/mint", {})).status, 401);
  const user = await venue.post("ann", "/amm/mint", {});
  assert.deepEqual([user.status, user.body], [403, { detail: "AMM system account required" }]);
  assert.equal((await venue.post("amm", "/amm/mint", {})).status, 422);
  const admin = await venue.post("amm", "/admin/markets/MKT-1/resolve", {});
  assert.deepEqual([admin.status, admin.body], [403, { detail: "Administrator required" }]);
});
