import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SubscriptionAnswer, SubscriptionShape } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useConfirm } from '../parts/confirm.tsx';
import { useNotice } from '../parts/notice.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';
import { useWords } from './words.ts';

type AssignFormProps = {
  readonly subscription: SubscriptionAnswer;
  readonly others: readonly SubscriptionShape[];
  readonly onAssigned: () => void;
};

const kinds = ['directory', 'domain', 'group', 'host'] as const;
type Kind = (typeof kinds)[number];

/** Assigns a directory, domain, group or host; says before what becomes of whom it moves, and from where it is taken. */
export function AssignForm({ subscription, others, onAssigned }: AssignFormProps) {
  const { t } = useTexts();
  const api = useApi('site');
  const words = useWords();
  const confirm = useConfirm();
  const notify = useNotice();
  const { busy, problem, run, forget } = useAction();
  const [kind, setKind] = useState<Kind>('directory');
  const [value, setValue] = useState('');
  const choices = { directory: subscription.directories, host: subscription.hosts }[kind as 'directory'];

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const wanted = { kind, value: value.trim() };
    const what = words.assignment(wanted);
    const owner = others.find(({ assignments }) =>
      assignments.some(
        (each) => each.kind === kind && each.value.toLowerCase() === wanted.value.toLowerCase(),
      ),
    );
    const { name } = subscription;
    run(async () => {
      const taken = owner === undefined ? '' : owner.name;
      const agreed = await confirm({
        title:
          owner === undefined
            ? t('console.subscriptions.assign.title', { what, name })
            : t('console.subscriptions.take.title', { what, from: taken }),
        text: kind === 'host' ? t('console.subscriptions.kind.host') : t('console.subscriptions.moves'),
        action: t(owner === undefined ? 'console.subscriptions.assign' : 'console.subscriptions.take.action'),
        destructive: owner !== undefined,
      });
      if (!agreed) return;
      const path = `subscriptions/${segment(subscription.id)}/assignments`;
      const from = owner === undefined || owner.deleted ? {} : { from: owner.id };
      await api.send('POST', path, { body: { ...wanted, ...from } });
      setValue('');
      notify(t('console.subscriptions.assigned', { what, name }));
      onAssigned();
    });
  }

  return (
    <form className="form" onSubmit={submit} noValidate>
      <NativeSelect
        size="md"
        label={t('console.subscriptions.kind')}
        value={kind}
        onChange={(event) => {
          forget();
          setValue('');
          setKind(kinds.find((each) => each === event.currentTarget.value) ?? 'directory');
        }}
        data={kinds.map((each) => ({ value: each, label: t(`console.subscriptions.kind.${each}`) }))}
      />
      {choices === undefined ? (
        <TextInput
          size="md"
          label={t(kind === 'group' ? 'console.subscriptions.value.group' : 'console.subscriptions.value')}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      ) : (
        <NativeSelect
          size="md"
          label={t('console.subscriptions.value')}
          description={
            kind === 'host' && choices.length === 0 ? t('console.subscriptions.no-hosts') : undefined
          }
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          data={[{ value: '', label: t('console.subscriptions.value.choose') }, ...choices]}
        />
      )}
      {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
      <div className="row ends">
        <Button type="submit" size="md" variant="default" aria-busy={busy} disabled={value.trim() === ''}>
          {t('console.subscriptions.assign')}
        </Button>
      </div>
    </form>
  );
}
