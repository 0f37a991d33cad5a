import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AddedReceiverAnswer, AlertsAnswer, AlertTestAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { SecretDialog } from '../parts/secret-dialog.tsx';
import { SideDrawer, useDrawer } from '../parts/side-drawer.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { ReceiverForm } from './receiver-form.tsx';
import './alerts.css';

type Receiver = AlertsAnswer['items'][number];
type Tried = { readonly name: string; readonly answer: AlertTestAnswer };

/** Who is told, by email or webhook, of what needs somebody. */
export function Page() {
  const { t, language } = useTexts();
  const { may } = useConsole();
  const api = useApi('site');
  const format = useFormat();
  const place = useDrawer('/alerts');
  const confirm = useConfirm();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [secret, setSecret] = useState<string>();
  const [tried, setTried] = useState<Tried>();
  const alerts = useLoad(() => api.get<AlertsAnswer>('alerts'), language);
  const { value } = alerts;
  const changes = may('administer', 'site');
  const titles = new Map(value?.events.map(({ id, title }) => [id, title]));

  function test({ id, name }: Receiver): void {
    setTried(undefined);
    run(async () => {
      const answer = await api.send<AlertTestAnswer>('POST', `alerts/${segment(id)}/test`);
      setTried({ name, answer });
    });
  }

  function remove({ id, name }: Receiver): void {
    run(async () => {
      const question = {
        title: t('console.alerts.remove-title', { name }),
        text: t('console.alerts.remove-text'),
        action: t('console.alerts.remove'),
      };
      if (!(await confirm(question))) return;
      await api.send('DELETE', `alerts/${segment(id)}`);
      notify(t('console.alerts.removed', { name }));
      alerts.reload();
    });
  }

  function added({ receiver, secret: shownOnce }: AddedReceiverAnswer): void {
    place.close();
    setSecret(shownOnce);
    notify(t('console.alerts.added', { name: receiver.name }));
    alerts.reload();
  }

  const add = (
    <Button size="md" onClick={() => place.show('new')}>
      {t('console.alerts.add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('console.nav.alerts')} purpose={t('console.alerts.purpose')}>
        {changes && add}
      </PageHeader>
      {problem !== undefined && <Failure problem={problem} />}
      {tried !== undefined && (
        <div className="tried">
          <Message tone={tried.answer.sent ? 'news' : 'refusal'}>
            {tried.answer.sent
              ? t('console.alerts.test-sent', { name: tried.name })
              : t('console.alerts.test-failed', {
                  name: tried.name,
                  explanation: tried.answer.explanation ?? '',
                })}
          </Message>
        </div>
      )}
      <DataTable
        caption={t('console.alerts.receivers')}
        keyOf={({ id }: Receiver) => id}
        nameOf={({ name }) => name}
        pages={{
          items: value?.items ?? [],
          loading: alerts.loading,
          problem: alerts.problem,
          reload: alerts.reload,
        }}
        empty={
          <EmptyState title={t('console.alerts.none')}>
            <p>{t('console.alerts.none-text')}</p>
          </EmptyState>
        }
        columns={[
          { key: 'name', head: t('console.alerts.name'), cell: ({ name }) => name },
          {
            key: 'to',
            head: t('console.alerts.to'),
            cell: ({ channel, hint }) => (
              <>
                <span className="tag">{t(`console.alerts.${channel}`)}</span>{' '}
                <span className="hint">{hint}</span>
              </>
            ),
          },
          {
            key: 'events',
            head: t('console.alerts.events'),
            minor: true,
            cell: ({ events }) =>
              events.length === titles.size
                ? t('console.alerts.everything')
                : events.map((event) => titles.get(event) ?? event).join('; '),
          },
          {
            key: 'since',
            head: t('console.alerts.since'),
            minor: true,
            cell: ({ addedAt }) => format.date(addedAt),
          },
          {
            key: 'actions',
            head: t('console.alerts.actions'),
            cell: (receiver) =>
              changes && (
                <span className="receiver-actions">
                  <button type="button" className="plain" aria-busy={busy} onClick={() => test(receiver)}>
                    {t('console.alerts.test')}
                  </button>
                  <button type="button" className="plain" onClick={() => remove(receiver)}>
                    {t('console.alerts.remove')}
                  </button>
                </span>
              ),
          },
        ]}
      />
      {place.open === 'new' && changes && value !== undefined && (
        <SideDrawer title={t('console.alerts.add')} onClose={place.close}>
          <ReceiverForm events={value.events} onAdded={added} />
        </SideDrawer>
      )}
      {secret !== undefined && (
        <SecretDialog
          title={t('console.alerts.secret-title')}
          text={t('console.alerts.secret-text')}
          secret={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
    </>
  );
}
