import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Catalogue, type Language, negotiate } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import { demoPage, demoPolicy, demoScript, demoStyle } from './demo-page.ts';

export type DemoApplication = {
  /** Where its one server listens: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Ends open sessions at once. */
  close(): Promise<void>;
};

/** Milliseconds between two pings, so that a quiet session is not taken for a dead one. */
const heartbeat = 30_000;
/** Bytes; the page sends at most 500 characters. */
const longestLine = 4096;

/**
 * Starts the built-in demonstration application on a loopback port: a tiny terminal over a WebSocket that says
 * whose session it is. It trusts the gateway's headers, as any application behind it does.
 */
export async function startDemoApplication(catalogue: Catalogue, clock: Clock): Promise<DemoApplication> {
  const server = createServer((request, response) => answer(catalogue, request, response));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestLine,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (pathOf(request) !== '/session') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (session) => runSession(catalogue, clock, request, session));
  });
  const pings = clock.every(heartbeat, () => {
    for (const session of sockets.clients) session.ping();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      pings.cancel();
      for (const session of sockets.clients) session.terminate();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(catalogue: Catalogue, request: IncomingMessage, response: ServerResponse): void {
  const language = languageOf(request);
  const text = catalogue.text.bind(null, language);
  const user = userOf(request);
  const files: Readonly<Record<string, { type: string; body: () => string }>> = {
    '/': {
      type: 'text/html; charset=utf-8',
      body: () =>
        demoPage(language, user === undefined ? text('demo.nobody') : text('demo.owner', { user }), (key) =>
          text(key),
        ),
    },
    '/terminal.js': { type: 'text/javascript; charset=utf-8', body: () => demoScript },
    '/terminal.css': { type: 'text/css; charset=utf-8', body: () => demoStyle },
  };
  const path = pathOf(request);
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  request.resume();
  if (file === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(file === undefined ? 404 : 405, { 'Content-Length': 0 }).end();
    return;
  }
  const body = file.body();
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Length': Buffer.byteLength(body),
    'Content-Language': language,
    'Content-Security-Policy': demoPolicy,
    'X-Content-Type-Options': 'nosniff',
    // The page names its user, so no cache may keep it.
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function runSession(catalogue: Catalogue, clock: Clock, request: IncomingMessage, session: WebSocket): void {
  const language = languageOf(request);
  const text = catalogue.text.bind(null, language);
  const user = userOf(request) ?? text('demo.nobody');
  const say = (...lines: string[]): void => session.send(JSON.stringify({ lines }));
  const commands: Readonly<Record<string, (rest: string) => void>> = {
    help: () =>
      say(
        text('demo.help'),
        text('demo.help-help'),
        text('demo.help-time'),
        text('demo.help-whoami'),
        text('demo.help-echo'),
      ),
    time: () => say(timeIn(language, clock.now())),
    whoami: () => say(text('demo.whoami', { user })),
    echo: (rest) => say(rest),
  };
  session.on('error', () => session.terminate());
  session.on('message', (data) => {
    const typed = data.toString().trim();
    const [command = '', ...rest] = typed.split(/\s+/);
    if (command === '') return;
    const known = Object.hasOwn(commands, command.toLowerCase())
      ? commands[command.toLowerCase()]
      : undefined;
    if (known === undefined) say(text('demo.unknown', { command: command.slice(0, 40) }));
    else known(rest.length === 0 ? '' : typed.slice(command.length).trim());
  });
  say(text('demo.welcome', { user }), text('demo.hint'));
}

const timeIn = (language: Language, at: number): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(at);

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';

const languageOf = (request: IncomingMessage): Language => negotiate(request.headers['accept-language']);

/** As the gateway writes it: percent-encoded. Undefined for whoever came without the gateway. */
function userOf(request: IncomingMessage): string | undefined {
  const header = request.headers['x-sallyport-user'];
  if (typeof header !== 'string' || header === '') return undefined;
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
