import { TextInput } from '@mantine/core';
import { type Ref, useState } from 'react';
import { useTexts } from '../texts.tsx';

type PasswordFieldProps = {
  readonly name: string;
  readonly label: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly description?: string | undefined;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
  readonly minLength?: number | undefined;
  readonly ref?: Ref<HTMLInputElement>;
};

/** A password with a button that shows it, so that nobody has to type a new one twice. */
export function PasswordField({ description, error, minLength, ...props }: PasswordFieldProps) {
  const { t } = useTexts();
  const [visible, setVisible] = useState(false);
  return (
    <TextInput
      size="md"
      {...props}
      {...(description === undefined ? {} : { description })}
      {...(minLength === undefined ? {} : { minLength })}
      error={error}
      errorProps={{ role: 'alert' }}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      type={visible ? 'text' : 'password'}
      required
      withAsterisk={false}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      rightSectionWidth="auto"
      rightSection={
        <button
          type="button"
          className="reveal"
          aria-label={t(visible ? 'portal.hide-password' : 'portal.show-password')}
          onClick={() => setVisible(!visible)}
        >
          {t(visible ? 'portal.hide' : 'portal.show')}
        </button>
      }
    />
  );
}
