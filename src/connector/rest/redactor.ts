import { HIDDEN, hideSecrets } from "../../runtime/wire.ts";

const JSON_WEB_TOKEN = /\beyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*/g;
const CONTROL_CHARACTERS = /\p{Cc}+/gu;
const MAX_CHARACTERS = 300;
const MAX_TOKENS = 8;

/**
 * Makes text of the venue or of the network safe for logs and errors. A venue may echo what it was
 * sent, so what is hidden is not only what looks like a secret but every secret that is in use.
 */
export class Redactor {
  readonly #passwords: readonly string[];
  #tokens: readonly string[] = [];

  /** @param password hidden for good, also as it stands inside JSON and inside a URL */
  constructor(password: string) {
    const inJson = JSON.stringify(password).slice(1, -1);
    this.#passwords = [password, inJson, encodeURIComponent(password.toWellFormed())];
  }

  /** Hides a token from now on; the last few are remembered, older ones have run out. */
  hide(token: string): void {
    this.#tokens = [token, ...this.#tokens].slice(0, MAX_TOKENS);
  }

  /** The text without secrets, on one line, at most 300 characters. */
  text(raw: string): string {
    return hideSecrets(this.#withoutOwn(raw))
      .replace(JSON_WEB_TOKEN, HIDDEN)
      .replace(CONTROL_CHARACTERS, " ")
      .slice(0, MAX_CHARACTERS);
  }

  /** The longest go first: one may be part of another. */
  #withoutOwn(raw: string): string {
    return [...this.#passwords, ...this.#tokens]
      .filter((secret) => secret !== "")
      .sort((a, b) => b.length - a.length)
      .reduce((text, secret) => text.replaceAll(secret, HIDDEN), raw);
  }
}
