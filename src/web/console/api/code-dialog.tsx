import { useEffect, useState } from 'react';
import type { MethodId, OwnSessionAnswer, RenewedAnswer, SentAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../../portal/api.ts';
import { CodeForm } from '../../portal/parts/code-form.tsx';
import { isSent, kindOf, type SentMethod } from '../../portal/parts/code-kind.ts';
import { Failure } from '../../portal/parts/failure.tsx';
import { SentCodeForm } from '../../portal/parts/sent-code-form.tsx';
import { useAction } from '../../portal/parts/use-action.ts';
import type { Sent } from '../../portal/parts/use-sending.ts';
import { Waiting } from '../../portal/parts/waiting.tsx';
import { Ways } from '../../portal/sign-in/ways.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useTexts } from '../texts.ts';

type CodeDialogProps = { readonly onDone: () => void; readonly onCancel: () => void };
type Methods = NonNullable<OwnSessionAnswer['renewal']>['methods'];

/** Ended meanwhile: the call is made again, and then says so itself. */
const over: readonly string[] = ['sign-in-required', 'sign-in-expired'];

/** Asks for a code in place, before something is changed: whoever left their desk open has given nothing away. */
export function CodeDialog({ onDone, onCancel }: CodeDialogProps) {
  const { t } = useTexts();
  const { problem, run } = useAction();
  const [methods, setMethods] = useState<Methods>();

  const load = (): void =>
    run(
      async () => setMethods((await call<OwnSessionAnswer>('GET', 'session')).renewal?.methods ?? []),
      ({ code }) => over.includes(code) && onDone(),
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it opens.
  useEffect(load, []);

  return (
    <Dialog title={t('console.code.title')} onClose={onCancel}>
      <p>{t('console.code.lead')}</p>
      {methods === undefined && problem === undefined && <Waiting />}
      {problem !== undefined && <Failure problem={problem} onAgain={load} />}
      {methods?.length === 0 && <p role="alert">{t('console.code.impossible')}</p>}
      {methods !== undefined && methods.length > 0 && (
        <CodeSteps
          methods={methods}
          onDone={onDone}
          onProblem={({ code }) => over.includes(code) && onDone()}
        />
      )}
    </Dialog>
  );
}

function questionOf(id: MethodId, digits: number | undefined, t: ReturnType<typeof useTexts>['t']): string {
  if (id === 'recovery') return t('portal.code.recovery');
  if (id === 'bypass') return t('portal.code.bypass');
  return digits === undefined ? t('portal.code.app') : t('portal.code.app-digits', { count: digits });
}

type CodeStepsProps = {
  readonly methods: Methods;
  readonly onDone: () => void;
  readonly onProblem: (problem: Problem) => void;
};

function CodeSteps({ methods, onDone, onProblem }: CodeStepsProps) {
  const { t } = useTexts();
  const [id, setId] = useState<MethodId>(methods[0]?.id ?? 'app');
  const [sent, setSent] = useState<Partial<Record<SentMethod, Sent>>>({});
  const [others, showOthers] = useState(false);
  const chosen = methods.find((method) => method.id === id);
  const rest = methods.filter((method) => method.id !== id);
  const common = {
    send: (code: string) => call<RenewedAnswer>('POST', 'session/renew', { method: id, code }),
    onAnswer: ({ status }: RenewedAnswer) => {
      if (status === 'renewed') onDone();
    },
    onProblem,
    submitLabel: t('portal.continue'),
  };
  return (
    <>
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
          label={questionOf(id, chosen?.digits, t)}
          kind={kindOf(id)}
          digits={chosen?.digits}
          {...common}
        />
      )}
      {others && (
        <Ways
          methods={rest}
          onChoose={(method) => {
            setId(method.id);
            showOthers(false);
          }}
        />
      )}
      {!others && rest.length > 0 && (
        <button type="button" className="plain link" onClick={() => showOthers(true)}>
          {t('portal.code.stuck')}
        </button>
      )}
    </>
  );
}
