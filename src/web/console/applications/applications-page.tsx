import { Link } from '../frame/link.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useDrawer } from '../parts/side-drawer.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';
import './applications.css';
import { ApplicationsView } from './applications-view.tsx';
import { DirectoriesView } from './directories-view.tsx';

/** What stands behind the two doors, and where users and their passwords come from. */
export function Page() {
  const { t } = useTexts();
  const place = useDrawer('/applications');
  const [view] = useQueryText('view');
  const isDirectories = view === 'directories';
  return (
    <>
      <PageHeader title={t('console.applications.title')} purpose={t('console.applications.purpose')} />
      <nav className="tabs" aria-label={t('console.applications.views')}>
        <Link to="/applications" aria-current={isDirectories ? undefined : 'page'}>
          {t('console.applications.tab.applications')}
        </Link>
        <Link to="/applications?view=directories" aria-current={isDirectories ? 'page' : undefined}>
          {t('console.applications.tab.directories')}
        </Link>
      </nav>
      {isDirectories ? <DirectoriesView place={place} /> : <ApplicationsView place={place} />}
    </>
  );
}
