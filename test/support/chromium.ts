import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The system's Chromium without a window. Everything that would call home is switched off. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const desktopScreen: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  locale: 'en-GB',
};
export const phoneScreen: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'en-GB',
};

/** Collects what a page should never do: violate the content security policy or throw. */
export function collectFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return faults;
}

/**
 * Resolves when `expression` is true in the page, asked once per frame. (`waitForFunction` asks from a timer of
 * its own, where the pages' policy forbids it to evaluate text.)
 */
export async function comesTrue(page: Page, expression: string): Promise<void> {
  for (let frame = 0; !(await page.evaluate<boolean>(expression)); frame += 1) {
    if (frame === 2_000) throw new Error(`never came true: ${expression}`);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => done()))');
  }
}
