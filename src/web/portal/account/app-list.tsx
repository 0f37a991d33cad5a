import { useTexts } from '../texts.tsx';
import { formatDate } from '../times.ts';
import type { App } from './view.ts';

type AppListProps = { readonly apps: readonly App[]; readonly onRemove: (app: App) => void };

/** The phones that can prove who somebody is. The last one stays: without it nobody could sign in. */
export function AppList({ apps: all, onRemove }: AppListProps) {
  const { t, locale } = useTexts();
  const apps = all.map((app) => ({ ...app, label: app.label || t('portal.account.app-unnamed') }));
  if (apps.length === 0) return <p>{t('portal.account.no-apps')}</p>;
  const date = (moment: string): string => formatDate(locale, new Date(moment));
  return (
    <>
      <ul className="entries">
        {apps.map((app) => (
          <li key={app.id}>
            <div>
              <strong>{app.label}</strong>
              <p className="quiet figures">
                {app.lastUsedAt === undefined
                  ? t('portal.account.app-added', { date: date(app.enrolledAt) })
                  : t('portal.account.app-used', {
                      added: date(app.enrolledAt),
                      used: date(app.lastUsedAt),
                    })}
              </p>
            </div>
            {apps.length > 1 && (
              <button
                type="button"
                className="plain"
                aria-label={t('portal.account.remove-label', { label: app.label })}
                onClick={() => onRemove(app)}
              >
                {t('portal.account.remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {apps.length === 1 && <p className="quiet">{t('portal.account.last')}</p>}
    </>
  );
}
