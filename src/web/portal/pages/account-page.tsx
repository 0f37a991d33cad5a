import { lazy, Suspense, useEffect, useState } from 'react';
import type { AccountAnswer, AccountState } from '../../../portal/index.ts';
import { adding, newWays, Overview } from '../account/overview.tsx';
import { sentTitle } from '../account/sent-title.ts';
import type { View } from '../account/view.ts';
import { addresses, signInAndBack } from '../addresses.ts';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';
import { loadRecoveryCodes } from '../parts/load-recovery-codes.ts';
import { useAction } from '../parts/use-action.ts';
import { Waiting } from '../parts/waiting.tsx';
import { useTexts } from '../texts.tsx';

const ConfirmView = lazy(async () => ({
  default: (await import('../account/confirm-view.tsx')).ConfirmView,
}));
const AddView = lazy(async () => ({ default: (await import('../account/add-view.tsx')).AddView }));
const AddSentView = lazy(async () => ({
  default: (await import('../account/add-sent-view.tsx')).AddSentView,
}));
const PhoneView = lazy(async () => ({ default: (await import('../account/phone-view.tsx')).PhoneView }));
const ChooseView = lazy(async () => ({ default: (await import('../account/choose-view.tsx')).ChooseView }));
const PasswordView = lazy(async () => ({
  default: (await import('../account/password-view.tsx')).PasswordView,
}));
const EndView = lazy(async () => ({ default: (await import('../account/end-view.tsx')).EndView }));
const RecoveryCodes = lazy(loadRecoveryCodes);

/** What somebody signed in sees and changes of their own account. */
export function Page({ state }: { state: AccountState }) {
  const { t } = useTexts();
  const { problem, run } = useAction();
  const [account, setAccount] = useState<AccountAnswer>();
  const [view, setView] = useState<View>({ at: 'overview' });

  const load = (): void =>
    run(
      async () => setAccount(await call<AccountAnswer>('GET', 'account')),
      ({ code }) => {
        if (code === 'sign-in-required') location.assign(signInAndBack());
      },
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(load, []);

  /** Shows the overview; what it says was fetched again unless nothing has changed. */
  function show(next: View): void {
    setView(next);
    if (next.at === 'overview' && next.news !== undefined) load();
  }
  const back = (): void => show({ at: 'overview' });
  const tell = (news: string): void => show({ at: 'overview', news });

  if (account === undefined) {
    return (
      <Card title={t('portal.account.title')}>
        {problem === undefined ? <Waiting /> : <Failure problem={problem} onAgain={load} />}
      </Card>
    );
  }

  function draw(known: AccountAnswer) {
    switch (view.at) {
      case 'overview':
        return <Overview account={known} news={view.news} onView={show} />;
      case 'confirm':
        return <ConfirmView change={view.change} account={known} onView={show} onCancel={back} />;
      case 'choose':
        return (
          <ChooseView methods={newWays(known)} onChoose={(id) => show(adding(known, id))} onCancel={back} />
        );
      case 'phone':
        return (
          <PhoneView
            title={sentTitle(known, 'sms', t)}
            typed={view.typed}
            refused={view.refused}
            onNumber={(phone) => show({ at: 'confirm', change: { kind: 'add-sent', method: 'sms', phone } })}
            onCancel={back}
          />
        );
      case 'add':
        return <AddView setup={view.setup} onAdded={() => tell(t('portal.account.added'))} onCancel={back} />;
      case 'add-sent':
        return (
          <AddSentView
            title={sentTitle(known, view.method, t)}
            method={view.method}
            sent={view.sent}
            onSent={(sent) => show({ ...view, sent })}
            onAdded={() =>
              tell(t(view.method === 'sms' ? 'portal.account.added-sms' : 'portal.account.added-email'))
            }
            onCancel={back}
          />
        );
      case 'codes':
        return (
          <RecoveryCodes
            codes={view.codes}
            name={known.user.name}
            onKept={() => {
              load();
              back();
            }}
          />
        );
      case 'password':
        return (
          <PasswordView
            name={known.user.name}
            minimum={state.minimumPasswordLength}
            onChanged={() => tell(t('portal.password.done'))}
            onCancel={back}
          />
        );
      case 'end':
        return (
          <EndView
            session={view.session}
            onEnded={() => tell(t('portal.account.ended-session'))}
            onCancel={back}
          />
        );
      case 'everywhere':
        return (
          <EndView
            all={known.sessions.length}
            onEnded={() => location.assign(addresses.signOut)}
            onCancel={back}
          />
        );
    }
  }

  return (
    <Suspense
      fallback={
        <main className="card">
          <Waiting />
        </main>
      }
    >
      {draw(account)}
    </Suspense>
  );
}
