import { createTheme, MantineProvider } from '@mantine/core';
import { setNonce } from 'get-nonce';
import type { ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import type { PageStates, PortalPage } from '../../portal/index.ts';
import { readBoot } from './boot.ts';
import { Boundary } from './parts/boundary.tsx';
import { Frame } from './parts/frame.tsx';
import { TextsProvider } from './texts.tsx';
import './style.css';

type Pages = {
  readonly [Name in PortalPage]: () => Promise<{ Page: ComponentType<{ state: PageStates[Name] }> }>;
};

const pages: Pages = {
  'sign-in': () => import('./pages/sign-in-page.tsx'),
  owner: () => import('./pages/owner-page.tsx'),
  recover: () => import('./pages/recover-page.tsx'),
  invitation: () => import('./pages/invitation-page.tsx'),
  account: () => import('./pages/account-page.tsx'),
  launcher: () => import('./pages/launcher-page.tsx'),
  renew: () => import('./pages/renew-page.tsx'),
  'sign-out': () => import('./pages/sign-out-page.tsx'),
};

/** Colours come from our style sheet, which follows the system; nothing is read from or kept in the browser. */
const systemScheme = {
  get: () => 'auto' as const,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

const theme = createTheme({ primaryColor: 'teal' });

async function start(): Promise<void> {
  const boot = readBoot();
  const nonce = document.getElementById('look')?.nonce ?? '';
  setNonce(nonce);
  const { Page } = (await pages[boot.page]()) as { Page: ComponentType<{ state: object }> };
  const root = document.getElementById('root');
  if (root === null) throw new Error('This page has no root.');
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={systemScheme}
      getStyleNonce={() => nonce}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <TextsProvider boot={boot}>
        <Frame>
          <Boundary>
            <Page state={boot.state} />
          </Boundary>
        </Frame>
      </TextsProvider>
    </MantineProvider>,
  );
}

start();
