import { type ReactNode, useEffect, useState } from 'react';
import type {
  AppSetupAnswer,
  MethodId,
  OfferedMethodAnswer,
  SentAnswer,
  StepAnswer,
} from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { isSent } from '../parts/code-kind.ts';
import { loadRecoveryCodes } from '../parts/load-recovery-codes.ts';
import { MethodChoice } from '../parts/method-choice.tsx';
import { PhoneForm } from '../parts/phone-form.tsx';
import { SentCodeForm } from '../parts/sent-code-form.tsx';
import { type Sent, sentNow } from '../parts/use-sending.ts';
import { useTexts } from '../texts.tsx';
import { EnrolApp } from './enrol-app.tsx';
import { TicketForm } from './ticket-form.tsx';

type EnrolStepProps = {
  readonly methods: readonly OfferedMethodAnswer[];
  /** The usual one. */
  readonly first: MethodId;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** What an enrolment begins with, beyond its method. */
type Beginning = { readonly phone?: string; readonly ticket?: string };

/** Binding a first second factor: which one where there is a choice, what it needs, then a first code of it. */
export function EnrolStep({ methods, first, onAnswer, onProblem }: EnrolStepProps) {
  const { t } = useTexts();
  const [method, setMethod] = useState(methods.length === 1 ? methods[0]?.id : undefined);
  const [given, setGiven] = useState<Beginning>({});
  const [ticketAsked, setTicketAsked] = useState(false);
  const [setup, setSetup] = useState<AppSetupAnswer>();
  const [sent, setSent] = useState<Sent>();

  useEffect(() => {
    loadRecoveryCodes().catch(() => {});
  }, []);

  /** A ticket can also be asked for later: when another one was issued meanwhile. */
  function fail(problem: Problem): void {
    if (problem.code === 'ticket-required') {
      setSetup(undefined);
      setSent(undefined);
      setTicketAsked(true);
    } else {
      onProblem(problem);
    }
  }

  async function begin(chosen: MethodId, beginning: Beginning): Promise<void> {
    setGiven(beginning);
    if (isSent(chosen)) setSent(sentNow(await call<SentAnswer>('POST', `enrol/${chosen}`, beginning)));
    else setSetup(await call<AppSetupAnswer>('POST', 'enrol/app', beginning));
    setTicketAsked(false);
  }

  function choose(next: MethodId | undefined): void {
    setSent(undefined);
    setMethod(next);
  }

  if (methods.length === 0) {
    return (
      <Card title={t('portal.choice.title')}>
        <p>{t('portal.enrol.unavailable')}</p>
      </Card>
    );
  }
  if (method === undefined) {
    const usualFirst = [...methods].sort(
      (one, other) => Number(other.id === first) - Number(one.id === first),
    );
    return (
      <Card key="choice" title={t('portal.choice.title')}>
        <p>{t('portal.choice.lead')}</p>
        <MethodChoice methods={usualFirst} onChoose={choose} />
      </Card>
    );
  }
  if (ticketAsked) {
    return (
      <Card key="ticket" title={t('portal.ticket.title')}>
        <p>{t('portal.ticket.lead')}</p>
        <TicketForm onTicket={(ticket) => begin(method, { ...given, ticket })} onProblem={onProblem} />
      </Card>
    );
  }

  const link = (text: string, onClick: () => void): ReactNode => (
    <button type="button" className="plain link" onClick={onClick}>
      {text}
    </button>
  );
  const below = methods.length > 1 && link(t('portal.choice.other'), () => choose(undefined));
  if (!isSent(method)) {
    return (
      <EnrolApp
        setup={setup}
        begin={() => begin(method, given)}
        onAnswer={onAnswer}
        onProblem={fail}
        below={below}
      />
    );
  }
  const ownNumber = method === 'sms' && methods.every(({ id, hint }) => id !== 'sms' || hint === undefined);
  if (ownNumber && sent === undefined) {
    return (
      <Card key="phone" title={t('portal.phone.title')}>
        <p>{t('portal.phone.lead')}</p>
        <PhoneForm
          typed={given.phone ?? ''}
          onNumber={(phone) => begin(method, { ...given, phone })}
          onProblem={fail}
        />
        {below}
      </Card>
    );
  }
  return (
    <Card key={method} title={t('portal.code.title')}>
      <SentCodeForm
        via={method}
        sent={sent}
        onSent={setSent}
        ask={() => call<SentAnswer>('POST', `enrol/${method}`, given)}
        send={(code) => call<StepAnswer>('POST', 'enrol/verify', { method, code })}
        onAnswer={onAnswer}
        onProblem={fail}
        below={ownNumber ? link(t('portal.phone.change'), () => setSent(undefined)) : below}
        instead={below}
      />
    </Card>
  );
}
