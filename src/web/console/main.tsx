import { createTheme, MantineProvider } from '@mantine/core';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { TextsProvider } from '../portal/texts.tsx';
import { readBoot } from './boot.ts';
import { Console } from './console.tsx';
import './style.css';

/** Colours come from our style sheet, which follows the system; nothing is read from or kept in the browser. */
const systemScheme = {
  get: () => 'auto' as const,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

const theme = createTheme({ primaryColor: 'teal', respectReducedMotion: true });

/**
 * Draws the console. What its pages may use of Mantine: everything but what writes style elements by markup, which the
 * page's policy (Trusted Types) forbids: responsive style props (`p={{ base: … }}`), Grid, SimpleGrid, Flex, AppShell.
 * Layout is plain CSS: `panel`, `panels`, `row`, `filters`, `facts`, `tag` of style.css, or a style sheet of the page's own.
 */
function start(): void {
  const boot = readBoot();
  const nonce = document.getElementById('look')?.nonce ?? '';
  setNonce(nonce);
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
        <Console logo={boot.logo} />
      </TextsProvider>
    </MantineProvider>,
  );
}

start();
