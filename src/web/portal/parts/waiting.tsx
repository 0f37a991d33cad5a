import { useTexts } from '../texts.tsx';

/** Holds the place of what is being fetched, as the shell does before the script has run. */
export function Waiting() {
  const { t } = useTexts();
  return (
    <div className="waiting">
      <span className="unseen" role="status">
        {t('portal.loading')}
      </span>
      <i />
      <i />
      <i />
    </div>
  );
}
