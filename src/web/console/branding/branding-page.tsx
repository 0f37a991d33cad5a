import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { AccentAnswer, BrandingAnswer, ConsoleTextKey } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { ConflictDialog } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { AccentField } from './accent-field.tsx';
import { type BrandingDraft, patchOf, textFields, textOf } from './draft.ts';
import { LogoField } from './logo-field.tsx';
import { Preview } from './preview.tsx';
import './branding.css';

const labels: Readonly<Record<(typeof textFields)[number], ConsoleTextKey>> = {
  name: 'console.branding.name',
  accent: 'console.branding.accent',
  helpdesk: 'console.branding.helpdesk',
  terms: 'console.branding.terms',
};

/** How the pages look that people see before they get in, and what they agree to. */
export function Page() {
  const { t } = useTexts();
  const api = useApi();
  const { may } = useConsole();
  const format = useFormat();
  const notify = useNotice();
  const stored = useVersioned<BrandingAnswer>('branding');
  const { problem, busy, run, forget } = useAction();
  const [draft, setDraft] = useState<BrandingDraft>({});
  const { value, theirs } = stored;
  const accent = draft.accent ?? value?.accent ?? '';
  const valid = /^#[0-9a-f]{6}$/i.test(accent);
  const derived = useLoad(
    async () => (valid ? api.get<AccentAnswer>('branding/colours', { accent }) : undefined),
    valid ? accent : '',
  );

  const change = (part: BrandingDraft): void => {
    forget();
    setDraft((before) => ({ ...before, ...part }));
  };
  function save(event?: FormEvent<HTMLFormElement>): void {
    event?.preventDefault();
    run(async () => {
      if ((await stored.save('PATCH', patchOf(draft))) === 'conflict') return;
      setDraft({});
      notify(t('console.branding.saved'));
    });
  }

  const about = problem?.code === 'invalid-setting' ? String(problem.answer?.setting ?? '') : undefined;
  const wrong = (field: string) => ({
    error:
      about === field
        ? t('console.branding.wrong', { allowed: String(problem?.answer?.allowed ?? '') })
        : undefined,
    errorProps: { role: 'alert' },
  });
  const common = {
    size: 'md' as const,
    inputWrapperOrder: ['label' as const, 'description' as const, 'input' as const, 'error' as const],
    autoComplete: 'off',
  };

  if (value === undefined) {
    return (
      <>
        <PageHeader title={t('console.nav.branding')} purpose={t('console.branding.purpose')} />
        {stored.problem === undefined ? (
          <Loading />
        ) : (
          <Failure problem={stored.problem} onAgain={stored.reload} />
        )}
      </>
    );
  }
  const known =
    about !== undefined && (about === 'logo' || (textFields as readonly string[]).includes(about));
  return (
    <>
      <PageHeader title={t('console.nav.branding')} purpose={t('console.branding.purpose')} />
      <div className="branding">
        <form className="panel form" onSubmit={save} noValidate>
          <fieldset className="fields" disabled={!may('administer')}>
            <legend className="unseen">{t('console.nav.branding')}</legend>
            <TextInput
              {...common}
              label={t(labels.name)}
              description={t('console.branding.name-help')}
              placeholder={value.usualName}
              value={textOf('name', draft, value)}
              onChange={(event) => change({ name: event.currentTarget.value })}
              maxLength={60}
              {...wrong('name')}
            />
            <LogoField
              stored={value.logo?.url}
              draft={draft.logo}
              onChange={(logo) => change({ logo })}
              error={wrong('logo').error}
            />
            <AccentField
              value={textOf('accent', draft, value)}
              fallback={value.colours.light.accent}
              onChange={(text) => change({ accent: text })}
              {...wrong('accent')}
            />
            <TextInput
              {...common}
              label={t(labels.helpdesk)}
              description={t('console.branding.helpdesk-help')}
              value={textOf('helpdesk', draft, value)}
              onChange={(event) => change({ helpdesk: event.currentTarget.value })}
              maxLength={200}
              {...wrong('helpdesk')}
            />
            <Textarea
              {...common}
              label={t(labels.terms)}
              description={
                value.terms === undefined
                  ? t('console.branding.terms-help')
                  : t('console.branding.terms-since', { when: format.moment(value.terms.since) })
              }
              rows={6}
              value={textOf('terms', draft, value)}
              onChange={(event) => change({ terms: event.currentTarget.value })}
              maxLength={20_000}
              {...wrong('terms')}
            />
          </fieldset>
          {problem !== undefined && !known && <Failure problem={problem} />}
          {may('administer') && (
            <div className="row">
              <Button type="submit" size="md" aria-busy={busy} disabled={Object.keys(draft).length === 0}>
                {t('console.branding.save')}
              </Button>
              {Object.keys(draft).length > 0 && (
                <Button variant="default" size="md" onClick={() => setDraft({})}>
                  {t('console.branding.undo')}
                </Button>
              )}
            </div>
          )}
        </form>
        <Preview
          name={textOf('name', draft, value) || value.usualName}
          logo={draft.logo === undefined ? value.logo?.url : (draft.logo?.preview ?? undefined)}
          helpdesk={textOf('helpdesk', draft, value)}
          colours={derived.value ?? value.colours}
        />
      </div>
      {theirs !== undefined && (
        <ConflictDialog
          differences={textFields.flatMap((field) => {
            const now = textOf(field, {}, theirs);
            if (now === textOf(field, {}, value)) return [];
            return [{ label: t(labels[field]), theirs: now, mine: textOf(field, draft, value) }];
          })}
          onKeepMine={save}
          onTakeTheirs={() => {
            stored.takeTheirs();
            setDraft({});
          }}
          onClose={stored.undecided}
        />
      )}
    </>
  );
}
