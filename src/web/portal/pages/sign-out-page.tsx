import { type FormEvent, useState } from 'react';
import type { SignOutState } from '../../../portal/index.ts';
import { addresses } from '../addresses.ts';
import { call, Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Message } from '../parts/message.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

/** Nobody was signed in (any more): that is what was wanted. */
async function signOut(): Promise<void> {
  try {
    await call('DELETE', 'session');
  } catch (thrown) {
    const out = thrown instanceof Problem && /^sign-in-(required|expired)$/.test(thrown.code);
    if (!out) throw thrown;
  }
}

/** Asks somebody whom another site led here; a click on our own link ends the session without asking. */
export function Page({ state }: { state: SignOutState }) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const [out, setOut] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(async () => {
      await signOut();
      setOut(true);
    });
  }

  if (out) {
    const query = state.returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(state.returnTo)}`;
    return (
      <Card key="out" title={t('portal.sign-out.title')}>
        <p>{t('portal.sign-out.text')}</p>
        <a className="button" href={addresses.signIn + query}>
          {t('portal.sign-out.again')}
        </a>
      </Card>
    );
  }
  return (
    <Card key="ask" title={t('portal.sign-out.ask')}>
      <p>{t('portal.sign-out.ask-text')}</p>
      <form className="form" onSubmit={submit}>
        {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        <Submit label={t('portal.sign-out.submit')} busyLabel={t('portal.sign-out.busy')} busy={busy} />
      </form>
      <a className="link" href={addresses.launcher}>
        {t('portal.sign-out.stay')}
      </a>
    </Card>
  );
}
