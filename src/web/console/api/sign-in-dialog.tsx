import { Button } from '@mantine/core';
import { addresses } from '../../portal/addresses.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useTexts } from '../texts.ts';

type SignInDialogProps = { readonly onDone: () => void; readonly onCancel: () => void };

/** The session has ended: one signs in elsewhere and goes on here, with everything still on the page. */
export function SignInDialog({ onDone, onCancel }: SignInDialogProps) {
  const { t } = useTexts();
  return (
    <Dialog title={t('console.ended.title')} onClose={onCancel}>
      <p>{t('console.ended.lead')}</p>
      <div className="row">
        <Button component="a" size="md" href={addresses.signIn} target="_blank" rel="noopener">
          {t('console.ended.sign-in')}
        </Button>
        <Button size="md" variant="default" onClick={onDone}>
          {t('console.ended.continue')}
        </Button>
      </div>
    </Dialog>
  );
}
