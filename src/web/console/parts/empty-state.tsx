import type { ReactNode } from 'react';

/**
 * In place of a list with nothing in it: what would be here, and what to do first. `children` are a sentence and a
 * button or link.
 */
export function EmptyState({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <div className="empty">
      {title !== undefined && <h2>{title}</h2>}
      {children}
    </div>
  );
}
