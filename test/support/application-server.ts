import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export type ApplicationServer = {
  readonly url: string;
  /** Requests as they arrived, newest last. */
  readonly requests: { readonly target: string; readonly headers: IncomingMessage['headers'] }[];
  /** Upgrades get this status instead of 101 while it is set. */
  refuseUpgrades?: number;
  close(): Promise<void>;
};

/**
 * A real application server on loopback: `/trickle` begins an answer that never ends, a WebSocket anywhere
 * echoes, and everything else answers with what arrived, as JSON.
 */
export async function startApplicationServer(): Promise<ApplicationServer> {
  const server = createServer((request, response) => answer(application, request, response));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => {
    application.requests.push({ target: request.url ?? '', headers: request.headers });
    if (application.refuseUpgrades !== undefined) {
      socket.end(
        `HTTP/1.1 ${application.refuseUpgrades} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (echo) => {
      echo.on('message', (message, binary) => echo.send(message, { binary }));
      echo.on('error', () => echo.terminate());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const application: ApplicationServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return application;
}

function answer(application: ApplicationServer, request: IncomingMessage, response: ServerResponse): void {
  application.requests.push({ target: request.url ?? '', headers: request.headers });
  request.resume();
  if (request.url?.endsWith('/trickle')) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('first bytes');
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ target: request.url, method: request.method, headers: request.headers }));
}
