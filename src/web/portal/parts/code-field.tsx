import { TextInput } from '@mantine/core';
import { type RefObject, useEffect, useRef } from 'react';

type CodeFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  /** How many digits a code has; absent for recovery codes and where it isn't known. */
  readonly digits?: number | undefined;
  /** Called when the last digit is there; the field submits itself. */
  readonly onComplete?: ((code: string) => void) | undefined;
  readonly recovery?: boolean;
  readonly autoFocus?: boolean;
};

/** What counts of a typed code: spaces don't (people copy "123 456"). */
export const withoutSpaces = (typed: string): string => typed.replaceAll(/\s/g, '');

/** Focuses the field again after an answer, ready for the next code. */
function useRefocus(error: string | undefined): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error !== undefined) field.current?.focus();
  }, [error]);
  return field;
}

/** One field for a code: paste, autofill and spaces work; a code of digits submits itself with its last one. */
export function CodeField(props: CodeFieldProps) {
  const { label, value, onChange, error, digits, onComplete, recovery = false, autoFocus = true } = props;
  const field = useRefocus(error);

  function take(typed: string): void {
    onChange(typed);
    const code = withoutSpaces(typed);
    const complete = digits !== undefined && code.length === digits && /^\d+$/.test(code);
    if (complete && code !== withoutSpaces(value)) onComplete?.(code);
  }

  return (
    <TextInput
      ref={field}
      size="md"
      className={recovery ? 'code recovery' : 'code'}
      name={recovery ? 'recovery-code' : 'code'}
      label={label}
      error={error}
      errorProps={{ role: 'alert' }}
      value={value}
      onChange={(event) => take(event.currentTarget.value)}
      autoComplete={recovery ? 'off' : 'one-time-code'}
      inputMode={recovery ? 'text' : 'numeric'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      enterKeyHint="go"
      autoFocus={autoFocus}
    />
  );
}
