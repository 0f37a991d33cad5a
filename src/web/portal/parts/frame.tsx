import { Fragment, type ReactNode } from 'react';
import { useTexts } from '../texts.tsx';

/** The card, and below it the helpdesk line and the language switch. */
export function Frame({ children }: { children: ReactNode }) {
  const { t, language, languages, site, switchTo } = useTexts();
  return (
    <>
      {children}
      <footer className="below">
        {site.helpdesk !== '' && <p>{t('portal.helpdesk', { contact: site.helpdesk })}</p>}
        <nav className="languages" aria-label={t('portal.language')}>
          {languages.map(({ tag, name }, index) => (
            <Fragment key={tag}>
              {index > 0 && <span aria-hidden="true">·</span>}
              {tag === language ? (
                <span aria-current="true">{name}</span>
              ) : (
                <button type="button" className="plain" lang={tag} onClick={() => switchTo(tag)}>
                  {name}
                </button>
              )}
            </Fragment>
          ))}
        </nav>
      </footer>
    </>
  );
}
