import { call } from '../api.ts';
import { Message } from '../parts/message.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { type Translate, useTexts } from '../texts.tsx';
import { formatTime } from '../times.ts';
import type { LiveSession } from './view.ts';

type SessionListProps = { readonly sessions: readonly LiveSession[]; readonly onEnded: () => void };

/** "Firefox 130 on Windows", as the server writes it, in the reader's language. */
function browserOf({ browser }: LiveSession, t: Translate): string {
  const [name, system] = browser.split(' on ');
  if (browser === '' || name === undefined) return t('portal.browser.unknown');
  return system === undefined ? name : t('portal.browser', { browser: name, system });
}

/** Where somebody is signed in, this browser first. */
export function SessionList({ sessions, onEnded }: SessionListProps) {
  const { t, language } = useTexts();
  const { problem, run } = useAction();
  const now = new Date();
  const ordered = [...sessions].sort((one, other) => Number(other.current) - Number(one.current));

  const end = ({ id }: LiveSession): void =>
    run(async () => {
      await call('DELETE', `account/sessions/${encodeURIComponent(id)}`);
      onEnded();
    });

  return (
    <>
      {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
      <ul className="entries">
        {ordered.map((session) => (
          <li key={session.id}>
            <div>
              <strong>{browserOf(session, t)}</strong>
              <p className="quiet figures">
                {t('portal.account.session-since', {
                  address: session.address,
                  time: formatTime(language, new Date(session.verifiedAt), now),
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
                onClick={() => end(session)}
              >
                {t('portal.account.end-session')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
