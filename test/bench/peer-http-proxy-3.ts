import { readFileSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createProxyServer } from 'http-proxy-3';

/** Arguments: port, application server, WebSocket server, and for HTTPS the files of certificate and key. */
const [port = '0', upstream = '0', websockets = '0', cert, key] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const proxy = createProxyServer({ target: `http://127.0.0.1:${upstream}`, agent, xfwd: true });
const tunnels = createProxyServer({ target: `http://127.0.0.1:${websockets}`, ws: true });
const carry = (request: IncomingMessage, response: ServerResponse): void => {
  proxy.web(request, response);
};
const server =
  cert === undefined || key === undefined
    ? createServer(carry)
    : createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, carry);
server.on('upgrade', (request, socket, head) => tunnels.ws(request, socket, head));
proxy.on('error', () => {});
tunnels.on('error', () => {});
server.listen(Number(port), '127.0.0.1', 4096, () => console.log('ready'));
