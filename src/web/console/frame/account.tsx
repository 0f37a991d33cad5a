import { Button } from '@mantine/core';
import { useState } from 'react';
import { addresses } from '../../portal/addresses.ts';
import { call, Problem } from '../../portal/api.ts';
import { useTexts } from '../texts.ts';
import { useConsole } from './console-context.tsx';

/** Who is signed in, as what, and the way out. */
export function Account() {
  const { t } = useTexts();
  const { name, role } = useConsole();
  const [failed, setFailed] = useState(false);

  async function signOut(): Promise<void> {
    try {
      await call('DELETE', 'session');
    } catch (thrown) {
      // Ended already is as good.
      if (!(thrown instanceof Problem) || thrown.code !== 'sign-in-required') {
        setFailed(true);
        return;
      }
    }
    location.assign(`${addresses.signIn}?reason=signed-out`);
  }

  return (
    <section className="who" aria-label={t('console.who')}>
      <p>
        <strong>{name}</strong>
        <span>{t(`console.role.${role}`)}</span>
      </p>
      <p>
        <a href={addresses.account}>{t('console.account')}</a>
      </p>
      <Button variant="default" size="md" onClick={signOut}>
        {t('console.sign-out')}
      </Button>
      {failed && <p role="alert">{t('portal.unreachable')}</p>}
    </section>
  );
}
