import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ApplicationAnswer, DirectoryAnswer } from '../../../admin/index.ts';
import { Problem, segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { ConflictDialog } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';
import { draftOf, emptyDraft, type Stored, storedOf } from './drafts.ts';
import { applicationFields, type Draft, directoryFields, fieldOf, type Kind } from './fields.ts';
import { Findings, type Test } from './findings.tsx';
import { SiteForm } from './site-form.tsx';

const places = { application: 'applications', directory: 'directories' } as const;
const fieldsOf = { application: applicationFields, directory: directoryFields } as const;

/** Names of the fields that the server has refused. */
const refusedIn = (kind: Kind, problem: Problem | undefined): ReadonlySet<string> => {
  const issues = problem?.answer?.issues ?? [];
  return new Set(Array.isArray(issues) ? issues.map(({ path }) => fieldOf(kind, String(path))) : []);
};

/** Sends an application; asks before it leads back to the gateway itself. */
function useSending(kind: Kind) {
  const { t } = useTexts();
  const confirm = useConfirm();
  return async <Answer,>(
    stored: Stored,
    send: (body: object) => Promise<Answer>,
  ): Promise<Answer | undefined> => {
    try {
      return await send({ [kind]: stored });
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code !== 'own-listener') throw thrown;
      const meant = await confirm({
        title: t('console.applications.own.title'),
        text: t('console.applications.own.text', {
          server: String(thrown.answer?.server ?? ''),
          listener: String(thrown.answer?.listener ?? ''),
        }),
        action: t('console.applications.own.action'),
      });
      return meant ? send({ [kind]: stored, acceptOwnListeners: true }) : undefined;
    }
  };
}

type NewProps = { readonly kind: Kind; readonly onDone: (name: string) => void };

/** A form for something new. */
export function NewOne({ kind, onDone }: NewProps) {
  const { t } = useTexts();
  const api = useApi('site');
  const notify = useNotice();
  const sending = useSending(kind);
  const { busy, problem, run, forget } = useAction();
  const [draft, setDraft] = useState<Draft>(emptyDraft[kind]);
  const [test, setTest] = useState<Test>();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(async () => {
      const added = await sending(storedOf(kind, draft), (body) =>
        api.send<{ name: string }>('POST', places[kind], { body }),
      );
      if (added === undefined) return;
      notify(t(`console.applications.${kind}.added`, { name: added.name }));
      onDone(added.name);
    });
  }
  const tryIt = (): void =>
    run(async () => {
      setTest(undefined);
      setTest(
        await sending(storedOf(kind, draft), (body) =>
          api.send<Test>('POST', `${places[kind]}/test`, { body }),
        ),
      );
    });

  return (
    <form className="form" onSubmit={submit} noValidate>
      <SiteForm
        fields={fieldsOf[kind]}
        draft={draft}
        onChange={(next) => {
          forget();
          setDraft(next);
        }}
        refused={refusedIn(kind, problem)}
        isNew
        hasPassword={false}
      />
      {problem !== undefined && <Failure problem={problem} />}
      {test !== undefined && <Findings test={test} />}
      <div className="row">
        <Button type="submit" size="md" aria-busy={busy}>
          {t(`console.applications.${kind}.add`)}
        </Button>
        <Button variant="default" size="md" onClick={tryIt} aria-busy={busy}>
          {t('console.applications.test')}
        </Button>
      </div>
    </form>
  );
}

type OneProps = {
  readonly kind: Kind;
  readonly name: string;
  /** Told of every change. */
  readonly onChanged: () => void;
  readonly onGone: () => void;
  /** Above the form. */
  readonly children?: ReactNode;
  /** What there is to say of one that stands in the file. */
  readonly facts: (answer: ApplicationAnswer | DirectoryAnswer) => ReactNode;
};

/** One that is there: of the file to be read and tried, of the store to be changed and removed too. */
export function One({ kind, name, onChanged, onGone, children, facts }: OneProps) {
  const { t } = useTexts();
  const { may } = useConsole();
  const api = useApi('site');
  const confirm = useConfirm();
  const notify = useNotice();
  const sending = useSending(kind);
  const path = `${places[kind]}/${segment(name)}`;
  const one = useVersioned<ApplicationAnswer | DirectoryAnswer>(path, 'site');
  const { busy, problem, run, forget } = useAction();
  const [typed, setTyped] = useState<Draft>();
  const [test, setTest] = useState<Test>();
  if (one.value === undefined) {
    return one.problem === undefined ? <Loading /> : <Failure problem={one.problem} onAgain={one.reload} />;
  }
  const stored = storedIn(one.value);
  const before = draftOf(kind, stored);
  const draft = typed ?? before;
  const mayChange = may('administer', 'site');
  const isOfFile = one.value.source === 'file';

  function save(event?: FormEvent<HTMLFormElement>): void {
    event?.preventDefault();
    run(async () => {
      const saved = await sending(storedOf(kind, draft, stored), (body) => one.save('PUT', body));
      if (saved !== 'saved') return;
      setTyped(undefined);
      notify(t(`console.applications.${kind}.saved`, { name }));
      onChanged();
    });
  }
  const tryIt = (): void =>
    run(async () => {
      setTest(undefined);
      if (isOfFile || typed === undefined) setTest(await api.send<Test>('POST', `${path}/test`));
      else {
        const query = { replaces: name };
        const at = `${places[kind]}/test`;
        setTest(
          await sending(storedOf(kind, draft, stored), (body) => api.send<Test>('POST', at, { body, query })),
        );
      }
    });
  const remove = (): void =>
    run(async () => {
      const sure = await confirm({
        title: t(`console.applications.${kind}.ask-remove`, { name }),
        text: t(`console.applications.${kind}.ask-remove-text`),
        action: t('console.applications.remove'),
      });
      if (!sure || (await one.save('DELETE')) === 'conflict') return;
      notify(t(`console.applications.${kind}.removed`, { name }));
      onGone();
    });

  const { theirs } = one;
  const hasPassword = 'hasPassword' in one.value && one.value.hasPassword;
  return (
    <>
      {!one.value.inForce && <p role="status">{t('console.applications.not-in-force-text')}</p>}
      {children}
      {isOfFile && (
        <>
          <p>{t(`console.applications.${kind}.of-file`)}</p>
          {facts(one.value)}
        </>
      )}
      {!isOfFile && !mayChange && facts(one.value)}
      {!isOfFile && mayChange && (
        <form className="form" onSubmit={save} noValidate aria-label={t('console.applications.edit')}>
          <SiteForm
            fields={fieldsOf[kind]}
            draft={draft}
            onChange={(next) => {
              forget();
              setTyped(next);
            }}
            refused={refusedIn(kind, problem)}
            isNew={false}
            hasPassword={hasPassword}
          />
          <div className="row">
            <Button type="submit" size="md" disabled={typed === undefined} aria-busy={busy}>
              {t('console.applications.save')}
            </Button>
            <Button variant="default" size="md" className="grave" onClick={remove}>
              {t('console.applications.remove')}
            </Button>
          </div>
        </form>
      )}
      {problem !== undefined && <Failure problem={problem} />}
      {test !== undefined && <Findings test={test} />}
      {mayChange && !('type' in one.value && one.value.type === 'local') && (
        <div className="row">
          <Button variant="default" size="md" onClick={tryIt} aria-busy={busy}>
            {t('console.applications.test')}
          </Button>
        </div>
      )}
      {theirs !== undefined && (
        <ConflictDialog
          differences={fieldsOf[kind]
            .map(({ name: field, label }) => ({
              label: t(label),
              theirs: draftOf(kind, storedIn(theirs))[field] ?? '',
              mine: draft[field] ?? '',
              was: before[field] ?? '',
            }))
            .filter((each) => each.theirs !== each.was)}
          onKeepMine={save}
          onTakeTheirs={() => {
            setTyped(undefined);
            one.takeTheirs();
          }}
          onClose={one.undecided}
        />
      )}
    </>
  );
}

const storedIn = (answer: ApplicationAnswer | DirectoryAnswer): Stored =>
  'application' in answer ? answer.application : answer.directory;
