import { useTexts } from '../texts.ts';

/** Twilio's own pages; nothing is fetched from there. */
const links = [
  ['console.messages.twilio.administration', 'https://console.twilio.com/'],
  ['console.messages.twilio.status', 'https://status.twilio.com/'],
  ['console.messages.twilio.support', 'https://help.twilio.com/'],
] as const;

/** Where the site's Twilio subscription is managed. */
export function TwilioLinks() {
  const { t } = useTexts();
  return (
    <div className="form">
      <h3>{t('console.messages.twilio')}</h3>
      <ul className="links">
        {links.map(([name, href]) => (
          <li key={href}>
            <a href={href} target="_blank" rel="noopener noreferrer">
              {t(name)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
