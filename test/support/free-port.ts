import { createServer } from 'node:net';

/**
 * A loopback port that nobody listens on now, for programs that cannot bind port 0 and say which they got. It lies
 * below those that systems give to outgoing connections, or one of these could take it before it is listened on.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_240 + Math.floor(Math.random() * 22_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
