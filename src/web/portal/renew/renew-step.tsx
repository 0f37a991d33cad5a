import { useState } from 'react';
import type { MethodId, OwnSessionAnswer, RenewedAnswer, SentAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { isSent, kindOf, type SentMethod } from '../parts/code-kind.ts';
import { SentCodeForm } from '../parts/sent-code-form.tsx';
import type { Sent } from '../parts/use-sending.ts';
import { Ways } from '../sign-in/ways.tsx';
import { type Translate, useTexts } from '../texts.tsx';
import { formatTime } from '../times.ts';
import { endOf } from './end-of.ts';

type RenewStepProps = {
  readonly renewal: NonNullable<OwnSessionAnswer['renewal']>;
  readonly onAnswer: (answer: RenewedAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

function questionOf(id: MethodId, digits: number | undefined, t: Translate): string {
  if (id === 'recovery') return t('portal.code.recovery');
  if (id === 'bypass') return t('portal.code.bypass');
  return digits === undefined ? t('portal.code.app') : t('portal.code.app-digits', { count: digits });
}

/** Asks for a code by the first method there is, and offers the others. */
export function RenewStep({ renewal, onAnswer, onProblem }: RenewStepProps) {
  const { t, locale } = useTexts();
  const { methods } = renewal;
  const [id, setId] = useState<MethodId>(methods[0]?.id ?? 'app');
  const [sent, setSent] = useState<Partial<Record<SentMethod, Sent>>>({});
  const [others, showOthers] = useState(false);
  const [end] = useState(() => endOf(renewal, new Date()));
  const rest = methods.filter((method) => method.id !== id);
  const common = {
    send: (code: string) => call<RenewedAnswer>('POST', 'session/renew', { method: id, code }),
    onAnswer,
    onProblem,
    submitLabel: t('portal.continue'),
  };
  const choose = (method: MethodId): void => {
    setId(method);
    showOthers(false);
  };
  const ways = <Ways methods={rest} onChoose={(method) => choose(method.id)} />;

  return (
    <Card title={t('portal.renew.title')}>
      <p>{t('portal.renew.lead', { time: formatTime({ t, locale }, end, new Date()) })}</p>
      {isSent(id) ? (
        <SentCodeForm
          key={id}
          via={id}
          sent={sent[id]}
          onSent={(news) => setSent((before) => ({ ...before, [id]: news }))}
          ask={() => call<SentAnswer>('POST', 'session/code', { method: id })}
          {...common}
        />
      ) : (
        <CodeForm
          key={id}
          label={questionOf(id, methods.find((method) => method.id === id)?.digits, t)}
          kind={kindOf(id)}
          digits={methods.find((method) => method.id === id)?.digits}
          {...common}
        />
      )}
      {others && ways}
      {!others && rest.length > 0 && (
        <button type="button" className="plain link" onClick={() => showOthers(true)}>
          {t('portal.code.stuck')}
        </button>
      )}
    </Card>
  );
}
