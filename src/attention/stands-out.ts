import type { Settings } from '../settings/index.ts';
import { isWideOpen } from '../settings/index.ts';
import type { Concern } from './concern.ts';
import type { PeopleCount } from './people-counts.ts';

/** What is known of a site at the moment, as far as it can be a concern. */
export type SiteFacts = {
  readonly settings: Settings;
  readonly configured: { readonly sms: boolean; readonly email: boolean };
  /** Absent: not counted yet. */
  readonly people?: PeopleCount | undefined;
  /** Whether somebody who administers the site signs in with a password of this gateway's own directory. */
  readonly localOwner: boolean;
  /** What would be lost with the store's memory; absent: all is well. */
  readonly storeDoubt?: string | undefined;
  readonly certificates: readonly { readonly file: string; readonly expiresAt: number }[];
  readonly now: number;
};

/** As long before as the gateway warns. */
const expiresSoon = 14 * 86_400_000;
const day = 86_400_000;

/** What can be told from looking, without anything having happened. Pure. */
export function standsOut(facts: SiteFacts): readonly Concern[] {
  const { settings, configured, people, now } = facts;
  const concerns: (Concern | undefined)[] = [
    settings.enabled ? undefined : concern('two-factors-off', true),
    facts.localOwner ? undefined : concern('no-local-owner', false),
    missing('sms', configured.sms, people?.bySms ?? 0),
    missing('email', configured.email, people?.byEmail ?? 0),
    facts.storeDoubt === undefined
      ? undefined
      : concern('store-not-persistent', true, '', { warning: facts.storeDoubt }),
    ...facts.certificates
      .filter(({ expiresAt }) => expiresAt - now <= expiresSoon)
      .map(({ file, expiresAt }) =>
        concern('certificate-expiring', expiresAt - now <= 3 * day, file, {
          file,
          days: Math.max(0, Math.ceil((expiresAt - now) / day)),
        }),
      ),
    isWideOpen(settings)
      ? concern('guard-off', true, '', { chances: 2 * settings.discrepancy + 1 })
      : undefined,
    people === undefined || people.overdue === 0
      ? undefined
      : concern('not-enrolled', false, '', { count: people.overdue, names: people.overdueNames.join(', ') }),
  ];
  return concerns.filter((each) => each !== undefined);
}

function missing(channel: 'sms' | 'email', configured: boolean, count: number): Concern | undefined {
  return configured || count === 0 ? undefined : concern('sender-missing', true, channel, { channel, count });
}

const concern = (
  kind: Concern['kind'],
  serious: boolean,
  subject = '',
  params: Concern['params'] = {},
): Concern => ({ kind, subject, serious, params });
