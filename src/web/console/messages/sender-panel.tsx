import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { EmailSenderAnswer, SmsSenderAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import type { Problem } from '../api/request.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { ConflictDialog } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { type Field, patchOf, storedText, type Typed } from './fields.ts';
import { SenderField } from './sender-field.tsx';
import { TestMessage } from './test-message.tsx';

type SenderPanelProps = {
  readonly kind: 'sms' | 'email';
  readonly fields: readonly Field[];
  /** Below the form. */
  readonly children?: ReactNode;
};

const usualPort: Readonly<Record<string, string>> = { starttls: '587', tls: '465', none: '25' };

/** The field that a problem is about, as the API calls it. */
const fieldOf = (problem: Problem | undefined): string | undefined =>
  problem?.code === 'invalid-setting' ? String(problem.answer?.setting ?? '') : undefined;

/** How one kind of messages is sent: set up, change, try, and take away. */
export function SenderPanel({ kind, fields, children }: SenderPanelProps) {
  const { t } = useTexts();
  const { may } = useConsole();
  const format = useFormat();
  const confirm = useConfirm();
  const notify = useNotice();
  const id = useId();
  const stored = useVersioned<SmsSenderAnswer | EmailSenderAnswer>(`messages/${kind}`);
  const { busy, problem, run, forget } = useAction();
  const [typed, setTyped] = useState<Typed>({});
  const title = t(`console.messages.${kind}.title`);
  const sender = stored.value?.sender;
  const about = fieldOf(problem);
  const known = fields.some(({ name }) => name === about);

  function type(field: Field, text: string): void {
    forget();
    setTyped((before) => {
      const after = { ...before, [field.name]: text };
      const { port } = before;
      // The usual port goes with the encryption, until somebody says otherwise.
      const usual = port === undefined || Object.values(usualPort).includes(port);
      if (field.name === 'security' && usual) return { ...after, port: usualPort[text] ?? '' };
      return after;
    });
  }

  function save(event?: FormEvent<HTMLFormElement>): void {
    event?.preventDefault();
    run(async () => {
      if ((await stored.save('PATCH', patchOf(fields, sender, typed))) === 'conflict') return;
      setTyped({});
      notify(t('console.messages.saved'));
    });
  }

  function remove(): void {
    run(async () => {
      const question = {
        title: t(`console.messages.${kind}.remove-title`),
        text: t(`console.messages.${kind}.remove-text`),
        action: t('console.messages.remove'),
      };
      if (!(await confirm(question))) return;
      if ((await stored.save('DELETE')) === 'conflict') return;
      setTyped({});
      stored.reload();
      notify(t('console.messages.removed'));
    });
  }

  if (stored.value === undefined) {
    return (
      <section className="panel" aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        {stored.problem === undefined ? (
          <Loading />
        ) : (
          <Failure problem={stored.problem} onAgain={stored.reload} />
        )}
      </section>
    );
  }

  const { theirs } = stored;
  const changed = Object.keys(typed).length > 0;
  const secretKept = sender !== undefined && ('authToken' in sender ? sender.authToken : sender.password);
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {sender === undefined ? (
        <p>
          {t(stored.value.shared === true ? 'console.messages.shared' : `console.messages.${kind}.first`)}
        </p>
      ) : (
        <p className="quiet">
          {t('console.messages.used', {
            used: format.number(sender.used),
            budget: format.number(sender.hourlyBudget),
          })}
        </p>
      )}
      <form className="form sender" onSubmit={save} noValidate>
        <fieldset className="fields" disabled={!may('administer')}>
          <legend className="unseen">{title}</legend>
          {fields.map((field) => (
            <SenderField
              key={field.name}
              field={field}
              text={typed[field.name] ?? storedText(field, sender)}
              kept={secretKept}
              error={
                about === field.name
                  ? t('console.messages.wrong-field', { allowed: String(problem?.answer?.allowed ?? '') })
                  : undefined
              }
              onType={(text) => type(field, text)}
            />
          ))}
        </fieldset>
        {sender !== undefined && 'countries' in sender && sender.countries.length === 0 && (
          <Message tone="attention">{t('console.messages.sms.anywhere')}</Message>
        )}
        {problem !== undefined && !known && <Failure problem={problem} />}
        {may('administer') && (
          <div className="row">
            <Button type="submit" size="md" aria-busy={busy} disabled={!changed && sender !== undefined}>
              {t('console.messages.save')}
            </Button>
            {sender !== undefined && (
              <Button variant="default" size="md" className="grave" onClick={remove}>
                {t('console.messages.remove')}
              </Button>
            )}
          </div>
        )}
      </form>
      {(sender !== undefined || stored.value.shared === true) && may('administer') && (
        <TestMessage kind={kind} unsaved={changed} onSent={stored.reload} />
      )}
      {children}
      {theirs !== undefined && (
        <ConflictDialog
          differences={fields.flatMap((field) => {
            const now = storedText(field, theirs.sender);
            if (now === storedText(field, sender)) return [];
            return [{ label: t(field.label), theirs: now, mine: typed[field.name] }];
          })}
          onKeepMine={save}
          onTakeTheirs={() => {
            stored.takeTheirs();
            setTyped({});
          }}
          onClose={stored.undecided}
        />
      )}
    </section>
  );
}
