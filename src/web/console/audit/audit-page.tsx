import { Link } from '../frame/link.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';
import './audit.css';
import { Kept } from './kept.tsx';
import { LogView } from './log-view.tsx';
import { WhyView } from './why-view.tsx';

/** What happened, and why somebody was asked or refused. */
export function Page() {
  const { t } = useTexts();
  const [view] = useQueryText('view');
  const isWhy = view === 'why';
  return (
    <>
      <PageHeader title={t('console.audit.title')} purpose={t('console.audit.purpose')}>
        <Kept />
      </PageHeader>
      <nav className="tabs" aria-label={t('console.audit.views')}>
        <Link to="/audit" aria-current={isWhy ? undefined : 'page'}>
          {t('console.audit.tab.log')}
        </Link>
        <Link to="/audit?view=why" aria-current={isWhy ? 'page' : undefined}>
          {t('console.audit.tab.why')}
        </Link>
      </nav>
      {isWhy ? <WhyView /> : <LogView />}
    </>
  );
}
