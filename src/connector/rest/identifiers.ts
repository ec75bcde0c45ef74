/** What an id may look like where it becomes part of a path or of a stored column. */
const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;

/** True if `text` can be used as an id: 1 to 64 letters, digits, `_` or `-`. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

/**
 * Checks an id before it leaves the process: an id such as `../x` would name another route (L-40),
 * and one of more than 64 characters makes the venue fail and lose its book.
 * @param kind what the id names, for the message
 * @throws RangeError if it is not an id; that is a defect of the caller, never the venue's doing
 */
export function requireIdentifier(kind: string, text: string): string {
  if (isIdentifier(text)) return text;
  throw new RangeError(
    `Cannot use ${JSON.stringify(text)} as a ${kind}: it must be 1 to 64 of A-Z a-z 0-9 _ -`,
  );
}
