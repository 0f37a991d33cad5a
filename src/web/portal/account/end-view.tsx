import type { FormEvent } from 'react';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Message } from '../parts/message.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';
import { browserOf } from './browser-of.ts';
import type { LiveSession } from './view.ts';

type EndViewProps = (
  | { readonly session: LiveSession; readonly all?: undefined }
  /** How many there are. */
  | { readonly all: number; readonly session?: undefined }
) & { readonly onEnded: () => void; readonly onCancel: () => void };

/** Asks before one session or all of them end, naming what closes. */
export function EndView({ session, all, onEnded, onCancel }: EndViewProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(async () => {
      if (session === undefined) await call('POST', 'account/sign-out-everywhere');
      else await call('DELETE', `account/sessions/${encodeURIComponent(session.id)}`);
      onEnded();
    });
  }

  const one = session !== undefined;
  return (
    <Card
      title={
        one
          ? t('portal.account.end-title', { browser: browserOf(session, t) })
          : t('portal.account.everywhere-title')
      }
    >
      <p>{one ? t('portal.account.end-text') : t('portal.account.everywhere-text', { count: all })}</p>
      <form className="form" onSubmit={submit}>
        {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        <Submit
          label={t(one ? 'portal.account.end-session' : 'portal.account.everywhere')}
          busyLabel={t('portal.sign-out.busy')}
          busy={busy}
          destructive
        />
      </form>
      <button type="button" className="plain link" onClick={onCancel}>
        {t('portal.cancel')}
      </button>
    </Card>
  );
}
