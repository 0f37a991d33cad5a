import { TextInput } from '@mantine/core';
import { useTexts } from '../texts.ts';

type AccentFieldProps = {
  readonly value: string;
  /** What the picker begins with where nothing was chosen. */
  readonly fallback: string;
  readonly onChange: (text: string) => void;
  readonly error: string | undefined;
  readonly errorProps: { readonly role: string };
};

/** A colour, typed or picked. */
export function AccentField({ value, fallback, onChange, error, errorProps }: AccentFieldProps) {
  const { t } = useTexts();
  return (
    <div className="accent-field">
      <TextInput
        size="md"
        label={t('console.branding.accent')}
        description={t('console.branding.accent-help')}
        inputWrapperOrder={['label', 'description', 'input', 'error']}
        placeholder={t('console.branding.usual')}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        maxLength={7}
        autoComplete="off"
        spellCheck={false}
        error={error}
        errorProps={errorProps}
      />
      <input
        type="color"
        aria-label={t('console.branding.pick')}
        value={/^#[0-9a-f]{6}$/i.test(value) ? value : fallback}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
