import { Button, TextInput } from '@mantine/core';
import { createContext, type FormEvent, type ReactNode, useCallback, useContext, useState } from 'react';
import { useTexts } from '../texts.ts';
import { Dialog } from './dialog.tsx';

export type Confirmation = {
  /** The question, with number and noun: "Reset 3 users?" */
  readonly title: string;
  /** What happens, and what is lost: each a sentence. Never "Are you sure?". */
  readonly text: ReactNode;
  /** The verb on the button. */
  readonly action: string;
  /** Red, for what destroys something; true unless said. */
  readonly destructive?: boolean;
  /** How many things it is about: above ten, the number has to be typed. */
  readonly count?: number;
};

type Confirm = (confirmation: Confirmation) => Promise<boolean>;

const ConfirmContext = createContext<Confirm | null>(null);

/** `const confirm = useConfirm()`, then `if (await confirm({ title, text, action, count })) …`. */
export function useConfirm(): Confirm {
  const confirm = useContext(ConfirmContext);
  if (confirm === null) throw new Error('useConfirm outside ConfirmProvider');
  return confirm;
}

type Asked = Confirmation & { readonly answer: (yes: boolean) => void };

/** As many as one can oversee (product section 4). */
const most = 10;

function Question({ asked }: { readonly asked: Asked }) {
  const { t } = useTexts();
  const { title, text, action, destructive = true, count = 1, answer } = asked;
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const types = count > most;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (!types || typed.trim() === String(count)) answer(true);
    else setWrong(true);
  }

  return (
    <Dialog title={title} onClose={() => answer(false)}>
      <form className="form" onSubmit={submit} noValidate>
        {typeof text === 'string' ? <p>{text}</p> : text}
        {types && (
          <TextInput
            size="md"
            label={t('console.confirm.type', { number: count })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={wrong ? t('console.confirm.mistyped', { number: count }) : undefined}
            errorProps={{ role: 'alert' }}
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
          />
        )}
        <div className="row ends">
          <Button
            variant="default"
            size="md"
            onClick={() => answer(false)}
            {...(types ? {} : { 'data-autofocus': true })}
          >
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" {...(destructive ? { color: 'red' } : {})}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>();
  const confirm = useCallback<Confirm>(
    (confirmation) =>
      new Promise((resolve) =>
        setAsked({
          ...confirmation,
          answer(yes) {
            setAsked(undefined);
            resolve(yes);
          },
        }),
      ),
    [],
  );
  return (
    <ConfirmContext value={confirm}>
      {children}
      {asked !== undefined && <Question asked={asked} />}
    </ConfirmContext>
  );
}
