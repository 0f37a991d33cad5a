import { useConsole } from '../frame/console-context.tsx';
import { Link } from '../frame/link.tsx';
import { useTexts } from '../texts.ts';

/** The way to a second subscription, for the owners of a site that has one. */
export function SeveralCustomers() {
  const { t } = useTexts();
  const { may, subscriptions } = useConsole();
  if (!may('own', 'site') || subscriptions.length > 1) return null;
  return (
    <section className="panel" aria-labelledby="several-customers">
      <h2 id="several-customers">{t('console.subscriptions.several')}</h2>
      <p>{t('console.subscriptions.several.text')}</p>
      <Link to="/subscriptions">{t('console.subscriptions.several.action')}</Link>
    </section>
  );
}
