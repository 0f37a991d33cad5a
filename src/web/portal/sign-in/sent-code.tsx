import { useEffect, useState } from 'react';
import type { SentAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Message } from '../parts/message.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useNow } from '../parts/use-now.ts';
import { useTexts } from '../texts.tsx';
import { formatCountdown } from '../times.ts';

type SentCodeProps = { readonly method: 'sms' | 'email'; readonly onProblem: (problem: Problem) => void };

/** Has a code sent when the step begins, and again when asked. */
export function SentCode({ method, onProblem }: SentCodeProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const [again, setAgain] = useState(0);
  const now = useNow(1000);

  const send = (): void =>
    run(async () => {
      const sent = await call<SentAnswer>('POST', 'sign-in/code', { method });
      setAgain(Date.now() + sent.resendAfter * 1000);
    }, onProblem);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each method, not for each rendering.
  useEffect(send, [method]);

  if (problem !== undefined) return <Message tone="refusal">{describeProblem(problem, t)}</Message>;
  if (busy) return <p className="quiet">{t('portal.code.sending')}</p>;
  if (again > now) {
    return <p className="quiet">{t('portal.code.resend-in', { time: formatCountdown(again - now) })}</p>;
  }
  return (
    <button type="button" className="plain" onClick={send}>
      {t('portal.code.resend')}
    </button>
  );
}
