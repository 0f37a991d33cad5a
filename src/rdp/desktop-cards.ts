import { auditOf, isAllowed } from '../access/index.ts';
import type { Audit, Origin } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import { isPasswordOnly, type SessionRecord } from '../sessions/index.ts';
import type { LogonPermits } from './logon-permits.ts';
import { rdpFile, rdpFileName } from './rdp-file.ts';
import { foldServer, type RemoteDesktop, type RemoteServer } from './remote-desktop.ts';

/** A card of the launcher: one server of one application. */
export type DesktopCard = {
  readonly application: string;
  readonly title: string;
  readonly server: string;
  /** Whether it opens a program of its own in place of the desktop. */
  readonly program: boolean;
};

export type PermittedLogon = {
  /** Unix milliseconds until which one logon is permitted; absent where none had to be: the password alone was asked for. */
  readonly until?: number;
  readonly fileName: string;
  readonly file: Buffer;
};

export type DesktopCardsParts = {
  readonly desktops: () => readonly RemoteDesktop[];
  readonly permits: Pick<LogonPermits, 'give'>;
  readonly audit: Audit;
};

/** The remote desktops of the launcher: who sees which, and what a click on one does. */
export class DesktopCards {
  readonly #parts: DesktopCardsParts;

  constructor(parts: DesktopCardsParts) {
    this.#parts = parts;
  }

  /** In the order of the configuration; one for each server. */
  of(session: SessionRecord): readonly DesktopCard[] {
    return this.#parts
      .desktops()
      .filter(({ allow }) => isAllowed(allow, session.subscription, session.user))
      .flatMap(({ name, title, servers, remoteApp }) =>
        servers.map((server) => ({
          application: name,
          title: servers.length === 1 ? title : `${title} – ${server.name}`,
          server: server.name,
          program: remoteApp !== undefined,
        })),
      );
  }

  /**
   * A click: permits one logon of this user on that server within two minutes, and hands over the file for it. Whoever
   * holds no second factor gets the file alone: whether they need one is for the check of the logon to say. Rejects with
   * `not-found`, `not-assigned`, `invalid-request` (a name that no file can carry), `store-unavailable`.
   */
  async click(
    session: SessionRecord,
    wanted: { readonly application: string; readonly server: string },
    origin: Origin,
  ): Promise<PermittedLogon> {
    const { desktop, server } = this.#find(wanted);
    const { subscription, user } = session;
    if (!isAllowed(desktop.allow, subscription, user)) throw new GatewayError('not-assigned');
    const { domain, remoteApp } = desktop;
    const file = rdpFile({
      address: server.address,
      user: domain === undefined ? user.name : `${domain}\\${user.name}`,
      remoteApp,
    });
    const fileName = rdpFileName(
      desktop.servers.length === 1 ? desktop.title : `${desktop.title} ${server.name}`,
    );
    if (isPasswordOnly(session)) return { file, fileName };
    const place = { subscription, user: user.key, server: foldServer(server.name) };
    const until = await this.#parts.permits.give(place, { session: session.id, application: desktop.name });
    auditOf(this.#parts.audit, subscription).record({
      type: 'logon.permitted',
      user: user.key,
      name: user.name,
      server: place.server,
      application: desktop.name,
      session: session.id,
      until,
      origin,
    });
    return { until, file, fileName };
  }

  #find(wanted: { readonly application: string; readonly server: string }): {
    readonly desktop: RemoteDesktop;
    readonly server: RemoteServer;
  } {
    const desktop = this.#parts.desktops().find(({ name }) => name === wanted.application);
    const name = foldServer(wanted.server);
    const server = desktop?.servers.find((each) => foldServer(each.name) === name);
    if (desktop === undefined || server === undefined) throw new GatewayError('not-found');
    return { desktop, server };
  }
}
