import type { ApplicationConfig, Config, ServerConfig } from '../config/index.ts';
import type { PortalApplication } from '../portal/index.ts';
import type { Application, ApplicationServer } from '../proxy/index.ts';
import { readAuthorities } from './certificates.ts';

/** One application for the proxy, the gate and the portal: the same object everywhere, since its identity counts. */
export type SiteApplication = Application & PortalApplication;

/** The configured applications, with the authorities that their servers name. Throws `authority-unusable`. */
export const applicationsOf = (config: Pick<Config, 'applications'>): readonly SiteApplication[] =>
  config.applications.map(applicationOf);

function applicationOf(application: ApplicationConfig): SiteApplication {
  const { origin, servers, ...rest } = application;
  return { ...rest, url: `${origin}${application.path}`, servers: servers.map(serverOf) };
}

function serverOf({ tls, ...server }: ServerConfig): ApplicationServer {
  if (tls === undefined) return server;
  const { ca, authorities, ...rest } = tls;
  const trusted = authorities ?? (ca === undefined ? undefined : readAuthorities(ca));
  return { ...server, tls: { ...rest, ...(trusted === undefined ? {} : { ca: trusted }) } };
}

/** The built-in application, at the root of the portal's origin. */
export const demoApplication = (publicUrl: string, server: string, title: string): SiteApplication => ({
  name: 'demo',
  title,
  url: `${publicUrl}/`,
  path: '/',
  servers: [{ url: server }],
});
