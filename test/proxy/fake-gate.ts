import type { IncomingMessage } from 'node:http';
import { LiveConnections } from '../../src/access/gate-connections.ts';
import type { AdmittedSession, Gate, LiveConnection, Refusal } from '../../src/access/index.ts';
import { type ProblemCode, problems } from '../../src/errors.ts';

export const refusal = (code: ProblemCode): Refusal => ({
  kind: 'refusal',
  code,
  status: problems[code],
  signIn: code === 'sign-in-required',
});

/** A session that remembers what is registered with it and ends it all on `revoke`. */
export class FakeSession implements AdmittedSession {
  readonly kind = 'session';
  readonly subscription = 'default';
  readonly amr = ['pwd', 'otp'];
  readonly id: string;
  readonly user: AdmittedSession['user'];
  readonly attached = new LiveConnections();
  revoked = false;

  constructor(name: string, groups: readonly string[] = ['staff']) {
    this.id = `session-of-${name}`;
    this.user = { key: `local:${name}`, name, displayName: name, directory: 'local', groups };
  }

  attach(connection: LiveConnection): void {
    this.attached.add(connection);
  }

  detach(connection: LiveConnection): void {
    this.attached.delete(connection);
  }

  assertion(application: string): string {
    return `assertion-for-${application}`;
  }

  revoke(reason = 'revoked'): void {
    this.revoked = true;
    for (const connection of [...this.attached]) connection.close(reason);
  }
}

/** Admits whoever names a session in the cookie `sallyport-session`; everyone else has to sign in. */
export class FakeGate implements Gate {
  readonly sessions = new Map<string, FakeSession>();
  opened = 0;
  /** What the next openings answer instead of the session. */
  refuseOpening: ProblemCode | undefined;
  /** Makes the gate answer by promise, as for a session it has to look up. */
  slow = false;

  add(name: string, groups?: readonly string[]): FakeSession {
    const session = new FakeSession(name, groups);
    this.sessions.set(name, session);
    return session;
  }

  admit(request: IncomingMessage, application: object | undefined) {
    const name = /sallyport-session=([\w.-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const session = this.sessions.get(name);
    const decision =
      session === undefined || session.revoked
        ? refusal('sign-in-required')
        : application === undefined
          ? refusal('not-found')
          : session;
    return this.slow ? Promise.resolve(decision) : decision;
  }

  async open(session: AdmittedSession) {
    this.opened += 1;
    if (this.refuseOpening !== undefined) return refusal(this.refuseOpening);
    return session instanceof FakeSession && session.revoked ? refusal('sign-in-required') : session;
  }
}
