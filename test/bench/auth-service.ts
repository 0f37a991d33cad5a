import { createServer } from 'node:http';

/** The trivial service that nginx asks: it looks for a cookie and says yes. */
const [port = '0'] = process.argv.slice(2);
const server = createServer((request, response) => {
  response.writeHead(request.headers.cookie?.includes('session=') ? 204 : 401).end();
});
server.keepAliveTimeout = 300_000;
server.listen(Number(port), '127.0.0.1', 4096, () => console.log('ready'));
