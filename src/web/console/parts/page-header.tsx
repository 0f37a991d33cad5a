import { type ReactNode, useEffect } from 'react';
import { useTexts } from '../texts.ts';

type PageHeaderProps = {
  readonly title: string;
  /** One line: what this page is for. */
  readonly purpose: string;
  /** Buttons for what concerns the whole page. */
  readonly children?: ReactNode;
};

/** How each page begins: its title, a line that says what it is for, and its actions. */
export function PageHeader({ title, purpose, children }: PageHeaderProps) {
  const { site } = useTexts();
  useEffect(() => {
    document.title = `${title} · ${site.name}`;
  }, [title, site.name]);
  return (
    <div className="page-header">
      <div>
        <h1>{title}</h1>
        <p className="quiet">{purpose}</p>
      </div>
      {children !== undefined && <div className="page-actions">{children}</div>}
    </div>
  );
}
