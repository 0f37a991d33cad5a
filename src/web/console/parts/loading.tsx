import { useTexts } from '../texts.ts';

/** Holds the place of what is being fetched. */
export function Loading() {
  const { t } = useTexts();
  return (
    <div className="loading" role="status">
      {t('portal.loading')}
    </div>
  );
}
