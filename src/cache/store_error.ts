/** Why the store did not do what it was asked to. */
export type StoreErrorKind =
  /** No answer: no connection, a time-out, a broken connection; it may or may not have happened. */
  | "unavailable"
  /** The store answered that it will not: a key of another type, no memory, no permission. */
  | "refused"
  /** The write carried a token that is no longer the market's: somebody else works the market. */
  | "fenced";

/** The store did not do what it was asked to. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreErrorKind;

  /** @param action what was tried, such as `read amm:risk:MKT-1` */
  constructor(kind: StoreErrorKind, action: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Cannot ${action}: ${why}`, { cause });
    this.kind = kind;
  }
}
