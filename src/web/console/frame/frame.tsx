import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Boundary } from '../parts/boundary.tsx';
import { Loading } from '../parts/loading.tsx';
import { useTexts } from '../texts.ts';
import { Account } from './account.tsx';
import { useConsole } from './console-context.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { Link } from './link.tsx';
import { Navigation } from './navigation.tsx';
import { placeAt } from './routes.ts';
import { SubscriptionSwitch } from './subscription-switch.tsx';

/** The mark of src/http/page-mark.ts: two nested door frames, the inner one open. */
function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="square">
        <path d="M3 30V3h26v27" />
        <path d="M9 30V10h14v20" />
        <path d="M9 10l7 4v16H9z" fill="currentColor" strokeLinejoin="round" />
      </g>
    </svg>
  );
}

/** Said on every page while it is so: nothing else of the console matters as much. */
function SwitchedOff() {
  const { t } = useTexts();
  const { subscription, subscriptions } = useConsole();
  if (subscription.twoFactor) return null;
  return (
    <div className="banner" role="status">
      <p>
        {subscriptions.length > 1
          ? t('console.switched-off.of', { subscription: subscription.name })
          : t('console.switched-off')}
      </p>
      <Link to="/settings#enabled">{t('console.switched-off.settings')}</Link>
    </div>
  );
}

type FrameProps = {
  /** The address of the site's own mark. */
  readonly logo: string | undefined;
  readonly children: ReactNode;
};

/** Navigation at the left, behind a button on a phone; the page beside it. */
export function Frame({ logo, children }: FrameProps) {
  const { t, site } = useTexts();
  const { subscription } = useConsole();
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const place = placeAt(path);
  const at = place?.path;
  const before = useRef(at);

  useEffect(() => {
    if (before.current === at) return;
    before.current = at;
    setOpen(false);
    scrollTo({ top: 0 });
    main.current?.focus({ preventScroll: true });
  }, [at]);

  return (
    <div className="console" data-open={open || undefined}>
      <a className="skip" href="#main">
        {t('console.skip')}
      </a>
      <header className="top">
        <span className="name">
          {logo === undefined ? <Mark /> : <img className="logo" src={logo} alt="" />}
          <span>{site.name}</span>
        </span>
        <button
          type="button"
          className="menu"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'console.menu.close' : 'console.menu')}
        </button>
      </header>
      <div className="side" id="navigation">
        <SubscriptionSwitch />
        <Navigation />
        <Account />
        <LanguageSwitch />
      </div>
      <main id="main" ref={main} tabIndex={-1}>
        <SwitchedOff />
        <Boundary key={`${at} ${subscription.id}`}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </Boundary>
      </main>
    </div>
  );
}
