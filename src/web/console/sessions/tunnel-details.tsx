import { Button } from '@mantine/core';
import type { TunnelShape } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { Link } from '../frame/link.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

type TunnelDetailsProps = {
  readonly tunnel: TunnelShape;
  /** Absent: the reader may not. */
  readonly onClose: (() => void) | undefined;
};

/** All that is known of one remote session. */
export function TunnelDetails({ tunnel, onClose }: TunnelDetailsProps) {
  const { t } = useTexts();
  const format = useFormat();
  const facts: readonly (readonly [string, string])[] = [
    [t('console.sessions.application'), tunnel.application],
    [t('console.sessions.server'), tunnel.server],
    [t('console.sessions.address'), tunnel.address],
    [t('console.sessions.browser'), tunnel.browser ?? t('console.sessions.unknown')],
    [t('console.sessions.since'), format.momentInZone(tunnel.openedAt)],
    [t('console.sessions.bytes-in'), format.bytes(tunnel.bytesIn)],
    [t('console.sessions.bytes-out'), format.bytes(tunnel.bytesOut)],
    [t('console.sessions.replica'), tunnel.replica],
  ];
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
      <p>
        <Link to={`/sessions/${segment(`${tunnel.user}/${tunnel.session}`)}`}>
          {t('console.sessions.tunnel.session')}
        </Link>
      </p>
      <p>
        <Link to={`/users/${segment(tunnel.user)}`}>{t('console.sessions.open-user')}</Link>
      </p>
      {onClose !== undefined && (
        <div className="row">
          <Button size="md" color="red" onClick={onClose}>
            {t('console.sessions.tunnel.close')}
          </Button>
        </div>
      )}
    </>
  );
}
