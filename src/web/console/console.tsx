import { useEffect } from 'react';
import { Route, Switch } from 'wouter';
import type { MeAnswer } from '../../admin/index.ts';
import { signInAndBack } from '../portal/addresses.ts';
import { InterruptionProvider } from './api/interruption.tsx';
import { request } from './api/request.ts';
import { useLoad } from './api/use-load.ts';
import { ConsoleProvider } from './frame/console-context.tsx';
import { Frame } from './frame/frame.tsx';
import { NothingHere } from './frame/nothing-here.tsx';
import { places } from './frame/routes.ts';
import { ConfirmProvider } from './parts/confirm.tsx';
import { Failure } from './parts/failure.tsx';
import { Loading } from './parts/loading.tsx';
import { NoticeProvider } from './parts/notice.tsx';

/** The whole console, once it knows who reads. */
export function Console({ logo }: { readonly logo: string | undefined }) {
  const me = useLoad(async () => (await request<MeAnswer>({ method: 'GET', path: 'me' })).value);
  const ended = me.problem?.code === 'sign-in-required';
  useEffect(() => {
    if (ended) location.assign(signInAndBack());
  }, [ended]);

  if (me.value === undefined) {
    return (
      <main className="starting">
        {me.problem === undefined || ended ? (
          <Loading />
        ) : (
          <Failure problem={me.problem} onAgain={me.reload} />
        )}
      </main>
    );
  }
  return (
    <ConsoleProvider me={me.value}>
      <NoticeProvider>
        <InterruptionProvider>
          <ConfirmProvider>
            <Frame logo={logo}>
              <Switch>
                {places.map(({ path, Page }) => (
                  <Route key={path} path={path === '/' ? '/' : `${path}/*?`}>
                    <Page />
                  </Route>
                ))}
                <Route>
                  <NothingHere />
                </Route>
              </Switch>
            </Frame>
          </ConfirmProvider>
        </InterruptionProvider>
      </NoticeProvider>
    </ConsoleProvider>
  );
}
