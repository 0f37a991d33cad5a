import { useTexts } from '../texts.tsx';
import { formatTime } from '../times.ts';
import { browserOf } from './browser-of.ts';
import type { LiveSession } from './view.ts';

type SessionListProps = {
  readonly sessions: readonly LiveSession[];
  readonly onEnd: (session: LiveSession) => void;
};

/** Where somebody is signed in, this browser first. */
export function SessionList({ sessions, onEnd }: SessionListProps) {
  const { t, locale } = useTexts();
  const now = new Date();
  const ordered = [...sessions].sort((one, other) => Number(other.current) - Number(one.current));
  return (
    <ul className="entries">
      {ordered.map((session) => (
        <li key={session.id}>
          <div>
            <strong>{browserOf(session, t)}</strong>
            <p className="quiet figures">
              {t('portal.account.session-since', {
                address: session.address,
                time: formatTime({ t, locale }, new Date(session.verifiedAt), now),
              })}
            </p>
          </div>
          {session.current ? (
            <span className="quiet">{t('portal.account.this-browser')}</span>
          ) : (
            <button
              type="button"
              className="plain"
              aria-label={t('portal.account.end-session-label', {
                browser: browserOf(session, t),
                address: session.address,
              })}
              onClick={() => onEnd(session)}
            >
              {t('portal.account.end-session')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
