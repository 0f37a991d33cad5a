import { Fragment } from 'react';
import { useTexts } from '../texts.ts';

/** Every language in its own words. */
export function LanguageSwitch() {
  const { t, language, languages, switchTo } = useTexts();
  return (
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
  );
}
