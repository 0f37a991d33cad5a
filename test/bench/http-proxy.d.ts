/** What the benchmark uses of a package that ships no types. */
declare module 'http-proxy' {
  import type { Agent, IncomingMessage, ServerResponse } from 'node:http';
  import type { Duplex } from 'node:stream';

  type Proxy = {
    web(request: IncomingMessage, response: ServerResponse): void;
    ws(request: IncomingMessage, socket: Duplex, head: Buffer): void;
    on(event: 'error', listener: (error: Error) => void): void;
  };
  const httpProxy: {
    createProxyServer(options: { target: string; agent?: Agent; xfwd?: boolean; ws?: boolean }): Proxy;
  };
  export default httpProxy;
}
