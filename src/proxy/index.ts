/** Carries admitted requests and tunnels to application servers: routes, pools, health, forwarding. */
export type { Application, ApplicationServer, HealthCheck, ServerTls, Timeouts } from './application.ts';
export { inspectTarget, type TargetFault } from './inspect-target.ts';
export { createProxy, type ReverseProxy, type ServerView } from './proxy.ts';
export type { ProxyOptions } from './proxy-options.ts';
export type { RemoteSessionView } from './remote-sessions.ts';
export type { ProxyMetrics, RefusalContext, RequestFacts } from './site.ts';
