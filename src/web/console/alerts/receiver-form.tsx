import { Button, Checkbox, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { AddedReceiverAnswer, AlertReceiverBody, AlertsAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { Failure } from '../parts/failure.tsx';
import { useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';

type ReceiverFormProps = {
  readonly events: AlertsAnswer['events'];
  readonly onAdded: (answer: AddedReceiverAnswer) => void;
};

type Event = AlertsAnswer['events'][number]['id'];

/** Somebody, or a program, that is to be told. */
export function ReceiverForm({ events, onAdded }: ReceiverFormProps) {
  const { t, language } = useTexts();
  const api = useApi('site');
  const { busy, problem, run } = useAction();
  const [channel, setChannel] = useState<'email' | 'webhook'>('email');
  const [chosen, setChosen] = useState<readonly Event[]>(events.map(({ id }) => id));
  const about = problem?.code === 'invalid-setting' ? String(problem.answer?.setting ?? '') : undefined;
  const wrongTarget = about === 'target' || problem?.code === 'invalid-address';
  const wrong = t('console.alerts.wrong');

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const ca = text('ca');
    const body: AlertReceiverBody = {
      name: text('name'),
      channel,
      target: text('target'),
      events: [...chosen],
      language: text('language') === 'fr' ? 'fr' : 'en',
      ...(channel === 'webhook' && ca !== '' ? { ca } : {}),
    };
    run(async () => onAdded(await api.send<AddedReceiverAnswer>('POST', 'alerts', { body })));
  }

  const error = (is: boolean) => ({ error: is ? wrong : undefined, errorProps: { role: 'alert' } });
  return (
    <form className="form receiver" onSubmit={submit}>
      <TextInput
        size="md"
        name="name"
        label={t('console.alerts.name')}
        description={t('console.alerts.name-help')}
        required
        maxLength={100}
        autoComplete="off"
        data-autofocus
        {...error(about === 'name')}
      />
      <Radio.Group
        name="channel"
        label={t('console.alerts.how')}
        size="md"
        value={channel}
        onChange={(value) => setChannel(value === 'webhook' ? 'webhook' : 'email')}
      >
        <div className="options">
          <Radio
            size="md"
            value="email"
            label={t('console.alerts.email')}
            description={t('console.alerts.email-help')}
          />
          <Radio
            size="md"
            value="webhook"
            label={t('console.alerts.webhook')}
            description={t('console.alerts.webhook-help')}
          />
        </div>
      </Radio.Group>
      <TextInput
        key={channel}
        size="md"
        name="target"
        type={channel === 'email' ? 'email' : 'url'}
        label={t(channel === 'email' ? 'console.alerts.address' : 'console.alerts.url')}
        placeholder={channel === 'email' ? 'name@example.com' : 'https://'}
        required
        maxLength={2_048}
        autoComplete="off"
        spellCheck={false}
        {...error(wrongTarget)}
      />
      {channel === 'webhook' && (
        <Textarea
          size="md"
          name="ca"
          label={t('console.alerts.ca')}
          description={t('console.alerts.ca-help')}
          rows={3}
          spellCheck={false}
          {...error(about === 'ca')}
        />
      )}
      <Checkbox.Group
        label={t('console.alerts.events')}
        size="md"
        value={[...chosen]}
        onChange={(values) => setChosen(events.flatMap(({ id }) => (values.includes(id) ? [id] : [])))}
      >
        <div className="options">
          {events.map(({ id, title }) => (
            <Checkbox key={id} size="md" value={id} label={title} />
          ))}
        </div>
      </Checkbox.Group>
      <NativeSelect
        size="md"
        name="language"
        label={t('console.alerts.language')}
        defaultValue={language}
        data={[
          { value: 'en', label: 'English' },
          { value: 'fr', label: 'Français' },
        ]}
      />
      {problem !== undefined && !wrongTarget && about === undefined && <Failure problem={problem} />}
      <Button type="submit" size="md" aria-busy={busy} disabled={chosen.length === 0}>
        {t('console.alerts.add-submit')}
      </Button>
    </form>
  );
}
