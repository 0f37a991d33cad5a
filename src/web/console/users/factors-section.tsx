import type { UserAnswer } from '../../../admin/index.ts';
import { useWords } from './words.ts';

/** What a user can prove themselves with, without any secret. */
export function FactorsSection({ user }: { readonly user: UserAnswer }) {
  const { t } = useWords();
  const nothing = user.apps.length === 0 && user.destinations.length === 0;
  return (
    <section>
      <h2>{t('console.users.drawer.set-up')}</h2>
      {nothing && (
        <p>
          {t(
            user.obligation.required
              ? 'console.users.drawer.nothing-set-up'
              : 'console.users.drawer.nothing-needed',
          )}
        </p>
      )}
      {!nothing && (
        <ul className="cards">
          {user.apps.map((app) => (
            <li key={app.id}>
              <strong>{app.label || t('console.users.method.app')}</strong>
              <span>{t('console.users.drawer.app', { digits: app.digits, issuer: app.issuer })}</span>
              <Used since={app.enrolledAt} last={app.lastUsedAt} />
              <Drift seconds={app.drift} />
            </li>
          ))}
          {user.destinations.map(({ method, hint, enrolledAt, lastUsedAt, setByAdministrator }) => (
            <li key={method}>
              <strong>
                {t(method === 'sms' ? 'console.users.drawer.sms-to' : 'console.users.drawer.email-to', {
                  hint,
                })}
              </strong>
              {enrolledAt === undefined ? (
                <span className="quiet">{t('console.users.drawer.not-proven')}</span>
              ) : (
                <Used since={enrolledAt} last={lastUsedAt} />
              )}
              {setByAdministrator && (
                <span className="quiet">{t('console.users.drawer.set-by-administrator')}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {!nothing && <p>{t('console.users.drawer.recovery', { count: user.recoveryCodesLeft })}</p>}
      {user.ticketRequired && <p>{t('console.users.drawer.ticket-required')}</p>}
    </section>
  );
}

function Used({ since, last }: { readonly since: string; readonly last: string | undefined }) {
  const { t, format } = useWords();
  return (
    <span className="quiet">
      {last === undefined
        ? t('console.users.drawer.since-unused', { since: format.date(since) })
        : t('console.users.drawer.since-used', { since: format.date(since), used: format.moment(last) })}
    </span>
  );
}

/** By how much the clock of a device is off, as learned; nothing when it is right. */
function Drift({ seconds }: { readonly seconds: number }) {
  const { t } = useWords();
  if (seconds === 0) return null;
  return (
    <span className="quiet">
      {seconds > 0
        ? t('console.users.drawer.drift', { count: seconds })
        : t('console.users.drawer.drift-behind', { count: -seconds })}
    </span>
  );
}
