import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useTexts } from '../texts.ts';

type Notice = {
  readonly text: string;
  /** "Undo", where that is possible. */
  readonly action?: { readonly label: string; readonly run: () => void };
};

type Notify = (text: string, action?: Notice['action']) => void;

const NoticeContext = createContext<Notify | null>(null);

/** `const notify = useNotice()`, then `notify(t('…removed'), { label: t('…undo'), run })` once it is done. */
export function useNotice(): Notify {
  const notify = useContext(NoticeContext);
  if (notify === null) throw new Error('useNotice outside NoticeProvider');
  return notify;
}

/** Milliseconds; one with something to press stays until it is closed. */
const shownFor = 8_000;

/** Says in a corner what was done; the newest alone, so that nothing piles up. */
export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useTexts();
  const [notice, setNotice] = useState<Notice>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const notify = useCallback<Notify>((text, action) => {
    clearTimeout(timer.current);
    setNotice({ text, ...(action === undefined ? {} : { action }) });
    if (action === undefined) timer.current = setTimeout(() => setNotice(undefined), shownFor);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <NoticeContext value={notify}>
      {children}
      <div className="notices" role="status">
        {notice !== undefined && (
          <div className="notice">
            <span>{notice.text}</span>
            {notice.action !== undefined && (
              <button
                type="button"
                className="plain"
                onClick={() => {
                  setNotice(undefined);
                  notice.action?.run();
                }}
              >
                {notice.action.label}
              </button>
            )}
            <button type="button" className="plain" onClick={() => setNotice(undefined)}>
              {t('console.close')}
            </button>
          </div>
        )}
      </div>
    </NoticeContext>
  );
}
