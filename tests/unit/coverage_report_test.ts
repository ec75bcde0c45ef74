import assert from "node:assert/strict";
import { readLcov, summary } from "../../tools/coverage.ts";

const REPORT = `TN:
SF:/project/src/risk/a.ts
BRDA:3,0,0,1
BRDA:7,1,0,0
BRDA:7,1,1,-
DA:1,5
DA:2,0
end_of_record
SF:/project/sim/exchange/b.ts
DA:1,1
end_of_record
`;

Deno.test("coverage: lines and branches are read, and the missed ones of risk are listed", () => {
  const files = readLcov(REPORT, "/project/");
  assert.deepEqual(files, [
    { path: "src/risk/a.ts", lines: 2, linesReached: 1, missedBranches: [7] },
    { path: "sim/exchange/b.ts", lines: 1, linesReached: 1, missedBranches: [] },
  ]);
  const { text, isEnough } = summary(files);
  assert.equal(isEnough, false);
  assert.match(text, /src\/risk +50\.0 % of lines/);
  assert.match(text, /not taken: 1\nsrc\/risk\/a\.ts:7$/);
});

Deno.test("coverage: nine lines in ten are enough", () => {
  const file = { path: "src/a/b.ts", lines: 10, linesReached: 9, missedBranches: [] };
  assert.equal(summary([file]).isEnough, true);
  assert.equal(summary([{ ...file, linesReached: 8 }]).isEnough, false);
});
