import { RedisLink } from "../../src/cache/redis_link.ts";
import { redisIsMissing, type RedisServer, startRedis, withRedisName } from "./redis_server.ts";

/** A test with a real Redis server of its own and a connection to it. */
export function redisTest(
  name: string,
  use: (parts: { readonly server: RedisServer; readonly link: RedisLink }) => Promise<void>,
): void {
  Deno.test({
    name: withRedisName(name),
    ignore: redisIsMissing,
    fn: async () => {
      const server = await startRedis();
      const link = new RedisLink({ url: server.url, timeoutMs: 2000 });
      try {
        await link.open();
        await use({ server, link });
      } finally {
        await link.close();
        await server.close();
      }
    },
  });
}
