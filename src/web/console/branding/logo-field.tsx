import { Button } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import { useTexts } from '../texts.ts';
import type { DraftLogo } from './draft.ts';

type LogoFieldProps = {
  /** Address of the stored one. */
  readonly stored: string | undefined;
  readonly draft: DraftLogo | undefined;
  readonly onChange: (logo: DraftLogo) => void;
  readonly error: string | undefined;
};

/** Bytes; the server says so too. */
const longest = 64 * 1024;

/** A picture for the top of every page. */
export function LogoField({ stored, draft, onChange, error }: LogoFieldProps) {
  const { t } = useTexts();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const shown = draft === undefined ? stored : (draft?.preview ?? undefined);

  async function take(file: File | undefined): Promise<void> {
    setTooLarge(file !== undefined && file.size > longest);
    if (file === undefined || file.size > longest) return;
    const preview = await dataUrlOf(file);
    onChange({ data: preview.slice(preview.indexOf(',') + 1), preview });
  }

  const problem = tooLarge ? t('console.branding.logo-large') : error;
  return (
    <div className="logo-field">
      <label htmlFor={id}>{t('console.branding.logo')}</label>
      <p className="quiet" id={`${id}-help`}>
        {t('console.branding.logo-help')}
      </p>
      <div className="row">
        {shown !== undefined && <img src={shown} alt={t('console.branding.logo-shown')} />}
        <input
          ref={input}
          id={id}
          type="file"
          accept="image/png,image/svg+xml"
          aria-describedby={`${id}-help`}
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
        {shown !== undefined && (
          <Button
            variant="default"
            size="md"
            onClick={() => {
              if (input.current !== null) input.current.value = '';
              onChange(null);
            }}
          >
            {t('console.branding.logo-remove')}
          </Button>
        )}
      </div>
      {problem !== undefined && (
        <p className="message refusal" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(file);
  });
}
