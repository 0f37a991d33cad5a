import { EmptyState } from '../parts/empty-state.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useTexts } from '../texts.ts';
import { Link } from './link.tsx';

/** An address that no page has. */
export function NothingHere() {
  const { t } = useTexts();
  return (
    <>
      <PageHeader title={t('console.nothing-here.title')} purpose={t('console.nothing-here.text')} />
      <EmptyState>
        <Link to="/">{t('console.nothing-here.home')}</Link>
      </EmptyState>
    </>
  );
}
