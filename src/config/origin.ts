/** Where a value comes from. Every effective value of a configuration has one. */
export type Origin =
  | { readonly layer: "code" }
  | {
    readonly layer: "file";
    readonly file: string;
    readonly line: number;
    readonly column: number;
  }
  | { readonly layer: "environment"; readonly variable: string }
  | { readonly layer: "override"; readonly label: string }
  | { readonly layer: "derived"; readonly reason: string };

/** Origin of a value that no layer named. */
export const FROM_CODE: Origin = { layer: "code" };

/** A value and where it comes from. */
export interface Setting<T = unknown> {
  readonly value: T;
  readonly origin: Origin;
}

/** Settings of one block by their snake_case name. */
export type Settings = ReadonlyMap<string, Setting>;

/** One line for a person: `config/default.yaml:12:5`, `environment AMM_ENV`, `code default`. */
export function formatOrigin(origin: Origin): string {
  switch (origin.layer) {
    case "code":
      return "code default";
    case "file":
      return `${origin.file}:${origin.line}:${origin.column}`;
    case "environment":
      return `environment ${origin.variable}`;
    case "override":
      return `override ${origin.label}`;
    case "derived":
      return `derived: ${origin.reason}`;
  }
}

/** One block made of several, weakest first: a block replaces only the settings that it names. */
export function mergeSettings(...blocks: readonly (Settings | undefined)[]): Map<string, Setting> {
  return new Map(blocks.flatMap((block) => [...(block ?? [])]));
}
