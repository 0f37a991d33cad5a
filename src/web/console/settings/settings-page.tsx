import { PageHeader } from '../parts/page-header.tsx';
import { useTexts } from '../texts.ts';

export function Page() {
  const { t } = useTexts();
  return <PageHeader title={t('console.nav.settings')} purpose="" />;
}
