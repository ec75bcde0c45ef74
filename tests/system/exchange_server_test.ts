import assert from "node:assert/strict";
import { serveExchange } from "../../sim/http/exchange_server.ts";

for (const path of ["/a?b=c", "//a", "//a/b", "//", "/%zz"]) {
  Deno.test(`exchange server: the path ${path} reaches the app as it was sent`, async () => {
    const seen: string[] = [];
    const handler = (request: Request) => {
      seen.push(request.url);
      return new Response("seen");
    };
    const server = await serveExchange(handler, { host: "127.0.0.1", port: 0 });
    try {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      const request = `GET ${path} HTTP/1.1\r\nhost: exchange\r\nconnection: close\r\n\r\n`;
      await connection.write(new TextEncoder().encode(request));
      const answer = await new Response(connection.readable).text();
      assert.match(answer, /^HTTP\/1\.1 200 OK/);
      assert.deepEqual(seen, [`http://exchange${path}`]);
    } finally {
      await server.close();
    }
  });
}
