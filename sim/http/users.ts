import { createHash } from "node:crypto";
import type { Random } from "../../src/runtime/random.ts";

/** What a user may do beyond trading; the venue's own market maker has role `amm`. */
export type LoginRole = "amm" | "admin" | "user";

/** A user who can log in. His cash and his rights at the exchange are the engine's affair. */
export interface User {
  readonly userId: string;
  readonly username: string;
  readonly email: string;
  readonly role: LoginRole;
}

/** Everybody who can log in. */
export class UserDirectory {
  readonly #byName = new Map<string, User>();
  readonly #byId = new Map<string, User>();
  readonly #emails = new Set<string>();
  readonly #digests = new Map<string, string>();

  /**
   * Adds a user.
   * @throws RangeError if his name or e-mail address is somebody else's
   */
  add(user: User, password: string): void {
    const { username, email } = user;
    if (this.#byName.has(username) || this.hasEmail(email)) {
      throw new RangeError(`Cannot add user ${username} <${email}>: somebody has that name`);
    }
    this.#byName.set(user.username, user);
    this.#byId.set(user.userId, user);
    this.#emails.add(user.email);
    this.#digests.set(user.userId, digest(user, password));
  }

  /** All users, in the order in which they came. */
  all(): readonly User[] {
    return [...this.#byName.values()];
  }

  /** A user by his id. */
  withId(userId: string): User | undefined {
    return this.#byId.get(userId);
  }

  /** A user by his name. */
  named(username: string): User | undefined {
    return this.#byName.get(username);
  }

  /** True if somebody has this e-mail address. */
  hasEmail(email: string): boolean {
    return this.#emails.has(email);
  }

  /** The user with this name and password, null if there is none. */
  login(username: string, password: string): User | null {
    const user = this.#byName.get(username);
    if (user === undefined) return null;
    return this.#digests.get(user.userId) === digest(user, password) ? user : null;
  }
}

/** A new user id: a UUID of version 4. */
export function newUserId(random: Random): string {
  const digits = hexDigits(random, 32);
  const variant = "89ab"[random.integer(0, 3)];
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ];
  return parts.join("-");
}

/** Random hexadecimal digits. */
export function hexDigits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.integer(0, 15).toString(16)).join("");
}

/** Passwords of a simulator are no secrets; this keeps them out of dumps and stack traces. */
function digest({ userId }: User, password: string): string {
  return createHash("sha256").update(`${userId} ${password}`).digest("hex");
}
