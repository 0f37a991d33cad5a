import { type ReactNode, useEffect, useRef } from 'react';
import { useTexts } from '../texts.tsx';

type CardProps = {
  readonly title: string;
  /** The step itself says whom to ask; the line below the card would say it twice. */
  readonly saysHelpdesk?: boolean;
  readonly children: ReactNode;
};

/**
 * The one card, with the step's heading. A new step takes the focus: its first field where it asks for one, else
 * its heading, so that a keyboard or a screen reader is never left on something that is gone.
 */
export function Card({ title, saysHelpdesk = false, children }: CardProps) {
  const { site } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · ${site.name}`;
  }, [title, site.name]);

  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) {
      heading.current?.focus({ preventScroll: true });
    }
    scrollTo({ top: 0 });
  }, []);

  return (
    <main className={saysHelpdesk ? 'card says-helpdesk' : 'card'}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  );
}
