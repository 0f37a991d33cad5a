import { Button, FileButton, Textarea } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import type { LicenceAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useConsole } from '../frame/console-context.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

/** What a distributor has allowed, what of it is used, and what happens past it. */
export function Page() {
  const { t } = useTexts();
  const { may } = useConsole();
  const api = useApi('site');
  const licence = useLoad(() => api.get<LicenceAnswer>('licence'));
  const { value, problem } = licence;
  return (
    <>
      <PageHeader title={t('console.nav.licence')} purpose={t('console.licence.purpose')} />
      {value === undefined ? (
        problem === undefined ? (
          <Loading />
        ) : (
          <Failure problem={problem} onAgain={licence.reload} />
        )
      ) : (
        <div className="panels">
          <Facts licence={value} />
          {value.kind !== 'unlimited' &&
            (may('own', 'site') ? (
              <Activate onActivated={licence.replace} />
            ) : (
              <p className="quiet">{t('console.licence.read-only')}</p>
            ))}
        </div>
      )}
    </>
  );
}

function Facts({ licence }: { readonly licence: LicenceAnswer }) {
  const { t } = useTexts();
  const { date, number } = useFormat();
  const { kind, serial, users, limit, until, edition, over = false, full = false } = licence;
  return (
    <section className="panel" aria-label={t('console.nav.licence')}>
      {kind === 'unlimited' && <p>{t('console.licence.unlimited')}</p>}
      {over && <Message tone="attention">{t('console.licence.over')}</Message>}
      {!over && full && <Message tone="attention">{t('console.licence.full')}</Message>}
      <dl className="facts">
        <dt>{t('console.licence.serial')}</dt>
        <dd>
          <code>{serial}</code>
          <p className="quiet">{t('console.licence.serial.help')}</p>
        </dd>
        {edition !== undefined && (
          <>
            <dt>{t('console.licence.edition')}</dt>
            <dd>{kind === 'trial' ? t('console.licence.trial') : edition}</dd>
          </>
        )}
        <dt>{t('console.licence.users')}</dt>
        <dd>
          {limit === undefined
            ? number(users)
            : t('console.licence.users.of', { users: number(users), limit: number(limit) })}
          <p className="quiet">{t('console.licence.users.help')}</p>
        </dd>
        {until !== undefined && (
          <>
            <dt>{t('console.licence.until')}</dt>
            <dd>{date(until)}</dd>
          </>
        )}
      </dl>
      {kind !== 'unlimited' && <p>{t(over || full ? 'console.licence.means' : 'console.licence.ahead')}</p>}
    </section>
  );
}

function Activate({ onActivated }: { readonly onActivated: (licence: LicenceAnswer) => void }) {
  const { t } = useTexts();
  const { date, number } = useFormat();
  const api = useApi('site');
  const notify = useNotice();
  const { busy, problem, run, forget } = useAction();
  const [text, setText] = useState('');
  const id = useId();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(async () => {
      const answer = await api.send<LicenceAnswer | undefined>('PUT', 'licence', {
        body: { file: text.trim() },
      });
      if (answer === undefined) return;
      setText('');
      onActivated(answer);
      const { limit = 0, until = '' } = answer;
      notify(t('console.licence.done', { limit: number(limit), until: date(until) }));
    });
  }

  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('console.licence.activate')}</h2>
      <form className="form" onSubmit={submit} noValidate>
        <p className="quiet">{t('console.licence.choose')}</p>
        <div>
          <FileButton
            accept=".lic,text/plain"
            onChange={(file) => {
              forget();
              // What is longer is no licence; the server says so.
              if (file !== null) void file.slice(0, 8_192).text().then(setText);
            }}
          >
            {(props) => (
              <Button {...props} variant="default" size="md">
                {t('console.licence.file')}
              </Button>
            )}
          </FileButton>
        </div>
        <Textarea
          size="md"
          label={t('console.licence.text')}
          value={text}
          onChange={(event) => {
            forget();
            setText(event.currentTarget.value);
          }}
          rows={4}
          spellCheck={false}
          autoComplete="off"
        />
        {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        <div className="row ends">
          <Button type="submit" size="md" aria-busy={busy} disabled={text.trim() === ''}>
            {t('console.licence.action')}
          </Button>
        </div>
      </form>
    </section>
  );
}
