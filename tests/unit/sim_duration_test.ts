import assert from "node:assert/strict";
import { duration, formatDuration, parseDuration } from "../../sim/duration.ts";

for (
  const [text, ms] of [
    ["500ms", 500],
    ["90s", 90_000],
    ["15m", 900_000],
    ["2h", 7_200_000],
    ["1.5h", 5_400_000],
    ["7d", 604_800_000],
    ["1h30m", 5_400_000],
    ["0s", 0],
  ] as const
) {
  Deno.test(`parseDuration: ${text} is ${ms} ms`, () => {
    assert.equal(parseDuration(text), ms);
  });
}

for (const text of ["", "2", "2 h", "h", "-1s", "2w", "1e3s", "2h,30m"]) {
  Deno.test(`parseDuration: "${text}" is not a duration`, () => {
    assert.equal(parseDuration(text), null);
  });
}

for (
  const [ms, text] of [
    [0, "0s"],
    [1_250, "1s 250ms"],
    [90_000, "1m 30s"],
    [93_784_000, "1d 2h"],
  ] as const
) {
  Deno.test(`formatDuration: ${ms} ms reads ${text}`, () => {
    assert.equal(formatDuration(ms), text);
  });
}

Deno.test("duration: a value outside its bounds is refused with the bounds", () => {
  const result = duration(60_000, 3_600_000).safeParse("2h");
  assert.equal(
    result.error?.issues[0]?.message,
    'must be a duration from 1m to 1h, such as 90s, 15m, 2h or 7d, but is "2h"',
  );
});
