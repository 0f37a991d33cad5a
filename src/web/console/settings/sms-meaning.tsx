import type { SettingsPreviewAnswer } from '../../../admin/index.ts';
import { useTexts } from '../texts.ts';

/** The message as it will arrive, with a sample code, and what it costs. */
export function SmsMeaning({ preview }: { readonly preview: SettingsPreviewAnswer | undefined }) {
  const { t } = useTexts();
  if (preview === undefined) return <aside className="meaning" aria-label={t('console.settings.in-sms')} />;
  const { text, segments, units, encoding, costly } = preview.sms;
  return (
    <aside className="meaning" aria-label={t('console.settings.in-sms')}>
      <h3>{t('console.settings.in-sms')}</h3>
      <p className="sample" aria-live="polite">
        {text}
      </p>
      <p className="quiet">{t('console.settings.segments', { count: segments, units, encoding })}</p>
      {costly.length > 0 && (
        <p className="message attention">{t('console.settings.costly', { characters: costly.join(' ') })}</p>
      )}
    </aside>
  );
}
