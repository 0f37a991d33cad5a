import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { RetentionShape } from '../../../admin/index.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { ConflictDialog } from '../parts/conflict-dialog.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';

const range = { least: 1, most: 3_650 } as const;

/** For how long the log is kept; who owns the site may change it. */
export function Kept() {
  const { may } = useConsole();
  return may('see', 'site') ? <KeptForSite mayChange={may('own', 'site')} /> : null;
}

function KeptForSite({ mayChange }: { readonly mayChange: boolean }) {
  const { t } = useTexts();
  const confirm = useConfirm();
  const notify = useNotice();
  const kept = useVersioned<RetentionShape>('audit/retention', 'site');
  const { busy, problem, run, forget } = useAction();
  const [typed, setTyped] = useState<string>();
  const [wrong, setWrong] = useState(false);
  const days = kept.value?.days;
  if (days === undefined) return null;

  function close(): void {
    setTyped(undefined);
    setWrong(false);
    forget();
  }
  function save(): void {
    const wanted = Number(typed);
    const valid = Number.isInteger(wanted) && wanted >= range.least && wanted <= range.most;
    setWrong(!valid);
    if (!valid || days === undefined) return;
    run(async () => {
      const question = {
        title: t('console.audit.keep.less.title', { days: wanted }),
        text: t('console.audit.keep.less.text'),
        action: t('console.audit.keep.less.action', { days: wanted }),
      };
      if (wanted < days && !(await confirm(question))) return;
      if ((await kept.save('PUT', { days: wanted })) === 'conflict') return;
      close();
      notify(t('console.audit.keep.done', { days: wanted }));
    });
  }
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    save();
  }

  return (
    <>
      <p className="kept">
        <span className="quiet">{t('console.audit.kept', { count: days })}</span>{' '}
        {mayChange && (
          <button type="button" className="plain" onClick={() => setTyped(String(days))}>
            {t('console.audit.keep')}
          </button>
        )}
      </p>
      {typed !== undefined && (
        <Dialog title={t('console.audit.keep.title')} onClose={close}>
          <form className="form" onSubmit={submit} noValidate>
            <TextInput
              size="md"
              label={t('console.audit.keep.days')}
              description={t('console.audit.keep.hint', range)}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              error={wrong ? t('console.audit.keep.wrong', range) : undefined}
              errorProps={{ role: 'alert' }}
              inputMode="numeric"
              autoComplete="off"
              data-autofocus
            />
            {problem !== undefined && <Failure problem={problem} />}
            <div className="row ends">
              <Button variant="default" size="md" onClick={close}>
                {t('portal.cancel')}
              </Button>
              <Button type="submit" size="md" aria-busy={busy}>
                {t('console.audit.keep.save')}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
      {kept.theirs !== undefined && (
        <ConflictDialog
          differences={[
            { label: t('console.audit.keep.days'), theirs: String(kept.theirs.days), mine: typed ?? '' },
          ]}
          onKeepMine={save}
          onTakeTheirs={() => {
            kept.takeTheirs();
            close();
          }}
          onClose={kept.undecided}
        />
      )}
    </>
  );
}
