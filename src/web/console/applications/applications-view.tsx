import { Button } from '@mantine/core';
import type {
  ApplicationAnswer,
  ApplicationShape,
  ApplicationsAnswer,
  DirectoryAnswer,
  ServersAnswer,
} from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useConsole } from '../frame/console-context.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { SideDrawer, type useDrawer } from '../parts/side-drawer.tsx';
import { useTexts } from '../texts.ts';
import { NewOne, One } from './editor.tsx';
import { ServerList } from './server-list.tsx';
import { useEvery } from './use-every.ts';

/** No application is called so. */
export const newOne = '+';
/** Milliseconds between two looks at the servers. */
const look = 10_000;

type ViewProps = { readonly place: ReturnType<typeof useDrawer> };

/** The applications of the site, with the health and load of their servers. */
export function ApplicationsView({ place }: ViewProps) {
  const { t } = useTexts();
  const { may } = useConsole();
  const api = useApi('site');
  const list = useLoad(() => api.get<ApplicationsAnswer>('applications'));
  const servers = useLoad(() => api.get<ServersAnswer>('servers'));
  useEvery(look, servers.reload);
  const items = list.value?.items ?? [];
  const live = servers.value?.items ?? [];
  const changed = (): void => {
    list.reload();
    servers.reload();
  };
  const open = items.findLast(({ name }) => name === place.open);

  const whom = ({ allow }: ApplicationShape): string => {
    if (allow === undefined) return t('console.applications.for.all');
    const named = [...(allow.groups ?? []), ...(allow.users ?? []), ...(allow.subscriptions ?? [])];
    return named.length === 0 ? t('console.applications.for.nobody') : named.join(', ');
  };
  const liveOf = ({ name }: ApplicationShape) => live.filter((each) => each.application === name);
  const add = may('administer', 'site') && (
    <Button size="md" onClick={() => place.show(newOne)}>
      {t('console.applications.application.add')}
    </Button>
  );
  return (
    <>
      <div className="filters">{add}</div>
      <DataTable
        caption={t('console.applications.caption')}
        columns={[
          {
            key: 'title',
            head: t('console.applications.name'),
            cell: ({ title, url }) => (
              <span className="two-lines">
                <span>{title}</span>
                <span className="quiet">{url}</span>
              </span>
            ),
          },
          { key: 'for', head: t('console.applications.for'), cell: whom, minor: true },
          {
            key: 'servers',
            head: t('console.applications.servers'),
            cell: (row) => {
              const up = liveOf(row).filter(({ state }) => state === 'up').length;
              const count = row.servers.length;
              return (
                <span className={up === count ? undefined : 'tag attention'}>
                  {t('console.applications.servers-up', { up, count })}
                </span>
              );
            },
          },
          {
            key: 'tunnels',
            head: t('console.applications.tunnels'),
            numeric: true,
            minor: true,
            cell: (row) => liveOf(row).reduce((sum, { tunnels }) => sum + tunnels, 0),
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
        nameOf={({ title }) => title}
        hrefOf={({ name }) => place.href(name)}
        pages={{ items, loading: list.loading, problem: list.problem, reload: list.reload }}
        empty={
          <EmptyState title={t('console.applications.none')}>
            <p>{t('console.applications.none-text')}</p>
          </EmptyState>
        }
      />
      {place.open === newOne && (
        <SideDrawer title={t('console.applications.application.new')} onClose={place.close}>
          <NewOne
            kind="application"
            onDone={(name) => {
              changed();
              place.show(name);
            }}
          />
        </SideDrawer>
      )}
      {place.open !== undefined && place.open !== newOne && (
        <SideDrawer title={open?.title ?? place.open} onClose={place.close}>
          <One
            key={place.open}
            kind="application"
            name={place.open}
            onChanged={changed}
            onGone={() => {
              place.close();
              changed();
            }}
            facts={(answer) => <Facts answer={answer} whom={open === undefined ? '' : whom(open)} />}
          >
            {open !== undefined && <ServerList application={open} live={live} onChanged={changed} />}
          </One>
        </SideDrawer>
      )}
    </>
  );
}

function Facts({
  answer,
  whom,
}: {
  readonly answer: ApplicationAnswer | DirectoryAnswer;
  readonly whom: string;
}) {
  const { t } = useTexts();
  if (!('path' in answer)) return null;
  return (
    <dl className="facts">
      <dt>{t('console.applications.address')}</dt>
      <dd>{answer.url}</dd>
      <dt>{t('console.applications.for')}</dt>
      <dd>{whom}</dd>
    </dl>
  );
}
