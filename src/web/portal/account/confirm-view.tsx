import { useEffect, useState } from 'react';
import type {
  AccountAnswer,
  AppSetupAnswer,
  MethodId,
  RecoveryCodesAnswer,
  SentAnswer,
} from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { isSent, kindOf, type SentMethod } from '../parts/code-kind.ts';
import { loadRecoveryCodes } from '../parts/load-recovery-codes.ts';
import { isAboutNumber } from '../parts/phone-form.tsx';
import { SentCodeForm } from '../parts/sent-code-form.tsx';
import { type Sent, sentNow } from '../parts/use-sending.ts';
import { type Translate, useTexts } from '../texts.tsx';
import { sentTitle } from './sent-title.ts';
import type { Change, View } from './view.ts';

type ConfirmViewProps = {
  readonly change: Change;
  readonly account: AccountAnswer;
  readonly onView: (view: View) => void;
  readonly onCancel: () => void;
};

/** The order in which a code is asked for; what costs a message or a recovery code comes later. */
const preference: readonly MethodId[] = ['app', 'sms', 'email', 'recovery', 'bypass'];

/** The proof was good, but the message to the new place didn't go: from here it can be sent again. */
const unsent: readonly string[] = [
  'code-just-sent',
  'too-many-codes',
  'sender-unavailable',
  'budget-exhausted',
];

const question = {
  app: 'portal.account.confirm-app',
  recovery: 'portal.account.confirm-recovery',
  bypass: 'portal.code.bypass',
} as const;

const instead = {
  app: 'portal.account.use-app',
  sms: 'portal.account.use-sms',
  email: 'portal.account.use-email',
  recovery: 'portal.account.use-recovery',
  bypass: 'portal.other.bypass',
} as const;

function titleOf(change: Change, account: AccountAnswer, t: Translate): string {
  switch (change.kind) {
    case 'add-app':
      return t('portal.account.add-app');
    case 'add-sent':
      return sentTitle(account, change.method, t);
    case 'recovery':
      return t('portal.account.recovery-title');
    case 'remove':
      return t('portal.account.remove-title', { label: change.factor.label });
  }
}

/** What the change means, where its title doesn't say it. */
function meaningOf(change: Change, t: Translate): string | undefined {
  if (change.kind === 'recovery') return t('portal.account.recovery-text');
  if (change.kind !== 'remove') return undefined;
  return t(change.factor.sent ? 'portal.account.remove-sent-text' : 'portal.account.remove-text');
}

/** Makes the change, and says what comes next. */
async function make(change: Change, proof: { method: MethodId; code: string }, t: Translate): Promise<View> {
  switch (change.kind) {
    case 'add-app':
      return { at: 'add', setup: await call<AppSetupAnswer>('POST', 'account/app', proof) };
    case 'add-sent': {
      const { method, phone } = change;
      const body = phone === undefined ? proof : { ...proof, phone };
      const answer = await call<SentAnswer>('POST', `account/${method}`, body);
      return { at: 'add-sent', method, sent: sentNow(answer) };
    }
    case 'recovery': {
      const { recoveryCodes } = await call<RecoveryCodesAnswer>('POST', 'account/recovery', proof);
      return { at: 'codes', codes: recoveryCodes };
    }
    case 'remove':
      await call('POST', `account/factors/${encodeURIComponent(change.factor.id)}/remove`, proof);
      return { at: 'overview', news: t('portal.account.removed', { label: change.factor.label }) };
  }
}

/** Asks for a code before a change to somebody's factors: an open browser alone must not be enough. */
export function ConfirmView({ change, account, onView, onCancel }: ConfirmViewProps) {
  const { t } = useTexts();
  const { methods } = account;
  const known = preference.filter((id) => methods.some((method) => method.id === id));
  const [id, setId] = useState<MethodId>(known[0] ?? 'app');
  const [sent, setSent] = useState<Partial<Record<SentMethod, Sent>>>({});
  const others = known.filter((each) => each !== id);
  const meaning = meaningOf(change, t);

  useEffect(() => {
    if (change.kind === 'recovery') loadRecoveryCodes().catch(() => {});
  }, [change]);

  function fail(problem: Problem): void {
    if (change.kind !== 'add-sent') return;
    if (change.phone !== undefined && isAboutNumber(problem)) {
      onView({ at: 'phone', typed: change.phone, refused: problem });
    } else if (unsent.includes(problem.code)) {
      onView({ at: 'add-sent', method: change.method });
    }
  }
  const common = {
    send: (code: string) => make(change, { method: id, code }, t),
    onAnswer: onView,
    onProblem: fail,
    submitLabel: t(change.kind === 'remove' ? 'portal.account.remove' : 'portal.continue'),
    destructive: change.kind === 'remove',
  };

  return (
    <Card title={titleOf(change, account, t)}>
      {meaning !== undefined && <p>{meaning}</p>}
      {isSent(id) ? (
        <SentCodeForm
          key={id}
          via={id}
          sent={sent[id]}
          onSent={(news) => setSent((before) => ({ ...before, [id]: news }))}
          ask={() => call<SentAnswer>('POST', 'account/code', { method: id })}
          {...common}
        />
      ) : (
        <CodeForm
          key={id}
          label={t(question[id])}
          kind={kindOf(id)}
          digits={methods.find((method) => method.id === id)?.digits}
          {...common}
        />
      )}
      <div className="stack links">
        {others.map((other) => (
          <button key={other} type="button" className="plain" onClick={() => setId(other)}>
            {t(instead[other])}
          </button>
        ))}
        <button type="button" className="plain" onClick={onCancel}>
          {t('portal.cancel')}
        </button>
      </div>
    </Card>
  );
}
