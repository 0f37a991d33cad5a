import assert from 'node:assert/strict';
import type { Role } from '../../src/access/index.ts';
import { stepLength } from '../../src/second-factors/index.ts';
import type { ManualClock } from './manual-clock.ts';
import { password, type Site } from './site.ts';
import { type Answer, SiteClient } from './site-client.ts';

/** Somebody at the console's origin, by its API. */
export class AdminClient extends SiteClient {
  /** A call below `/.sallyport/api/v1/admin/`. */
  admin(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call(method, `admin/${path}`, body, headers);
  }

  /** The same of one thing, as it was seen last: with its ETag as `If-Match`. */
  async change(method: string, path: string, body: unknown): Promise<Answer> {
    const seen = await this.admin('GET', path);
    assert.equal(seen.status, 200, seen.text);
    return this.admin(method, path, body, { 'if-match': String(seen.headers.etag) });
  }
}

const clientOf = (site: Site): AdminClient =>
  new AdminClient(
    site.consolePort,
    site.clock,
    site.config().console.publicUrl.startsWith('https') ? 'https' : 'http',
  );

/** The owner, signed in at the console. Time goes on by a step, since a code is good only once. */
export async function ownerAtConsole(site: Site<ManualClock>): Promise<AdminClient> {
  return atConsole(site, 'olivia', site.owner.secret);
}

/** A new local user with this role (of one subscription, if it is named), signed in at the console with an enrolled app. */
export async function signedInAs(
  site: Site<ManualClock>,
  role: Role,
  { subscription, name = role as string }: { subscription?: string; name?: string } = {},
): Promise<AdminClient> {
  const user = await site.addUser(name);
  await site.gateway.rooms.roles.grant(user, { role, subscription, by: 'test' });
  return atConsole(site, name, '');
}

/** Whoever has `secret` in their app, or enrols one now. */
export async function atConsole(site: Site<ManualClock>, name: string, secret: string): Promise<AdminClient> {
  const client = clientOf(site);
  client.secret = secret;
  if (secret !== '') site.clock.advance(stepLength);
  const done = await client.signIn(name, password);
  assert.equal(done.json?.status, 'done', done.text);
  return client;
}
