import assert from "node:assert/strict";
import type { HttpBody } from "../../src/connector/rest/http_transport.ts";
import { judge, MEANING, shapeOf, verdictOf } from "../../src/connector/rest/verdict.ts";

const body = (value: unknown): HttpBody => ({ kind: "json", value });
const ENVELOPE = body({ code: 0, message: "success", data: { a: 1 } });
const BARE = body({ id: "1" });
const E1 = body({ code: 2001, message: "Insufficient balance", data: null });
const E2 = body({ detail: "Not Found" });
const E3 = body({
  detail: [{ type: "missing", loc: ["body", "password"], msg: "Field required", input: "hunter2" }],
});
const HTML: HttpBody = { kind: "other", what: "12 characters that are not JSON" };
const CUT: HttpBody = { kind: "cut" };

function judged(status: number, answer: HttpBody) {
  return judge({ kind: "response", status, headers: new Headers(), body: answer }, null);
}

for (
  const [status, answer, verdict] of [
    [200, ENVELOPE, "ok"],
    [201, ENVELOPE, "ok"],
    [200, BARE, "ok"],
    [201, BARE, "ok"],
    [200, E1, "refused"],
    [200, E2, "malformed"],
    [200, HTML, "malformed"],
    [200, CUT, "connection_lost"],
    [202, ENVELOPE, "malformed"],
    [204, HTML, "malformed"],
    [302, HTML, "malformed"],
    [307, BARE, "malformed"],
    [400, E1, "refused"],
    [400, E3, "refused"],
    [401, E1, "unauthorized"],
    [401, E2, "unauthorized"],
    [401, HTML, "unauthorized"],
    [403, E1, "refused"],
    [403, E2, "refused"],
    [403, HTML, "malformed"],
    [404, E1, "refused"],
    [404, E2, "refused"],
    [404, HTML, "malformed"],
    [405, E2, "refused"],
    [408, HTML, "gateway"],
    [409, E1, "refused"],
    [422, E1, "refused"],
    [422, E3, "refused"],
    [422, BARE, "malformed"],
    [422, ENVELOPE, "malformed"],
    [429, E1, "rate_limited"],
    [429, HTML, "rate_limited"],
    [500, E1, "server_error"],
    [500, HTML, "server_error"],
    [500, CUT, "server_error"],
    [502, HTML, "gateway"],
    [503, E1, "gateway"],
    [504, CUT, "gateway"],
    [599, HTML, "server_error"],
  ] as const
) {
  Deno.test(`verdict: HTTP ${status} with ${shapeOf(answer)} is ${verdict}`, () => {
    assert.equal(judged(status, answer).kind, verdict);
  });
}

Deno.test("verdict: an envelope is opened, a bare payload is taken as it is", () => {
  assert.deepEqual(judged(200, ENVELOPE), { kind: "ok", value: { a: 1 } });
  assert.deepEqual(judged(200, BARE), { kind: "ok", value: { id: "1" } });
});

Deno.test("verdict: a payload with a code but without data is no envelope", () => {
  const payload = { code: 0, status: "x" };
  assert.deepEqual(judged(200, body(payload)), { kind: "ok", value: payload });
});

for (
  const [name, status, answer, code] of [
    ["a business error keeps its code", 422, E1, 2001],
    ["the code may be the HTTP status", 403, body({ code: 403, message: "Forbidden" }), 403],
    ["a server error keeps its code", 500, body({ code: 9002, message: "x", data: null }), 9002],
    ["a 429 without a body is code 9001", 429, HTML, 9001],
    ["a validation error has none", 422, E3, 0],
  ] as const
) {
  Deno.test(`verdict: ${name}`, () => {
    const result = judged(status, answer);
    assert.equal(result.kind !== "ok" && result.code, code);
  });
}

Deno.test("verdict: a validation error names the field and never repeats what was sent", () => {
  const result = judged(422, E3);
  assert.equal(result.kind !== "ok" && result.message, "HTTP 422: body.password: Field required");
});

for (
  const detail of [[{ loc: [{ toString: 1 }], msg: { toString: 1 } }], [null], [7], []]
) {
  Deno.test(`verdict: a strange explanation ${JSON.stringify(detail)} is no reason to crash`, () => {
    assert.equal(judged(422, body({ detail })).kind, "refused");
  });
}

Deno.test("verdict: a code that is no number is no reason to crash", () => {
  const result = judged(500, body({ message: "x", code: { toString: 1 } }));
  assert.equal(result.kind !== "ok" && result.message, "HTTP 500: x (code 0)");
});

for (
  const [kind, read, command] of [
    ["refused", "refused", "rejected"],
    ["unauthorized", "refused", "unknown"],
    ["rate_limited", "refused", "rejected"],
    ["server_error", "unavailable", "unknown"],
    ["gateway", "unavailable", "unknown"],
    ["timeout", "unavailable", "unknown"],
    ["connection_lost", "unavailable", "unknown"],
    ["malformed", "malformed", "unknown"],
    ["not_sent", "unavailable", "unknown"],
  ] as const
) {
  Deno.test(`verdict: ${kind} is ${read} to a read and ${command} to a command`, () => {
    assert.equal(MEANING[kind].read, read);
    assert.equal(MEANING[kind].command, command);
  });
}

Deno.test("verdict: every status has a verdict, whatever the body", () => {
  for (let status = 100; status < 600; status++) {
    const verdict = verdictOf(status, "other");
    assert.ok(verdict !== "answer", `${status} without JSON is no answer`);
  }
});
