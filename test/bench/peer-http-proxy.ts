import { Agent, createServer } from 'node:http';
import httpProxy from 'http-proxy';

const [port = '0', upstream = '0', websockets = '0'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const proxy = httpProxy.createProxyServer({ target: `http://127.0.0.1:${upstream}`, agent, xfwd: true });
const tunnels = httpProxy.createProxyServer({ target: `http://127.0.0.1:${websockets}`, ws: true });
const server = createServer((request, response) => proxy.web(request, response));
server.on('upgrade', (request, socket, head) => tunnels.ws(request, socket, head));
proxy.on('error', () => {});
tunnels.on('error', () => {});
server.listen(Number(port), '127.0.0.1', 4096, () => console.log('ready'));
