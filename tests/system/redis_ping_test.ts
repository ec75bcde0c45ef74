/** The PING of a Redis server on a real socket; the server speaks just enough of the protocol. */

import assert from "node:assert/strict";
import { pingRedis } from "../../src/cache/redis_ping.ts";

/** Answers one command, given as its words in lower case; null says nothing. */
type Server = (words: readonly string[]) => string | null;

const sound: Server = ([command]) => command === "ping" ? "+PONG" : "+OK";

/** Runs a server on a socket, and counts the connections that were left open in the end. */
async function withRedis(server: Server, use: (port: number) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) served.push(serve(connection, server));
  })();
  try {
    await use((listener.addr as Deno.NetAddr).port);
    // Ends only if the client has closed every connection.
    await Promise.all(served);
  } finally {
    listener.close();
    await accepting;
  }
}

async function serve(connection: Deno.TcpConn, server: Server): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    while (true) {
      const length = await connection.read(buffer);
      if (length === null) return;
      for (const words of commandsIn(new TextDecoder().decode(buffer.subarray(0, length)))) {
        const reply = server(words);
        if (reply !== null) await connection.write(new TextEncoder().encode(`${reply}\r\n`));
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  } finally {
    connection.close();
  }
}

/** The commands of a pipeline: `*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\n` is one of two words. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return text.split(/^\*\d+\r\n/m).filter((part) => part !== "").map((part) =>
    part.split("\r\n").filter((line) => line !== "" && !line.startsWith("$"))
      .map((word) => word.toLowerCase())
  );
}

Deno.test("redis ping: a server that answers is there, and no connection is left behind", async () => {
  await withRedis(sound, (port) => pingRedis(`redis://127.0.0.1:${port}/0`, 2000));
});

Deno.test("redis ping: user name and password of the URL are used", async () => {
  const heard: string[] = [];
  const server: Server = (words) => {
    heard.push(...words);
    return sound(words);
  };
  await withRedis(server, (port) => pingRedis(`redis://bot:s3cret@127.0.0.1:${port}/0`, 2000));
  assert.deepEqual(heard.slice(heard.indexOf("auth"), heard.indexOf("auth") + 3), [
    "auth",
    "bot",
    "s3cret",
  ]);
});

Deno.test("redis ping: a server that is not there is named with its port, without the URL", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await assert.rejects(
    pingRedis(`redis://:s3cret@127.0.0.1:${port}/0`, 2000),
    (error: Error) => /ECONNREFUSED/.test(error.message) && !error.message.includes("s3cret"),
  );
});

Deno.test("redis ping: a wrong password is what the server says it is", async () => {
  const server: Server = ([command = ""]) =>
    command === "ping" ? "-NOAUTH Authentication required." : "-WRONGPASS invalid password";
  await withRedis(server, async (port) => {
    await assert.rejects(pingRedis(`redis://:no@127.0.0.1:${port}/0`, 2000), /WRONGPASS|NOAUTH/);
  });
});

Deno.test("redis ping: a server that says nothing is waited for no longer than the time-out", async () => {
  await withRedis(() => null, async (port) => {
    await assert.rejects(pingRedis(`redis://127.0.0.1:${port}/0`, 100), /timed? ?out|ETIMEDOUT/i);
  });
});
