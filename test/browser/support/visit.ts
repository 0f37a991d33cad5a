import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { collectFaults } from '../../support/chromium.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly standIn: StandIn;
  /** Policy violations, exceptions, and requests to any other host. */
  readonly faults: string[];
};

/** Opens a fresh browser profile at a fresh stand-in, does `work`, and expects no fault. */
export async function visiting(
  browser: Browser,
  options: BrowserContextOptions,
  work: (visit: Visit) => Promise<void>,
): Promise<void> {
  const standIn = await startStandIn();
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const faults = collectFaults(page);
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== standIn.origin) {
        faults.push(`asks ${url.origin}`);
      }
    });
    await work({ page, context, standIn, faults });
    if (faults.length > 0) throw new Error(faults.join('\n'));
  } finally {
    await context.close();
    await standIn.close();
  }
}
