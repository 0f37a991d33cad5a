import { Button } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { SentAnswer } from '../../../portal/index.ts';
import type { Problem } from '../api.ts';
import { type Translate, useTexts } from '../texts.tsx';
import { formatCountdown, formatTime } from '../times.ts';
import { CodeForm } from './code-form.tsx';
import type { SentMethod } from './code-kind.ts';
import { Message } from './message.tsx';
import { describeProblem } from './use-action.ts';
import { useNow } from './use-now.ts';
import { type Sending, type Sent, useSending } from './use-sending.ts';
import { Waiting } from './waiting.tsx';

type SentCodeFormProps<Answer> = {
  readonly via: SentMethod;
  /** What was sent before, kept by whoever draws this: coming back to a step sends nothing. */
  readonly sent: Sent | undefined;
  readonly onSent: (sent: Sent) => void;
  /** Has a code sent. */
  readonly ask: () => Promise<SentAnswer>;
  /** Checks a typed code. */
  readonly send: (code: string) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly submitLabel?: string;
  readonly destructive?: boolean;
  /** What else there is below a form, and instead of one that could not be had. */
  readonly below?: ReactNode;
  readonly instead?: ReactNode;
};

type Reader = { readonly t: Translate; readonly locale: string };

/** Why no code came, with the time in the reader's own clock where waiting is all that helps. */
function describeUnsent(problem: Problem, againAt: number, now: number, { t, locale }: Reader): string {
  if (problem.code === 'too-many-codes' && problem.retryAfter !== undefined) {
    return t('portal.code.too-many', { time: formatTime({ t, locale }, new Date(againAt), new Date(now)) });
  }
  return describeProblem(problem, t);
}

/** Another code, once the wait is over. The button stays where it is, or the focus would be lost. */
function Resend({ sending: { busy, againAt, send }, now }: { sending: Sending; now: number }) {
  const { t } = useTexts();
  const wait = useId();
  const waits = againAt > now;
  return (
    <p className="resend">
      <button
        type="button"
        className="plain"
        aria-disabled={busy || waits}
        aria-describedby={wait}
        onClick={() => !busy && !waits && send()}
      >
        {t('portal.code.resend')}
      </button>{' '}
      <span className="figures" id={wait}>
        {busy && t('portal.code.sending')}
        {!busy && waits && t('portal.code.resend-in', { time: formatCountdown(againAt - now) })}
      </span>
    </p>
  );
}

/** One big button where nothing else can be done. */
function SendAgain({ sending: { busy, againAt, send }, now }: { sending: Sending; now: number }) {
  const { t } = useTexts();
  const waits = againAt > now;
  return (
    <Button
      size="md"
      fullWidth
      autoFocus
      aria-disabled={waits}
      aria-busy={busy}
      className={waits ? 'waits figures' : 'figures'}
      onClick={() => !waits && send()}
    >
      {busy && t('portal.code.sending')}
      {!busy && t('portal.code.resend')}
      {!busy && waits && ` ${t('portal.code.resend-in', { time: formatCountdown(againAt - now) })}`}
    </Button>
  );
}

/**
 * Has a code sent and asks for it: what became of the message, until when it is good, another one when that is
 * possible, and what to do when none can be had.
 */
export function SentCodeForm<Answer>(props: SentCodeFormProps<Answer>) {
  const { via, sent, onSent, ask, send, onAnswer, onProblem, below, instead } = props;
  const { t, locale } = useTexts();
  const now = useNow(1000);
  const sending = useSending({ ask, sent, onSent, onProblem });
  const { busy, problem, waitsUntil, againAt } = sending;

  if (sent === undefined) {
    if (waitsUntil !== undefined) {
      return (
        <>
          <p role="status">{t('portal.code.soon')}</p>
          <p className="quiet figures" role="timer" aria-live="off">
            {t('portal.locked.left', { time: formatCountdown(waitsUntil - now) })}
          </p>
          {below}
        </>
      );
    }
    if (problem === undefined) {
      return (
        <>
          <p role="status">{t('portal.code.sending')}</p>
          <Waiting silent />
        </>
      );
    }
    return (
      <>
        <Message tone="refusal">{describeUnsent(problem, againAt, now, { t, locale })}</Message>
        {instead}
        {againAt <= now && (
          <button type="button" className="plain link" onClick={sending.send}>
            {t('portal.try-again')}
          </button>
        )}
      </>
    );
  }

  const refused = problem !== undefined && (
    <Message tone="refusal">{describeUnsent(problem, againAt, now, { t, locale })}</Message>
  );
  if (sent.expiresAt <= now) {
    return (
      <>
        {refused || <Message tone="attention">{t('portal.code.expired')}</Message>}
        <SendAgain sending={sending} now={now} />
        {below}
      </>
    );
  }
  const until = formatTime({ t, locale }, new Date(sent.expiresAt), new Date(now));
  return (
    <>
      {refused}
      <CodeForm
        label={t(via === 'sms' ? 'portal.code.sms' : 'portal.code.email', {
          hint: sent.hint,
          count: sent.digits,
        })}
        kind="sent"
        digits={sent.digits}
        send={send}
        onAnswer={onAnswer}
        onProblem={(failure) => {
          if (failure.code === 'code-expired') onSent({ ...sent, expiresAt: 0 });
          onProblem(failure);
        }}
        attention={sent.count}
        {...(props.submitLabel === undefined ? {} : { submitLabel: props.submitLabel })}
        destructive={props.destructive ?? false}
      >
        <div className="quiet">
          <p role="status">
            {!busy && t(sent.count > 1 ? 'portal.code.sent-again' : 'portal.code.until', { time: until })}
          </p>
          {via === 'email' && <p>{t('portal.code.spam')}</p>}
          <Resend sending={sending} now={now} />
        </div>
      </CodeForm>
      {below}
    </>
  );
}
