import assert from "node:assert/strict";
import { benchCommand } from "../../bench/bench_command.ts";
import { memoryIo } from "../support/memory_io.ts";

for (
  const [asked, answer] of [
    [["--quick", "--check"], /--quick leaves most of them out: leave --quick out\./],
    [["--quick", "--write"], /--quick leaves most of them out: leave --quick out\./],
    [["--write", "--only", "engine"], /--write needs all families: leave --only out\./],
  ] as const
) {
  Deno.test(`bench: ${asked.join(" ")} is refused before anything is measured`, async () => {
    const io = memoryIo();
    await benchCommand(io).parseAsync([...asked], { from: "user" });
    assert.match(io.err, answer);
    assert.deepEqual([io.exitCode, io.out, io.files.size], [2, "", 0]);
  });
}
