import type { SettingsPreviewAnswer } from '../../../admin/index.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

type Odds = SettingsPreviewAnswer['odds']['day'];

/** What Digits, Discrepancy and Drift tolerance come to, and how the entry looks in an app; changes as one types. */
export function AppMeaning({ preview }: { readonly preview: SettingsPreviewAnswer | undefined }) {
  const { t } = useTexts();
  const format = useFormat();
  if (preview === undefined) return <aside className="meaning" aria-label={t('console.settings.meaning')} />;
  const { app, acceptable, odds, wideOpen } = preview;

  const wordsOf = ({ probability }: Odds): string =>
    probability >= 0.1
      ? t('settings.meaning.percent', { percent: format.number(Math.round(probability * 100)) })
      : probability <= 0
        ? t('console.settings.none')
        : t('settings.meaning.one-in', { count: format.number(Math.round(1 / probability)) });
  const said = (chance: Odds) => ({ odds: wordsOf(chance), tries: format.number(chance.tries) });

  return (
    <aside className="meaning" aria-label={t('console.settings.meaning')}>
      <h3>{t('console.settings.meaning')}</h3>
      <div aria-live="polite" className="form">
        <p>{t('settings.meaning.alone', { seconds: format.number(acceptable.alone) })}</p>
        {acceptable.withNextCode > acceptable.alone && (
          <p>{t('settings.meaning.followed', { seconds: format.number(acceptable.withNextCode) })}</p>
        )}
        {wideOpen && <p className="message attention">{t('console.settings.wide-open')}</p>}
        <p>{t('settings.meaning.day', said(odds.day))}</p>
        <p>{t('settings.meaning.month', said(odds.month))}</p>
        <p>{t('settings.meaning.month-set-back', said(odds.monthSetBack))}</p>
      </div>
      <h3>{t('console.settings.in-app')}</h3>
      <p className="sample">{app.label}</p>
    </aside>
  );
}
