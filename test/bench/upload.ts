import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { residentBytes } from './processes.ts';

/** A server that reads whatever it is sent and forgets it, for uploads. */
export async function startSink(port: number): Promise<{ port: number; stop(): void }> {
  const server = createServer((incoming, response) => {
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    incoming.on('end', () => response.end(String(bytes)));
  });
  server.requestTimeout = 0;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Sends `bytes` in one request; resolves to how much the proxy grew after the first tenth, when every buffer is there,
 * and whether all of it arrived.
 */
export async function upload(
  pid: number,
  target: { port: number; host: string; path: string; cookie: string },
  bytes: number,
): Promise<{ grew: number; arrived: boolean; seconds: number }> {
  let before = Number.NaN;
  let most = 0;
  const looking = setInterval(() => {
    if (!Number.isNaN(before)) most = Math.max(most, residentBytes(pid));
  }, 200);
  const began = performance.now();
  const sent = request({
    host: '127.0.0.1',
    port: target.port,
    path: target.path,
    method: 'PUT',
    headers: { host: target.host, cookie: target.cookie, 'content-length': bytes },
  });
  const chunk = Buffer.alloc(1_048_576, 0x61);
  const answered = once(sent, 'response');
  for (let left = bytes; left > 0; left -= chunk.length) {
    if (Number.isNaN(before) && left < bytes * 0.9) before = residentBytes(pid);
    if (!sent.write(left < chunk.length ? chunk.subarray(0, left) : chunk)) await once(sent, 'drain');
  }
  sent.end();
  const [answer] = await answered;
  let text = '';
  for await (const part of answer) text += part;
  clearInterval(looking);
  return {
    grew: most - before,
    arrived: text === String(bytes),
    seconds: (performance.now() - began) / 1000,
  };
}
