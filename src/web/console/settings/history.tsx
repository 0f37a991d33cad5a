import { Button } from '@mantine/core';
import type { SettingChangeShape, SettingShape } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { usePages } from '../api/use-pages.ts';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { wordsFor } from './setting-row.tsx';

export type Change = SettingChangeShape;

/** The newest change of each setting. */
export const latestOf = (changes: readonly Change[]): ReadonlyMap<string, Change> =>
  // The newest comes first, and the last one set stays.
  new Map(changes.toReversed().map((change) => [change.key, change]));

type HistoryProps = {
  readonly items: readonly SettingShape[];
  /** One setting's; absent: all. */
  readonly only: SettingShape['key'] | undefined;
};

/** Who changed what when, newest first. */
export function History({ items, only }: HistoryProps) {
  const { t } = useTexts();
  const format = useFormat();
  const api = useApi();
  const changes = usePages<Change>(api, 'settings/history', only === undefined ? {} : { key: only });
  const words = (key: string, text: string): string => {
    const item = items.find((each) => each.key === key);
    return item === undefined ? text : wordsFor(item, text, t);
  };

  if (changes.problem !== undefined) return <Failure problem={changes.problem} onAgain={changes.reload} />;
  if (changes.loading && changes.items.length === 0) return <Loading />;
  if (changes.items.length === 0) return <p>{t('console.settings.history.none')}</p>;
  return (
    <>
      <ol className="changes">
        {changes.items.map(({ at, key, from, to, actor, name }) => (
          <li key={`${at} ${key}`}>
            <p>
              {only === undefined && (
                <strong>{items.find((item) => item.key === key)?.title ?? key}: </strong>
              )}
              {t('console.settings.history.change', { from: words(key, from), to: words(key, to) })}
            </p>
            <p className="quiet">
              {name ?? actor} · {format.momentInZone(at)}
            </p>
          </li>
        ))}
      </ol>
      {changes.more && (
        <Button variant="default" size="md" aria-busy={changes.loadingMore} onClick={changes.loadMore}>
          {t('console.table.more')}
        </Button>
      )}
    </>
  );
}
