import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTexts } from '../texts.ts';
import type { Field } from './fields.ts';

type SenderFieldProps = {
  readonly field: Field;
  readonly text: string;
  /** A secret that is kept; it never comes out. */
  readonly kept: boolean;
  readonly error: string | undefined;
  readonly onType: (text: string) => void;
};

/** One field of a sender, with its name, what it is for, and what was wrong with it. */
export function SenderField({ field, text, kept, error, onType }: SenderFieldProps) {
  const { t } = useTexts();
  const { kind, label, help, choices = [], optional = false } = field;
  const common = {
    size: 'md' as const,
    label: optional ? t('console.messages.optional', { label: t(label) }) : t(label),
    description:
      kind === 'secret'
        ? t(kept ? 'console.messages.secret-kept' : 'console.messages.secret-new')
        : help && t(help),
    inputWrapperOrder: ['label' as const, 'description' as const, 'input' as const, 'error' as const],
    error,
    errorProps: { role: 'alert' },
    value: text,
    autoComplete: 'off',
    spellCheck: false,
  };
  if (kind === 'choice') {
    return (
      <NativeSelect
        {...common}
        data={choices.map((choice) => ({ value: choice.value, label: t(choice.label) }))}
        onChange={(event) => onType(event.currentTarget.value)}
      />
    );
  }
  if (kind === 'area') {
    return <Textarea {...common} rows={3} onChange={(event) => onType(event.currentTarget.value)} />;
  }
  return (
    <TextInput
      {...common}
      {...(kind === 'secret' ? { type: 'password', autoComplete: 'new-password' } : {})}
      {...(kind === 'number' ? { inputMode: 'numeric', className: 'number' } : {})}
      onChange={(event) => onType(event.currentTarget.value)}
    />
  );
}
