/** The simulated exchange as a process of its own. */

import { eventually, freePort, type RealProcess, startDeno } from "./real_process.ts";

/** Password of every user of an exchange that nobody gave a seed. */
export const PASSWORD = "Passw0rd1";
const LIMIT_MS = 20_000;

/** A running exchange. */
export interface RunningExchange {
  readonly process: RealProcess;
  readonly port: number;
  /** Where the API begins. */
  readonly url: string;
}

/** Starts the exchange as `deno task exchange` does, and waits until it answers. */
export async function startExchange(...options: readonly string[]): Promise<RunningExchange> {
  const port = freePort();
  const permissions = ["--no-prompt", "--ignore-env", "--allow-net", "--allow-read"];
  const args = ["main.ts", "exchange", "--port", String(port), ...options];
  const process = startDeno("run", ...permissions, ...args);
  const root = `http://127.0.0.1:${port}`;
  await eventually("the exchange answers", LIMIT_MS, async () => {
    const response = await fetch(`${root}/health`);
    await response.body?.cancel();
    return response.status === 200 ? true : null;
  });
  return { process, port, url: `${root}/api/v1` };
}

/** Sends requests as a user of the exchange. */
export async function client(url: string, username: string) {
  const send = async (path: string, body: unknown, token = "") => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return await response.json();
  };
  const login = await send("/auth/login", { username, password: PASSWORD });
  return (path: string, body: unknown) => send(path, body, login.data.access_token);
}
