import { after, before, describe, it } from 'node:test';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

describe('the console’s frame, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  before(async () => {
    site = await startConsoleSite();
  });
  after(() => site.stop());

  it('fits and is accessible on a desktop and a phone, by day and by night', () =>
    site.looks('frame', '/nowhere', (page) => page.getByRole('heading', { name: 'Nothing here' }).waitFor()));
});
