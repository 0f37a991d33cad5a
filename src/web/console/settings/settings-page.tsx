import { useState } from 'react';
import type { SettingShape, SettingsAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { ConflictDialog } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { SideDrawer, useDrawer } from '../parts/side-drawer.tsx';
import { useAction } from '../parts/use-action.ts';
import { SeveralCustomers } from '../subscriptions/several-customers.tsx';
import { useTexts } from '../texts.ts';
import { AppMeaning } from './app-meaning.tsx';
import { type Draft, patchOf, shownText, typedInto } from './draft.ts';
import { grouped } from './groups.ts';
import { type Change, History, latestOf } from './history.tsx';
import { SaveBar } from './save-bar.tsx';
import { SettingRow, wordsFor } from './setting-row.tsx';
import { SmsMeaning } from './sms-meaning.tsx';
import { useShown } from './use-shown.ts';
import './settings.css';

/** Every run-time setting of the subscription, with what it means, and who changed what when. */
export function Page() {
  const { t } = useTexts();
  const { may, refresh } = useConsole();
  const api = useApi();
  const confirm = useConfirm();
  const notify = useNotice();
  const place = useDrawer('/settings');
  const settings = useVersioned<SettingsAnswer>('settings');
  const changes = useLoad(() => api.get<{ items: readonly Change[] }>('settings/history', { limit: 200 }));
  const { busy, problem, run, forget } = useAction();
  const [draft, setDraft] = useState<Draft>({});
  const [failedOnce, setFailedOnce] = useState(false);
  const items = settings.value?.items ?? [];
  const shown = useShown(items, draft);
  const latest = latestOf(changes.value?.items ?? []);
  const patch = patchOf(items, draft);

  const type = (item: SettingShape, text: string | null): void => {
    forget();
    setDraft((before) => typedInto(before, item, text));
  };

  function save(): void {
    if (patch === undefined) {
      setFailedOnce(true);
      return;
    }
    run(async () => {
      const off = patch.enabled === false;
      const question = {
        title: t('console.settings.switch-off.title'),
        text: t('console.settings.switch-off.text'),
        action: t('console.settings.switch-off.action'),
      };
      if (off && !(await confirm(question))) return;
      if ((await settings.save('PATCH', patch)) === 'conflict') return;
      setDraft({});
      setFailedOnce(false);
      changes.reload();
      refresh();
      notify(t('console.settings.saved'));
    });
  }

  if (settings.value === undefined) {
    return (
      <>
        <PageHeader title={t('console.nav.settings')} purpose={t('console.settings.purpose')} />
        {settings.problem === undefined ? (
          <Loading />
        ) : (
          <Failure problem={settings.problem} onAgain={settings.reload} />
        )}
      </>
    );
  }

  const theirs = settings.theirs?.items;
  const open = items.find(({ key }) => key === place.open);
  return (
    <>
      <PageHeader title={t('console.nav.settings')} purpose={t('console.settings.purpose')}>
        <button type="button" className="plain" onClick={() => place.show('history')}>
          {t('console.settings.history.all')}
        </button>
      </PageHeader>
      {!may('administer') && <p className="quiet read-only">{t('console.settings.read-only')}</p>}
      <div className="panels">
        {grouped(items).map((group) => (
          <section key={group.id} className="panel" aria-labelledby={`group-${group.id}`}>
            <h2 id={`group-${group.id}`}>{t(group.title)}</h2>
            <div className={group.id === 'app' || group.id === 'sent' ? 'with-meaning' : undefined}>
              <fieldset className="settings" disabled={!may('administer')}>
                <legend className="unseen">{t(group.title)}</legend>
                {group.items.map((item) => (
                  <SettingRow
                    key={item.key}
                    item={item}
                    text={shownText(item, draft)}
                    changed={draft[item.key] !== undefined}
                    strict={failedOnce}
                    last={latest.get(item.key)}
                    onType={(text) => type(item, text)}
                    onHistory={() => place.show(item.key)}
                  />
                ))}
              </fieldset>
              {group.id === 'app' && <AppMeaning preview={shown} />}
              {group.id === 'sent' && <SmsMeaning preview={shown} />}
            </div>
          </section>
        ))}
        <SeveralCustomers />
      </div>
      <SaveBar
        count={Object.keys(draft).length}
        busy={busy}
        problem={problem}
        invalid={patch === undefined}
        onSave={save}
        onDiscard={() => {
          setDraft({});
          setFailedOnce(false);
          forget();
        }}
      />
      {(open !== undefined || place.open === 'history') && (
        <SideDrawer title={open?.title ?? t('console.settings.history.all')} onClose={place.close}>
          <History items={items} only={open?.key} />
        </SideDrawer>
      )}
      {theirs !== undefined && (
        <ConflictDialog
          differences={items.flatMap((item) => {
            const now = theirs.find(({ key }) => key === item.key);
            if (now === undefined || now.text === item.text) return [];
            const mine =
              draft[item.key] === undefined ? undefined : wordsFor(item, shownText(item, draft), t);
            return [{ label: item.title, theirs: wordsFor(item, now.text, t), mine }];
          })}
          onKeepMine={save}
          onTakeTheirs={() => {
            settings.takeTheirs();
            setDraft({});
            changes.reload();
          }}
          onClose={settings.undecided}
        />
      )}
    </>
  );
}
