import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { createCatalogue } from '../../src/catalogue/index.ts';
import { type DemoApplication, startDemoApplication } from '../../src/server/demo-application.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** What arrives, one message at a time and in order. */
function listen(socket: WebSocket): () => Promise<string[]> {
  const arrived: string[][] = [];
  let wake = (): void => {};
  socket.on('message', (data) => {
    arrived.push(JSON.parse(data.toString()).lines);
    wake();
  });
  return async () => {
    while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return arrived.shift() ?? [];
  };
}

describe('the demonstration application', () => {
  let demo: DemoApplication;
  const clock = new ManualClock();
  before(async () => {
    demo = await startDemoApplication(createCatalogue(), clock);
  });
  after(() => demo.close());

  const open = (headers: Record<string, string>) =>
    new WebSocket(`${demo.url.replace('http', 'ws')}/session`, { headers });

  it('listens on the loopback interface only', () => {
    assert.match(demo.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('shows whose session it is, in their language and harmless as markup', async () => {
    const page = await fetch(`${demo.url}/`, {
      headers: { 'x-sallyport-user': 'al%20%3Cb%3E', 'accept-language': 'fr-FR' },
    });
    const html = await page.text();
    assert.match(html, /<html lang="fr">/);
    assert.match(html, /Session à distance de al &#60;b&#62;/);
    assert.doesNotMatch(html, /<b>/);
  });

  it('keeps to a policy without inline script or style, with all it needs beside the page', async () => {
    const page = await fetch(`${demo.url}/`);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /unsafe/);
    const html = await page.text();
    assert.doesNotMatch(html, /<script>|<style|style=| on\w+=/);
    assert.match(html, /<script src="\/\.sallyport\/renewal\.js" defer>/);
    for (const [, file] of html.matchAll(/(?:href|src)="([^/"][^"]*)"/g)) {
      assert.equal((await fetch(`${demo.url}/${file}`)).status, 200, String(file));
    }
  });

  it('answers its few commands over the WebSocket', async () => {
    const socket = open({ 'x-sallyport-user': 'alice' });
    const next = listen(socket);
    assert.match((await next())[0] ?? '', /^Hello alice\./);
    socket.send('whoami');
    assert.deepEqual(await next(), ['You are alice. The gateway says so, not you.']);
    socket.send('echo  a  b ');
    assert.deepEqual(await next(), ['a  b']);
    socket.send('time');
    assert.match((await next())[0] ?? '', /2026/);
    socket.send('help');
    assert.equal((await next()).length, 5);
    socket.send('__proto__');
    assert.match((await next())[0] ?? '', /^__proto__ is not a command here/);
    socket.close();
    await once(socket, 'close');
  });

  it('speaks French to whoever reads French', async () => {
    const socket = open({ 'x-sallyport-user': 'alice', 'accept-language': 'fr' });
    const next = listen(socket);
    assert.match((await next())[0] ?? '', /^Bonjour alice\./);
    socket.terminate();
    await once(socket, 'close');
  });

  it('ends a session that sends more than a line', async () => {
    const socket = open({});
    const next = listen(socket);
    await next();
    socket.send('x'.repeat(5000));
    const [code] = await once(socket, 'close');
    assert.equal(code, 1009);
  });

  it('knows no other address', async () => {
    assert.equal((await fetch(`${demo.url}/../etc/passwd`)).status, 404);
    assert.equal((await fetch(`${demo.url}/__proto__`)).status, 404);
    assert.equal((await fetch(`${demo.url}/`, { method: 'POST', body: 'x' })).status, 405);
    const socket = new WebSocket(`${demo.url.replace('http', 'ws')}/elsewhere`);
    const [error] = await once(socket, 'error');
    assert.match(String(error), /404/);
  });
});
