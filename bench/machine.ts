import { cpus } from "node:os";

/** Where and with what something was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  /** Processes that wanted to run on average over the last minute, at the start. */
  readonly load: number;
  readonly deno: string;
  readonly v8: string;
}

/** The machine at hand. */
export function thisMachine(): Machine {
  const { deno, v8 } = Deno.version;
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: navigator.hardwareConcurrency,
    memoryGiB: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    os: `${Deno.build.os} ${Deno.build.arch}`,
    load: Deno.loadavg()[0] ?? 0,
    deno,
    v8,
  };
}
