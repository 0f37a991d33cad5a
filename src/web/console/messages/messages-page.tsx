import { PageHeader } from '../parts/page-header.tsx';
import { useTexts } from '../texts.ts';
import { emailFields, smsFields } from './fields.ts';
import { SenderPanel } from './sender-panel.tsx';
import { TwilioLinks } from './twilio-links.tsx';
import './messages.css';

/** How codes and notices reach people: SMS by Twilio, email by SMTP. */
export function Page() {
  const { t } = useTexts();
  return (
    <>
      <PageHeader title={t('console.nav.messages')} purpose={t('console.messages.purpose')} />
      <div className="panels">
        <SenderPanel kind="sms" fields={smsFields}>
          <TwilioLinks />
        </SenderPanel>
        <SenderPanel kind="email" fields={emailFields} />
      </div>
    </>
  );
}
