import type { CSSProperties } from 'react';
import type { AccentAnswer } from '../../../admin/index.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

type PreviewProps = {
  readonly name: string;
  readonly logo: string | undefined;
  readonly helpdesk: string;
  readonly colours: AccentAnswer;
};

/** The neutral colours of pages by day and by night (`http/page-style.ts`). */
const neutral = {
  light: { page: '#f2f4f4', card: '#ffffff', line: '#dce2e2', ink: '#182122', quiet: '#536062' },
  dark: { page: '#111617', card: '#1a2021', line: '#2c3637', ink: '#e7ebeb', quiet: '#a3afb0' },
} as const;

/** The sign-in page in small, by day and by night, with the colours that it would have. */
export function Preview({ name, logo, helpdesk, colours }: PreviewProps) {
  const { t } = useTexts();
  const format = useFormat();
  return (
    <section className="preview" aria-label={t('console.branding.preview')}>
      {(['light', 'dark'] as const).map((side) => {
        const { accent, fill, onFill, contrast, adjusted } = colours[side];
        const { page, card, line, ink, quiet } = neutral[side];
        const look: CSSProperties = { background: page, color: ink, borderColor: line };
        return (
          <div key={side} className="sample-page" style={look}>
            <p className="sample-site">
              {logo !== undefined && <img src={logo} alt="" />}
              <strong>{name}</strong>
            </p>
            <div className="sample-card" style={{ background: card, borderColor: line }}>
              <span style={{ color: quiet }}>{t('console.branding.sample-title')}</span>
              <span className="sample-button" style={{ background: fill, color: onFill }}>
                {t('portal.continue')}
              </span>
              <span className="sample-link" style={{ color: accent }}>
                {t('console.branding.sample-link')}
              </span>
            </div>
            {helpdesk !== '' && <p style={{ color: quiet }}>{helpdesk}</p>}
            <p style={{ color: quiet }}>
              {t('console.branding.contrast', { ratio: format.number(contrast) })}
              {adjusted && ` ${t('console.branding.adjusted')}`}
            </p>
          </div>
        );
      })}
    </section>
  );
}
