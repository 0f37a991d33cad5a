import { type ReactNode, useId } from 'react';
import type { HomeAnswer } from '../../../admin/index.ts';
import { Link } from '../frame/link.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

type FigureProps = {
  readonly name: string;
  readonly value: ReactNode;
  readonly more?: ReactNode;
};

function Figure({ name, value, more }: FigureProps) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd className="value">{value}</dd>
      {more !== undefined && <dd className="quiet">{more}</dd>}
    </div>
  );
}

/** How it stands at this moment. */
export function Figures({ home }: { readonly home: HomeAnswer }) {
  const { t } = useTexts();
  const format = useFormat();
  const id = useId();
  const { twoFactors, sessions, tunnels, people } = home;
  const off = twoFactors.filter(({ enabled }) => !enabled);
  const state =
    off.length === 0
      ? 'console.home.on'
      : off.length === twoFactors.length
        ? 'console.home.off'
        : 'console.home.partly';
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{t('console.home.now')}</h2>
      <dl className="figures">
        <Figure
          name={t('console.home.two-factors')}
          value={<span className={off.length === 0 ? '' : 'off'}>{t(state)}</span>}
          more={
            twoFactors.length > 1 && off.length > 0
              ? t('console.home.off-for', { names: off.map(({ name }) => name).join(', ') })
              : undefined
          }
        />
        <Figure
          name={t('console.home.tunnels')}
          value={<Link to="/sessions">{format.number(tunnels.open)}</Link>}
          more={tunnels.replicas > 1 ? t('console.home.replicas', { count: tunnels.replicas }) : undefined}
        />
        <Figure
          name={t('console.home.active')}
          value={format.number(sessions.active)}
          more={t('console.home.granted', { number: format.number(sessions.granted) })}
        />
        {people === undefined ? (
          <Figure name={t('console.home.enabled')} value="…" more={t('console.home.counting')} />
        ) : (
          <>
            <Figure
              name={t('console.home.enabled')}
              value={<Link to="/users">{format.number(people.enabled)}</Link>}
              more={t('console.home.of-users', {
                users: format.number(people.users),
                exempt: format.number(people.exempt),
              })}
            />
            <Figure
              name={t('console.home.enrolled')}
              value={format.number(people.enrolled)}
              more={
                people.notEnrolled === 0 ? (
                  t('console.home.all-enrolled')
                ) : (
                  <Link to="/users?state=not-enrolled">
                    {t('console.home.missing', { number: format.number(people.notEnrolled) })}
                  </Link>
                )
              }
            />
          </>
        )}
      </dl>
    </section>
  );
}
