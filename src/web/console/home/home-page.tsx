import { useEffect } from 'react';
import type { HomeAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useTexts } from '../texts.ts';
import { Attention } from './attention.tsx';
import { Figures } from './figures.tsx';
import { OverTime } from './over-time.tsx';
import './home.css';

/** Milliseconds. */
const refreshEach = 60_000;

/** What an administrator looks at first: what needs somebody, how it stands, and how it went. */
export function Page() {
  const { t, language } = useTexts();
  const api = useApi();
  const home = useLoad(() => api.get<HomeAnswer>('home'), language);
  const { reload, value } = home;

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, refreshEach);
    return () => clearInterval(timer);
  }, [reload]);

  return (
    <>
      <PageHeader title={t('console.nav.home')} purpose={t('console.home.purpose')} />
      {value === undefined && home.problem === undefined && <Loading />}
      {home.problem !== undefined && <Failure problem={home.problem} onAgain={reload} />}
      {value !== undefined && (
        <div className="panels">
          <Attention concerns={value.attention} />
          <Figures home={value} />
          <OverTime />
          <p className="quiet">{t('console.home.version', { version: value.version })}</p>
        </div>
      )}
    </>
  );
}
