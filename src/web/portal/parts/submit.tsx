import { Button } from '@mantine/core';

type SubmitProps = {
  readonly label: string;
  /** What it says while it works. It isn't disabled then: that would drop the focus. */
  readonly busyLabel: string;
  readonly busy: boolean;
  readonly destructive?: boolean;
};

/** The primary action of a form: one full-width button. */
export function Submit({ label, busyLabel, busy, destructive = false }: SubmitProps) {
  return (
    <Button type="submit" fullWidth size="md" aria-busy={busy} {...(destructive ? { color: 'red' } : {})}>
      {busy ? busyLabel : label}
    </Button>
  );
}
