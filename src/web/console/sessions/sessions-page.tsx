import { Link } from '../frame/link.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useDrawer } from '../parts/side-drawer.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';
import { RemoteView } from './remote-view.tsx';
import './sessions.css';
import { SessionsView } from './sessions-view.tsx';

/** Who is signed in, and what they have open: 2FA sessions and remote sessions. */
export function Page() {
  const { t } = useTexts();
  const place = useDrawer('/sessions');
  const [view] = useQueryText('view');
  const isRemote = view === 'remote';
  return (
    <>
      <PageHeader title={t('console.sessions.title')} purpose={t('console.sessions.purpose')} />
      <nav className="tabs" aria-label={t('console.sessions.views')}>
        <Link to="/sessions" aria-current={isRemote ? undefined : 'page'}>
          {t('console.sessions.tab.sessions')}
        </Link>
        <Link to="/sessions?view=remote" aria-current={isRemote ? 'page' : undefined}>
          {t('console.sessions.tab.remote')}
        </Link>
      </nav>
      {isRemote ? <RemoteView place={place} /> : <SessionsView place={place} />}
    </>
  );
}
