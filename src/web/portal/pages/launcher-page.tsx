import { useEffect, useState } from 'react';
import type { SessionAnswer } from '../../../portal/index.ts';
import { addresses, signInAndBack } from '../addresses.ts';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { DesktopCard } from '../parts/desktop-card.tsx';
import { Failure } from '../parts/failure.tsx';
import { useAction } from '../parts/use-action.ts';
import { Waiting } from '../parts/waiting.tsx';
import { useTexts } from '../texts.tsx';

/** The applications of somebody who has more than one, or desktops that open in a client of their own. */
export function Page() {
  const { t, site } = useTexts();
  const { problem, run } = useAction();
  const [session, setSession] = useState<SessionAnswer>();

  const load = (): void =>
    run(
      async () => setSession(await call<SessionAnswer>('GET', 'session')),
      ({ code }) => {
        if (code === 'sign-in-required') location.assign(signInAndBack());
      },
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(load, []);

  const desktops = session?.desktops ?? [];

  return (
    <Card title={t('portal.launcher.title')}>
      {session === undefined && problem === undefined && <Waiting />}
      {session === undefined && problem !== undefined && <Failure problem={problem} onAgain={load} />}
      {session !== undefined && session.applications.length + desktops.length === 0 && (
        <p>
          {site.helpdesk === ''
            ? t('portal.launcher.none')
            : t('portal.launcher.none-helpdesk', { contact: site.helpdesk })}
        </p>
      )}
      {session !== undefined && session.applications.length + desktops.length > 0 && (
        <ul className="doors">
          {session.applications.map(({ name, url }) => (
            <li key={url}>
              <a href={url}>{name}</a>
            </li>
          ))}
          {desktops.map((desktop) => (
            <DesktopCard key={`${desktop.application} ${desktop.server}`} desktop={desktop} />
          ))}
        </ul>
      )}
      <nav className="row ends">
        <a href={addresses.account}>{t('portal.account.link')}</a>
        <a href={addresses.signOut}>{t('portal.account.sign-out')}</a>
      </nav>
    </Card>
  );
}
