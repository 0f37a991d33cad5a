import { useTexts } from '../texts.tsx';

/** Holds the place of what is being fetched, as the shell does before the script has run; `silent` where words say so. */
export function Waiting({ silent = false }: { silent?: boolean }) {
  const { t } = useTexts();
  return (
    <div className="waiting">
      {!silent && (
        <span className="unseen" role="status">
          {t('portal.loading')}
        </span>
      )}
      <i />
      <i />
      <i />
    </div>
  );
}
