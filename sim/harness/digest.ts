import { createHash } from "node:crypto";

/** Takes in what happened, line by line, and stands for all of it in 64 hexadecimal digits. */
export class Digest {
  readonly #hash = createHash("sha256");

  /** Adds one event; its parts in order. */
  add(...parts: readonly (string | number)[]): void {
    this.#hash.update(`${parts.join(" ")}\n`);
  }

  /** SHA-256 of everything so far. Call it once, at the end. */
  hex(): string {
    return this.#hash.digest("hex");
  }
}
