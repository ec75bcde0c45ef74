import type { z } from "zod";
import { ExchangeCode, Refusal } from "../../exchange/mod.ts";
import { refusals } from "../../exchange/refusal.ts";
import * as answers from "../answers.ts";
import { offsetTime } from "../display.ts";
import { HttpCode } from "../problems.ts";
import { loginBody, refreshBody, registerBody } from "../requests.ts";
import { post, type Route, type Venue } from "../route.ts";
import { newUserId, type User } from "../users.ts";

/** Who is who: §2.2 to §2.4. */
export function sessionRoutes(venue: Venue): Route[] {
  return [register(venue), login(venue), refresh(venue)];
}

function register({ exchange, users, clock, random }: Venue): Route {
  return post("/auth/register", {
    section: "2.2",
    summary: "Creates a user without cash.",
    access: "public",
    input: registerBody,
    answer: answers.registered,
    status: 201,
    errors: [HttpCode.USERNAME_EXISTS, HttpCode.EMAIL_EXISTS],
    handle({ input: { username, email, password } }) {
      if (users.named(username) !== undefined) {
        throw new Refusal(HttpCode.USERNAME_EXISTS, `Username already exists: ${username}`);
      }
      if (users.hasEmail(email)) {
        throw new Refusal(HttpCode.EMAIL_EXISTS, `Email already exists: ${email}`);
      }
      const userId = newUserId(random);
      users.add({ userId, username, email, role: "user" }, password);
      exchange.control.createUser({ userId, username });
      return { user_id: userId, username, email, created_at: offsetTime(clock.nowMs()) };
    },
  });
}

function login(venue: Venue): Route {
  const { tokens } = venue;
  return post("/auth/login", {
    section: "2.3",
    summary: "Begins a session.",
    access: "public",
    input: loginBody,
    answer: answers.session,
    message: "Login successful",
    errors: [HttpCode.BAD_CREDENTIALS, ExchangeCode.ACCOUNT_DISABLED],
    handle({ input }) {
      const { userId, username, email } = loggedIn(venue, input);
      return {
        access_token: tokens.issue(userId, "access"),
        refresh_token: tokens.issue(userId, "refresh"),
        token_type: "Bearer",
        expires_in: tokens.accessSeconds,
        user: { user_id: userId, username, email },
      };
    },
  });
}

function refresh({ users, tokens }: Venue): Route {
  return post("/auth/refresh", {
    section: "2.4",
    summary: "Gives a new access token.",
    access: "public",
    input: refreshBody,
    answer: answers.refreshed,
    message: "Token refreshed",
    errors: [HttpCode.BAD_REFRESH_TOKEN],
    handle({ input: { refresh_token } }) {
      const userId = tokens.userOf(refresh_token, "refresh");
      if (userId === null || users.withId(userId) === undefined) {
        throw new Refusal(HttpCode.BAD_REFRESH_TOKEN, "Refresh token is invalid or expired");
      }
      return {
        access_token: tokens.issue(userId, "access"),
        expires_in: tokens.accessSeconds,
      };
    },
  });
}

/**
 * The user who logs in.
 * @throws Refusal 1003, 1004
 */
function loggedIn({ users, exchange }: Venue, input: z.output<typeof loginBody>): User {
  const user = users.login(input.username, input.password);
  if (user === null) {
    throw new Refusal(HttpCode.BAD_CREDENTIALS, "Invalid username or password");
  }
  if (!exchange.control.isEnabled(user.userId)) throw refusals.accountDisabled();
  return user;
}
