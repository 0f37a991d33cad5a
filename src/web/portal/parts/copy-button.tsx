import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../texts.tsx';

type CopyButtonProps = {
  readonly text: string;
  readonly label: string;
  /** As a line of text rather than a button, where there is no room. */
  readonly plain?: boolean;
};

/** Copies `text`, and says so; where the browser refuses (plain HTTP), says what to do instead. */
export function CopyButton({ text, label, plain = false }: CopyButtonProps) {
  const { t } = useTexts();
  const [result, setResult] = useState<'copied' | 'failed'>();

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      setResult('failed');
    }
  }

  const shown = result === 'copied' ? t('portal.copied') : label;
  return (
    <>
      {plain ? (
        <button type="button" className="plain" onClick={copy}>
          {shown}
        </button>
      ) : (
        <Button variant="default" size="md" onClick={copy}>
          {shown}
        </Button>
      )}
      <span className="unseen" role="status">
        {result === 'copied' && t('portal.copied')}
      </span>
      {result === 'failed' && <span role="alert">{t('portal.copy-failed')}</span>}
    </>
  );
}
