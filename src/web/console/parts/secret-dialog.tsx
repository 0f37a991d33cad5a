import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from '../../portal/parts/copy-button.tsx';
import { useTexts } from '../texts.ts';
import { Dialog } from './dialog.tsx';

type SecretDialogProps = {
  readonly title: string;
  /** What it is for, until when it works, and that it is shown once. */
  readonly text: ReactNode;
  readonly secret: string;
  readonly onClose: () => void;
};

/** A ticket, a bypass code or a token, shown once: to read out or to copy. */
export function SecretDialog({ title, text, secret, onClose }: SecretDialogProps) {
  const { t } = useTexts();
  return (
    <Dialog title={title} onClose={onClose}>
      {typeof text === 'string' ? <p>{text}</p> : text}
      <p className="key">{secret}</p>
      <div className="row ends">
        <CopyButton text={secret} label={t('console.copy')} />
        <Button size="md" onClick={onClose}>
          {t('console.done')}
        </Button>
      </div>
    </Dialog>
  );
}
