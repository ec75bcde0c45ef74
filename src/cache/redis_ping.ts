import { Redis } from "ioredis";

/** Closing a connection must not leave a timer behind. */
const DISCONNECT_TIMEOUT_MS = 10;

/**
 * Connects to a Redis server, logs in as the URL says, asks for a PONG and leaves.
 * @param url `redis://` or `rediss://`, with user name and password if the server wants them
 * @param timeoutMs limit for connecting, and again for the answer
 * @throws Error that says what is wrong, never with the URL
 */
export async function pingRedis(url: string, timeoutMs: number): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  // The call itself rejects with a bare "Connection is closed."; the cause comes as an event.
  let cause: Error | null = null;
  redis.on("error", (error: Error) => {
    cause ??= error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw cause ?? error;
  } finally {
    if (redis.status !== "end") redis.disconnect();
  }
}
