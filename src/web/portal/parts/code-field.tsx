import { TextInput } from '@mantine/core';
import { type RefObject, useEffect, useRef } from 'react';
import { type CodeKind, isGrouped } from './code-kind.ts';

type CodeFieldProps = {
  readonly kind: CodeKind;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  /** How many digits a code has; absent for codes in groups and where it isn't known. */
  readonly digits?: number | undefined;
  /** Called when the last digit is there; the field submits itself. */
  readonly onComplete?: ((code: string) => void) | undefined;
  readonly autoFocus?: boolean;
  /** The field takes the focus whenever this changes: another code was sent. */
  readonly attention?: number | undefined;
};

/** What counts of a typed code: spaces don't (people copy "123 456"). */
export const withoutSpaces = (typed: string): string => typed.replaceAll(/\s/g, '');

const names = { app: 'code', sent: 'code', recovery: 'recovery-code', bypass: 'bypass-code' } as const;

/** Focuses the field again after an answer, ready for the next code. */
function useRefocus(
  error: string | undefined,
  attention: number | undefined,
): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  const seen = useRef(attention);
  useEffect(() => {
    if (error !== undefined || attention !== seen.current) field.current?.focus();
    seen.current = attention;
  }, [error, attention]);
  return field;
}

/** One field for a code: paste, autofill and spaces work; a code of digits submits itself with its last one. */
export function CodeField(props: CodeFieldProps) {
  const { kind, label, value, onChange, error, digits, onComplete, autoFocus = true, attention } = props;
  const field = useRefocus(error, attention);
  const grouped = isGrouped(kind);

  function take(typed: string): void {
    onChange(typed);
    const code = withoutSpaces(typed);
    const complete = !grouped && code.length === digits && /^\d+$/.test(code);
    if (complete && code !== withoutSpaces(value)) onComplete?.(code);
  }

  return (
    <TextInput
      ref={field}
      size="md"
      className={grouped ? 'code grouped' : 'code'}
      name={names[kind]}
      label={label}
      error={error}
      errorProps={{ role: 'alert' }}
      value={value}
      onChange={(event) => take(event.currentTarget.value)}
      autoComplete={grouped ? 'off' : 'one-time-code'}
      inputMode={grouped ? 'text' : 'numeric'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      enterKeyHint="go"
      autoFocus={autoFocus}
    />
  );
}
