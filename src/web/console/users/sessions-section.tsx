import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { UserAnswer } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useConsole } from '../frame/console-context.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useWords } from './words.ts';

type SessionsSectionProps = { readonly user: UserAnswer; readonly onChanged: () => void };
/** One session, or all of them. */
type Ending = { readonly id?: string };

/** Where the user is signed in, and how to end it. */
export function SessionsSection({ user, onChanged }: SessionsSectionProps) {
  const { t, format } = useWords();
  const { may } = useConsole();
  const [ending, setEnding] = useState<Ending>();
  return (
    <section>
      <h2>{t('console.users.drawer.sessions')}</h2>
      {user.sessions.length === 0 && <p>{t('console.users.drawer.no-sessions')}</p>}
      {user.sessions.length > 0 && (
        <ul className="cards">
          {user.sessions.map(({ id, browser, address, verifiedAt, endsAt }) => (
            <li key={id} className="with-button">
              <div>
                <strong>{t('console.users.drawer.session', { browser, address })}</strong>
                <span className="quiet">
                  {t('console.users.drawer.session-times', {
                    since: format.moment(verifiedAt),
                    until: format.moment(endsAt),
                  })}
                </span>
              </div>
              {may('help') && (
                <Button
                  size="md"
                  variant="default"
                  aria-label={t('console.users.drawer.end-this', { browser, address })}
                  onClick={() => setEnding({ id })}
                >
                  {t('console.users.drawer.end-session')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {may('help') && user.sessions.length > 1 && (
        <div className="row tight">
          <Button size="md" variant="default" onClick={() => setEnding({})}>
            {t('console.users.drawer.end-all')}
          </Button>
        </div>
      )}
      {ending !== undefined && (
        <EndDialog
          user={user}
          ending={ending}
          onDone={() => {
            setEnding(undefined);
            onChanged();
          }}
          onClose={() => setEnding(undefined)}
        />
      )}
    </section>
  );
}

type EndDialogProps = {
  readonly user: UserAnswer;
  readonly ending: Ending;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

function EndDialog({ user, ending: { id }, onDone, onClose }: EndDialogProps) {
  const { t } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const count = id === undefined ? user.sessions.length : 1;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (reason.trim() === '') {
      setMissing(true);
      return;
    }
    run(async () => {
      const one = id === undefined ? '' : `/${segment(id)}`;
      await api.send('POST', `sessions/${segment(user.key)}${one}/end`, { body: { reason: reason.trim() } });
      notify(t('console.users.ended', { count, name: user.displayName }));
      onDone();
    });
  }

  return (
    <Dialog title={t('console.users.end.title', { count, name: user.displayName })} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.users.end.text')}</p>
        <TextInput
          size="md"
          label={t('console.users.bypass.reason')}
          description={t('console.users.end.reason-hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={reason}
          maxLength={200}
          error={missing && reason.trim() === '' ? t('console.users.drawer.required') : undefined}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" color="red" aria-busy={busy}>
            {t('console.users.drawer.end-session')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
