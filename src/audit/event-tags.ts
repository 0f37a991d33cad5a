import type { AuditEvent } from './event.ts';

/**
 * The tags under which an event is found again: `type:<type>`, `user:<key>`, `session:<id>`, `address:<ip>`,
 * `subscription:<id>` of all but `default`, `application:<name>`, `actor:<actor>`, `result:<result>`. At most one of each, none longer than 300 characters.
 */
export function tagsOf(event: AuditEvent): string[] {
  const tags = [`type:${event.type}`];
  const add = (kind: string, value: string | undefined) => {
    if (value !== undefined && value !== '') tags.push(`${kind}:${value.slice(0, 280)}`);
  };
  if (event.subscription !== 'default') add('subscription', event.subscription);
  if ('user' in event) add('user', event.user);
  if ('session' in event) add('session', event.session);
  if ('application' in event) add('application', event.application);
  if ('actor' in event) add('actor', event.actor);
  if ('result' in event) add('result', event.result);
  if ('origin' in event) add('address', event.origin?.address);
  if (event.type === 'lockout') add(event.scope === 'address' ? 'address' : 'user', event.subject);
  return [...new Set(tags)];
}
