import { Button } from '@mantine/core';
import type { ApplicationShape, ServersAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

type ServerListProps = {
  readonly application: ApplicationShape;
  readonly live: ServersAnswer['items'];
  readonly onChanged: () => void;
};

/** The servers of an application: how they are, what they carry, and whether they take anybody new. */
export function ServerList({ application, live, onChanged }: ServerListProps) {
  const { t } = useTexts();
  const format = useFormat();
  const { may } = useConsole();
  const api = useApi('site');
  const confirm = useConfirm();
  const notify = useNotice();
  const { problem, run } = useAction();

  const change = (server: string, verb: 'drain' | 'resume'): void =>
    run(async () => {
      if (verb === 'drain') {
        const sure = await confirm({
          title: t('console.applications.ask-drain', { server }),
          text: t('console.applications.ask-drain-text'),
          action: t('console.applications.drain'),
          destructive: false,
        });
        if (!sure) return;
      }
      await api.send('POST', `servers/${verb}`, { body: { application: application.name, server } });
      notify(
        t(verb === 'drain' ? 'console.applications.drained' : 'console.applications.resumed', { server }),
      );
      onChanged();
    });

  return (
    <section aria-label={t('console.applications.health-and-load')}>
      <h2>{t('console.applications.health-and-load')}</h2>
      <ul className="cards">
        {application.servers.map(({ url, draining, drainedAt, configured }) => {
          const now = live.find((each) => each.application === application.name && each.server === url);
          const state = draining ? 'draining' : (now?.state ?? 'up');
          return (
            <li key={url} className="with-button">
              <div>
                <strong>{url}</strong>
                <span className="tags">
                  <span
                    className={`tag ${state === 'up' ? 'good' : state === 'down' ? 'refusal' : 'attention'}`}
                  >
                    {t(`console.applications.state.${state}`)}
                  </span>
                </span>
                <span className="quiet">
                  {t('console.applications.load', {
                    tunnels: format.number(now?.tunnels ?? 0),
                    exchanges: format.number(now?.exchanges ?? 0),
                  })}
                </span>
                {draining && (
                  <span className="quiet">
                    {drainedAt === undefined && configured
                      ? t('console.applications.drained-by-file')
                      : t('console.applications.drained-since', { since: format.moment(drainedAt ?? 0) })}
                  </span>
                )}
              </div>
              {may('administer', 'site') && application.inForce && (
                <Button
                  size="md"
                  variant="default"
                  aria-label={t(
                    draining ? 'console.applications.resume-of' : 'console.applications.drain-of',
                    {
                      server: url,
                    },
                  )}
                  onClick={() => change(url, draining ? 'resume' : 'drain')}
                >
                  {t(draining ? 'console.applications.resume' : 'console.applications.drain')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {problem !== undefined && <Failure problem={problem} />}
    </section>
  );
}
