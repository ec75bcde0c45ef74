/** What texts among the settings must look like. */

/** How a kind of text is checked and described. */
interface TextFormat {
  /** For a person, as in "must be …". */
  readonly description: string;
  /** Source of a regular expression that the whole text matches; also in the JSON Schema. */
  readonly pattern: string;
  /** A further check that a pattern cannot express. */
  readonly accepts?: (text: string) => boolean;
}

const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const TIME = String.raw`T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})`;

/** All formats by name. */
export const FORMATS = {
  market_id: {
    description: "1 to 64 characters of A-Z a-z 0-9 _ -, not the word global",
    pattern: "^(?!global$)[A-Za-z0-9_-]{1,64}$",
  },
  identifier: {
    description: "1 to 64 characters of A-Z a-z 0-9 _ -",
    pattern: "^[A-Za-z0-9_-]{1,64}$",
  },
  uuid: {
    description: "a UUID",
    pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
  },
  http_url: {
    description: "a URL that begins with http:// or https://, without credentials and query",
    pattern: String.raw`^https?://[^\s/?#]\S*$`,
    accepts: isPlainUrl,
  },
  document_url: {
    description: "a URL that begins with http:// or https://, or file: and a path",
    pattern: String.raw`^(https?://[^\s/?#]\S*|file:\S+)$`,
    accepts: (text) => text.startsWith("file:") || URL.canParse(text.replaceAll("{slug}", "slug")),
  },
  json_path: {
    description: "names and indexes joined by dots, such as data.0.last, or $",
    pattern: String.raw`^(\$|[^\s.$]+(\.[^\s.$]+)*)$`,
  },
  redis_url: {
    description: "a URL that begins with redis:// or rediss://",
    pattern: String.raw`^rediss?://[^\s/?#]\S*$`,
    accepts: URL.canParse,
  },
  host: {
    description: "an IP address or a host name",
    pattern: "^[A-Za-z0-9._:-]+$",
  },
  iso_date: {
    description: "a date such as 2026-01-31, or an instant such as 2026-01-31T12:00:00Z",
    pattern: `^${DATE}(${TIME})?$`,
    accepts: isCalendarDate,
  },
  iso_instant: {
    description: "an instant with its time zone, such as 2026-01-31T12:00:00Z",
    pattern: `^${DATE}${TIME}$`,
    accepts: isCalendarDate,
  },
} as const satisfies Readonly<Record<string, TextFormat>>;

/** The name of a text format. */
export type Format = keyof typeof FORMATS;

/** True if `text` has the format. */
export function matchesFormat(format: Format, text: string): boolean {
  const { pattern, accepts }: TextFormat = FORMATS[format];
  return new RegExp(pattern).test(text) && (accepts?.(text) ?? true);
}

/** Rejects what would be lost, or shown, when a path is put behind the URL. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return [username, password, search, hash].every((part) => part === "");
}

/** Rejects days that no month has: parsers turn 30 February into 2 March. */
function isCalendarDate(text: string): boolean {
  const day = text.slice(0, 10);
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(midnightMs) &&
    new Date(midnightMs).toISOString().startsWith(day);
}

/** The same URL with its password replaced by stars; any other text as it is. */
export function hidePassword(text: string): string {
  return text.replace(/^(\w+:\/\/[^\s/?#]*):[^\s/?#]*@/, "$1:***@");
}

/** True if `text` is a URL that holds a password. */
export function holdsPassword(text: string): boolean {
  return hidePassword(text) !== text;
}
