import { createServer, type Server, type ServerResponse } from 'node:http';

export type ManagementOptions = {
  /** Undefined when the gateway is ready for traffic; otherwise why it is not, for an administrator. */
  notReady(): Promise<string | undefined>;
  /** Prometheus text exposition format. */
  metrics(): Promise<string>;
};

/**
 * The management listener: `/healthz` (the process runs), `/readyz` (send it traffic), `/metrics`. It carries
 * nothing private and nothing that changes anything, and belongs on an address that only operators reach.
 */
export function createManagement(options: ManagementOptions): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, 'method not allowed\n');
    switch (request.url) {
      case '/healthz':
        return answer(response, 200, 'ok\n');
      case '/readyz':
        options.notReady().then(
          (reason) => answer(response, reason === undefined ? 200 : 503, `${reason ?? 'ready'}\n`),
          () => answer(response, 503, 'not ready\n'),
        );
        return;
      case '/metrics':
        options.metrics().then(
          (text) => answer(response, 200, text, 'text/plain; version=0.0.4; charset=utf-8'),
          () => answer(response, 500, 'metrics failed\n'),
        );
        return;
      default:
        answer(response, 404, 'not found\n');
    }
  });
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
