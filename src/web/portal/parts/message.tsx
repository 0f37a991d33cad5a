import type { ReactNode } from 'react';

type MessageProps = {
  /** `refusal` interrupts a screen reader; the others wait for their turn. */
  readonly tone: 'refusal' | 'attention' | 'news';
  readonly id?: string;
  readonly children: ReactNode;
};

/** Something the reader should know now. */
export function Message({ tone, id, children }: MessageProps) {
  return (
    <p className={`message ${tone}`} id={id} role={tone === 'refusal' ? 'alert' : 'status'}>
      {children}
    </p>
  );
}
