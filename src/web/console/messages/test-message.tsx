import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TestMessageAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { tidyPhoneNumber } from '../../portal/parts/tidy-phone-number.ts';
import { useApi } from '../api/use-api.ts';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';

type TestMessageProps = {
  readonly kind: 'sms' | 'email';
  /** The form above holds changes: what is tried is what is stored. */
  readonly unsaved: boolean;
  readonly onSent: () => void;
};

/** Sends a test message, and says what became of it in the provider's words and in ours. */
export function TestMessage({ kind, unsaved, onSent }: TestMessageProps) {
  const { t } = useTexts();
  const api = useApi();
  const { busy, problem, run } = useAction();
  const [to, setTo] = useState('');
  const [result, setResult] = useState<TestMessageAnswer>();

  function send(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setResult(undefined);
    run(async () => {
      const address = kind === 'sms' ? tidyPhoneNumber(to) : to.trim();
      const body = { to: address };
      setResult(await api.send<TestMessageAnswer>('POST', `messages/${kind}/test`, { body }));
      onSent();
    });
  }

  return (
    <form className="form sender test" onSubmit={send} noValidate>
      <h3>{t('console.messages.test')}</h3>
      <div className="test-line">
        <TextInput
          size="md"
          type={kind === 'sms' ? 'tel' : 'email'}
          label={t(`console.messages.${kind}.test-to`)}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          error={problem && describeProblem(problem, t)}
          errorProps={{ role: 'alert' }}
          autoComplete="off"
          maxLength={320}
        />
        <Button type="submit" variant="default" size="md" aria-busy={busy} disabled={to.trim() === ''}>
          {t(busy ? 'console.messages.sending' : 'console.messages.send-test')}
        </Button>
      </div>
      {unsaved && <p className="quiet">{t('console.messages.unsaved')}</p>}
      {result?.sent === true && (
        <Message tone="news">{t(`console.messages.${kind}.test-sent`, { to: result.to })}</Message>
      )}
      {result?.sent === false && (
        <div className="message refusal" role="alert">
          <p>{result.explanation ?? t('console.messages.test-failed')}</p>
          {result.provider !== undefined && (
            <p>
              {result.providerError === undefined
                ? t('console.messages.provider', { words: result.provider })
                : t('console.messages.provider-error', {
                    error: result.providerError,
                    words: result.provider,
                  })}
            </p>
          )}
        </div>
      )}
    </form>
  );
}
