import { useEffect, useState } from 'react';
import type { SignOutState } from '../../../portal/index.ts';
import { addresses } from '../addresses.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';
import { useAction } from '../parts/use-action.ts';
import { Waiting } from '../parts/waiting.tsx';
import { useTexts } from '../texts.tsx';

/** Nobody was signed in (any more): that is what was wanted. */
const isOut = (problem: Problem): boolean =>
  problem.code === 'sign-in-required' || problem.code === 'sign-in-expired';

/** Ends the session, and says so. */
export function Page({ state }: { state: SignOutState }) {
  const { t } = useTexts();
  const { problem, run } = useAction();
  const [out, setOut] = useState(false);

  const signOut = (): void =>
    run(
      async () => {
        await call('DELETE', 'session');
        setOut(true);
      },
      (failure) => setOut(isOut(failure)),
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(signOut, []);

  if (out) {
    const query = state.returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(state.returnTo)}`;
    return (
      <Card key="out" title={t('portal.sign-out.title')}>
        <p role="status">{t('portal.sign-out.text')}</p>
        <a className="button" href={addresses.signIn + query}>
          {t('portal.sign-out.again')}
        </a>
      </Card>
    );
  }
  if (problem !== undefined && !isOut(problem)) {
    return (
      <Card key="failed" title={t('portal.sign-out.failed-title')}>
        <Failure problem={problem} onAgain={signOut} />
      </Card>
    );
  }
  return (
    <Card key="busy" title={t('portal.sign-out.busy')}>
      <Waiting />
    </Card>
  );
}
