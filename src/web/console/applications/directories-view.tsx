import { Button } from '@mantine/core';
import type { ApplicationAnswer, DirectoriesAnswer, DirectoryAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useConsole } from '../frame/console-context.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { SideDrawer, type useDrawer } from '../parts/side-drawer.tsx';
import { useTexts } from '../texts.ts';
import { newOne } from './applications-view.tsx';
import { NewOne, One } from './editor.tsx';

type ViewProps = { readonly place: ReturnType<typeof useDrawer> };

/** Where users and their passwords come from. */
export function DirectoriesView({ place }: ViewProps) {
  const { t } = useTexts();
  const { may } = useConsole();
  const api = useApi('site');
  const list = useLoad(() => api.get<DirectoriesAnswer>('directories'));
  const items = list.value?.items ?? [];
  return (
    <>
      <div className="filters">
        {may('administer', 'site') && (
          <Button size="md" onClick={() => place.show(newOne)}>
            {t('console.applications.directory.add')}
          </Button>
        )}
      </div>
      <DataTable
        caption={t('console.applications.directories.caption')}
        columns={[
          { key: 'name', head: t('console.applications.name'), cell: ({ name }) => name },
          {
            key: 'kind',
            head: t('console.applications.kind'),
            cell: ({ kind }) => t(`console.applications.kind.${kind ?? 'local'}`),
          },
          {
            key: 'servers',
            head: t('console.applications.servers'),
            cell: ({ servers }) => {
              const up = servers.filter((each) => each.up).length;
              if (servers.length === 0) return '–';
              return (
                <span className={up === servers.length ? undefined : 'tag attention'}>
                  {t('console.applications.servers-up', { up, count: servers.length })}
                </span>
              );
            },
          },
          {
            key: 'source',
            head: t('console.applications.source'),
            minor: true,
            cell: ({ source, inForce }) => (
              <span className="tags">
                <span className="tag">{t(`console.applications.source.${source}`)}</span>
                {!inForce && <span className="tag attention">{t('console.applications.not-in-force')}</span>}
              </span>
            ),
          },
        ]}
        keyOf={({ source, name }) => `${source} ${name}`}
        nameOf={({ name }) => name}
        hrefOf={({ name }) => place.href(name)}
        pages={{ items, loading: list.loading, problem: list.problem, reload: list.reload }}
        empty={
          <EmptyState title={t('console.applications.directories.none')}>
            <p>{t('console.applications.directories.none-text')}</p>
          </EmptyState>
        }
      />
      {place.open === newOne && (
        <SideDrawer title={t('console.applications.directory.new')} onClose={place.close}>
          <NewOne
            kind="directory"
            onDone={(name) => {
              list.reload();
              place.show(name);
            }}
          />
        </SideDrawer>
      )}
      {place.open !== undefined && place.open !== newOne && (
        <SideDrawer title={place.open} onClose={place.close}>
          <One
            key={place.open}
            kind="directory"
            name={place.open}
            onChanged={list.reload}
            onGone={() => {
              place.close();
              list.reload();
            }}
            facts={(answer) => <Facts answer={answer} />}
          />
        </SideDrawer>
      )}
    </>
  );
}

function Facts({ answer }: { readonly answer: ApplicationAnswer | DirectoryAnswer }) {
  const { t } = useTexts();
  if (!('aliases' in answer)) return null;
  const { kind, baseDn, aliases, servers } = answer;
  return (
    <dl className="facts">
      <dt>{t('console.applications.kind')}</dt>
      <dd>{t(`console.applications.kind.${kind ?? 'local'}`)}</dd>
      {servers.length > 0 && (
        <>
          <dt>{t('console.applications.servers')}</dt>
          <dd>{servers.map(({ url }) => url).join(', ')}</dd>
        </>
      )}
      {baseDn !== undefined && (
        <>
          <dt>{t('console.applications.directory.baseDn')}</dt>
          <dd>{baseDn}</dd>
        </>
      )}
      {aliases.length > 0 && (
        <>
          <dt>{t('console.applications.directory.aliases')}</dt>
          <dd>{aliases.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}
