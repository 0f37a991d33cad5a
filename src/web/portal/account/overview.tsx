import { Button } from '@mantine/core';
import type { AccountAnswer, MethodId } from '../../../portal/index.ts';
import { addresses } from '../addresses.ts';
import { Card } from '../parts/card.tsx';
import { isSent } from '../parts/code-kind.ts';
import { Message } from '../parts/message.tsx';
import { useNow } from '../parts/use-now.ts';
import { useTexts } from '../texts.tsx';
import { formatSpan, formatTimeInZone } from '../times.ts';
import { FactorList } from './factor-list.tsx';
import { SessionList } from './session-list.tsx';
import type { View } from './view.ts';

type OverviewProps = {
  readonly account: AccountAnswer;
  readonly news: string | undefined;
  readonly onView: (view: View) => void;
};

const halfMinute = 30_000;

/** Who is signed in, and how long that lasts. */
function Standing({ account }: { account: AccountAnswer }) {
  const { t, locale } = useTexts();
  const now = useNow(halfMinute);
  const { name, displayName } = account.user;
  const current = account.sessions.find((session) => session.current);
  const end = current && new Date(current.expiresAt);
  return (
    <div>
      <p>{t('portal.account.who', { name: displayName === '' ? name : displayName })}</p>
      {current !== undefined && end !== undefined && (
        <p className="quiet figures">
          {t(current.state === 'granted' ? 'portal.account.granted' : 'portal.account.active', {
            time: formatTimeInZone({ t, locale }, end, new Date(now)),
            left: formatSpan(locale, Math.max(0, end.getTime() - now)),
          })}
        </p>
      )}
    </div>
  );
}

/** What can be added beside what there is. */
export const newWays = ({ addable, phone, email }: AccountAnswer): AccountAnswer['addable'] =>
  addable.filter(({ id }) => !(id === 'sms' && phone) && !(id === 'email' && email));

/** Where adding something begins: with the number where the user says which. */
export function adding({ addable }: AccountAnswer, id: MethodId): View {
  if (!isSent(id)) return { at: 'confirm', change: { kind: 'add-app' } };
  const asksNumber = id === 'sms' && addable.every((way) => way.id !== id || way.hint === undefined);
  return asksNumber ? { at: 'phone' } : { at: 'confirm', change: { kind: 'add-sent', method: id } };
}

const names = {
  app: 'portal.account.add-app',
  sms: 'portal.account.add-sms',
  email: 'portal.account.add-email',
  recovery: 'portal.account.add',
  bypass: 'portal.account.add',
} as const;

/** One's own account: factors, recovery codes, password, sessions. */
export function Overview({ account, news, onView }: OverviewProps) {
  const { t } = useTexts();
  const { recoveryCodes } = account;
  const canProve = account.methods.length > 0;
  const addable = newWays(account);
  const only = addable.length === 1 ? addable[0] : undefined;

  return (
    <Card title={t('portal.account.title')}>
      {news !== undefined && <Message tone="news">{news}</Message>}
      <Standing account={account} />
      <nav className="row ends">
        <a href={addresses.launcher}>{t('portal.account.applications')}</a>
        <a href={addresses.signOut}>{t('portal.account.sign-out')}</a>
      </nav>

      <section aria-labelledby="factors">
        <h2 id="factors">{t('portal.account.factors')}</h2>
        <FactorList
          account={account}
          onRemove={(factor) => onView({ at: 'confirm', change: { kind: 'remove', factor } })}
          onReplace={(method) => onView(adding(account, method))}
        />
        {canProve && addable.length > 0 && (
          <Button
            variant="default"
            size="md"
            fullWidth
            onClick={() => onView(only === undefined ? { at: 'choose' } : adding(account, only.id))}
          >
            {t(only === undefined ? 'portal.account.add' : names[only.id])}
          </Button>
        )}
      </section>

      {canProve && (
        <section aria-labelledby="recovery">
          <h2 id="recovery">{t('portal.account.recovery')}</h2>
          <p className="figures">
            {recoveryCodes.total === 0
              ? t('portal.account.recovery-none')
              : t('portal.account.recovery-left', { count: recoveryCodes.left, total: recoveryCodes.total })}
          </p>
          <Button
            variant="default"
            size="md"
            fullWidth
            onClick={() => onView({ at: 'confirm', change: { kind: 'recovery' } })}
          >
            {t('portal.account.recovery-new')}
          </Button>
        </section>
      )}

      {account.canChangePassword && (
        <section aria-labelledby="password">
          <h2 id="password">{t('portal.account.password')}</h2>
          <Button variant="default" size="md" fullWidth onClick={() => onView({ at: 'password' })}>
            {t('portal.account.change-password')}
          </Button>
        </section>
      )}

      <section aria-labelledby="sessions">
        <h2 id="sessions">{t('portal.account.sessions')}</h2>
        <SessionList sessions={account.sessions} onEnd={(session) => onView({ at: 'end', session })} />
        <Button
          variant="default"
          size="md"
          fullWidth
          className="grave"
          onClick={() => onView({ at: 'everywhere' })}
        >
          {t('portal.account.everywhere')}
        </Button>
      </section>
    </Card>
  );
}
