import { Button } from '@mantine/core';
import { useState } from 'react';
import type { SessionShape, SessionsAnswer, TunnelsAnswer } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useConsole } from '../frame/console-context.tsx';
import { Link } from '../frame/link.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { SideDrawer } from '../parts/side-drawer.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { ReasonDialog } from './reason-dialog.tsx';

type SessionDrawerProps = {
  /** `<user key>/<session>`. */
  readonly which: string;
  /** Grows with each change that was heard of. */
  readonly round: number;
  readonly onClose: () => void;
  readonly onEnded: () => void;
};

/** One 2FA session, its remote sessions, and how to end it. */
export function SessionDrawer({ which, round, onClose, onEnded }: SessionDrawerProps) {
  const { t } = useTexts();
  const api = useApi();
  const slash = which.lastIndexOf('/');
  const user = which.slice(0, slash);
  const id = which.slice(slash + 1);
  const loaded = useLoad(async () => {
    const [{ items }, tunnels] = await Promise.all([
      api.get<SessionsAnswer>('sessions', { user, limit: 200 }),
      api.get<TunnelsAnswer>('tunnels', { user, session: id }),
    ]);
    return {
      session: items.find((each) => each.id === id),
      others: items.filter(isLive).length,
      tunnels: tunnels.items,
    };
  }, `${which} ${round}`);
  const { session } = loaded.value ?? {};
  const title =
    session === undefined
      ? t('console.sessions.session')
      : t('console.sessions.session-of', { name: session.displayName });
  return (
    <SideDrawer title={title} onClose={onClose}>
      {loaded.value === undefined && loaded.problem === undefined && <Loading />}
      {loaded.value === undefined && loaded.problem !== undefined && (
        <Failure problem={loaded.problem} onAgain={loaded.reload} />
      )}
      {loaded.value !== undefined && session === undefined && <p>{t('console.sessions.session-gone')}</p>}
      {loaded.value !== undefined && session !== undefined && (
        <Details
          session={session}
          tunnels={loaded.value.tunnels}
          others={loaded.value.others}
          onEnded={() => {
            loaded.reload();
            onEnded();
          }}
        />
      )}
    </SideDrawer>
  );
}

const isLive = ({ state }: SessionShape): boolean => state === 'granted' || state === 'active';

type DetailsProps = {
  readonly session: SessionShape;
  readonly tunnels: TunnelsAnswer['items'];
  /** How many live ones the user has. */
  readonly others: number;
  readonly onEnded: () => void;
};

function Details({ session, tunnels, others, onEnded }: DetailsProps) {
  const { t } = useTexts();
  const format = useFormat();
  const { may } = useConsole();
  const api = useApi();
  const notify = useNotice();
  const [ending, setEnding] = useState<'one' | 'all'>();
  const { user, id, displayName } = session;

  async function end(reason: string): Promise<void> {
    const path = ending === 'all' ? segment(user) : `${segment(user)}/${segment(id)}`;
    const { ended } = await api.send<{ ended: number | boolean }>('POST', `sessions/${path}/end`, {
      body: { reason },
    });
    notify(t('console.sessions.ended', { count: Number(ended), name: displayName }));
    setEnding(undefined);
    onEnded();
  }

  const over = !isLive(session);
  const facts: readonly (readonly [string, string])[] = [
    [t('console.sessions.state'), t(`console.sessions.state.${session.state}`)],
    [t('console.sessions.verified'), format.momentInZone(session.verifiedAt)],
    ...(session.firstSessionAt === undefined
      ? []
      : [[t('console.sessions.first'), format.momentInZone(session.firstSessionAt)] as const]),
    [t(over ? 'console.sessions.ended-at' : 'console.sessions.ends'), format.momentInZone(session.endsAt)],
    ...(session.endedBy === undefined ? [] : [[t('console.sessions.ended-by'), session.endedBy] as const]),
    [t('console.sessions.proven'), session.amr.join(', ')],
    [t('console.sessions.address'), session.address],
    [t('console.sessions.browser'), session.browser],
    [t('console.sessions.shared'), t(session.shared ? 'console.sessions.yes' : 'console.sessions.no')],
  ];
  const count = ending === 'all' ? others : 1;
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{t('console.sessions.its-tunnels')}</h2>
      {tunnels.length === 0 && <p>{t('console.sessions.no-tunnels')}</p>}
      {tunnels.length > 0 && (
        <ul className="cards">
          {tunnels.map(({ id: tunnel, application, server, openedAt }) => (
            <li key={tunnel}>
              <Link to={`/sessions/${segment(tunnel)}?view=remote`}>{application}</Link>
              <span className="quiet">
                {t('console.sessions.tunnel.on', { server, since: format.moment(openedAt) })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link to={`/users/${segment(user)}`}>{t('console.sessions.open-user')}</Link>
      </p>
      {may('help') && !over && (
        <div className="row tight">
          <Button size="md" color="red" onClick={() => setEnding('one')}>
            {t('console.sessions.end')}
          </Button>
          {others > 1 && (
            <Button size="md" variant="default" onClick={() => setEnding('all')}>
              {t('console.sessions.end-all', { count: others })}
            </Button>
          )}
        </div>
      )}
      {ending !== undefined && (
        <ReasonDialog
          title={t('console.sessions.ask', { count, name: displayName })}
          text={t('console.sessions.ask-text', { count: tunnels.length })}
          action={t('console.sessions.end')}
          onReason={end}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}
