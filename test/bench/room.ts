import { startGateway } from '../proxy/gateway.ts';

/** The proxy room alone, behind a gate that believes a name in a cookie: what the room itself costs. */
const [port = '0', upstream = '0', websockets = '0'] = process.argv.slice(2);
const none = () => {};
await startGateway(
  [
    { name: 'app', path: '/', servers: [{ url: `http://127.0.0.1:${upstream}` }] },
    { name: 'echo', path: '/socket', servers: [{ url: `http://127.0.0.1:${websockets}` }] },
  ],
  {
    port: Number(port),
    audit: { record: none, flush: async () => {} },
    metrics: { tunnelOpened: none, tunnelClosed: none, bytes: none, upstream: none, serverUp: none },
  },
);
console.log('ready');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit());
