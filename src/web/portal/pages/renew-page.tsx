import { lazy, Suspense, useEffect, useState } from 'react';
import type { OwnSessionAnswer, RenewedAnswer, RenewState } from '../../../portal/index.ts';
import { addresses } from '../addresses.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';
import { useAction } from '../parts/use-action.ts';
import { Waiting } from '../parts/waiting.tsx';
import { DoneStep } from '../renew/done-step.tsx';
import { RenewStep } from '../renew/renew-step.tsx';
import { useTexts } from '../texts.tsx';

// Few people's clocks are off.
const ClockStep = lazy(async () => ({ default: (await import('../sign-in/clock-step.tsx')).ClockStep }));

type Renewed = Extract<RenewedAnswer, { status: 'renewed' }>;

/** Ended while the page was open: from here on it is a sign-in like any other. */
const over: readonly string[] = ['sign-in-required', 'sign-in-expired'];

/** A code typed in the middle of a session, in a tab of its own: the application's page must not see it. */
export function Page({ state }: { state: RenewState }) {
  const { t } = useTexts();
  const { problem, run } = useAction();
  const [session, setSession] = useState<OwnSessionAnswer>();
  const [renewed, setRenewed] = useState<Renewed>();
  const [told, setTold] = useState(false);

  function fail({ code }: Problem): void {
    if (over.includes(code)) location.assign(`${addresses.signIn}?reason=expired`);
  }
  const load = (): void => run(async () => setSession(await call<OwnSessionAnswer>('GET', 'session')), fail);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(load, []);

  if (state.other === true) {
    return (
      <Card title={t('portal.renew.title')}>
        <p>{t('portal.renew.other')}</p>
      </Card>
    );
  }
  if (renewed !== undefined) {
    if (renewed.clockOffset === undefined || told) return <DoneStep session={renewed.session} />;
    return (
      <Suspense fallback={<main className="card" />}>
        <ClockStep offset={renewed.clockOffset} onContinue={() => setTold(true)} />
      </Suspense>
    );
  }
  if (session === undefined) {
    return (
      <Card title={t('portal.renew.title')}>
        {problem === undefined ? <Waiting /> : <Failure problem={problem} onAgain={load} />}
      </Card>
    );
  }
  const { renewal } = session;
  if (renewal === undefined) {
    return (
      <Card title={t('portal.renew.title')}>
        <p>{t('portal.renew.impossible')}</p>
      </Card>
    );
  }
  return (
    <RenewStep
      renewal={renewal}
      onAnswer={(answer) => {
        if (answer.status === 'renewed') setRenewed(answer);
      }}
      onProblem={fail}
    />
  );
}
