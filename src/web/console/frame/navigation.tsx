import { useLocation } from 'wouter';
import { useTexts } from '../texts.ts';
import { useConsole } from './console-context.tsx';
import { Link } from './link.tsx';
import { placeAt, places } from './routes.ts';

/** The pages that the reader may open. */
export function Navigation() {
  const { t } = useTexts();
  const { may, subscriptions } = useConsole();
  const [path] = useLocation();
  const here = placeAt(path)?.path;
  return (
    <nav aria-label={t('console.nav')}>
      <ul className="pages">
        {places
          .filter((place) => may(place.may, place.scope))
          // Whoever has one customer never notices; the way to a second one begins at the settings.
          .filter(({ path }) => path !== '/subscriptions' || subscriptions.length > 1 || here === path)
          .map((place) => (
            <li key={place.path} className={place.below ? 'below-one' : undefined}>
              <Link to={place.path} {...(here === place.path ? { 'aria-current': 'page' as const } : {})}>
                {t(place.name)}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}
