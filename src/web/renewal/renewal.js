/*
 * Sallyport: tells, fifteen minutes before it happens, that a sign-in ends, and leads to the page where a new code
 * is typed. An application's page includes it: <script src="/.sallyport/renewal.js" defer></script>
 * No code is ever typed here: whatever is typed into an application's page, that page can read.
 */
(() => {
  if (window.top !== window || window.sallyportRenewal) return;
  Object.defineProperty(window, 'sallyportRenewal', { value: true });

  const kept = 'sallyport-renewal-later';
  const css = `:host{all:initial!important;position:fixed!important;inset:auto 16px 16px auto!important;z-index:2147483647!important;max-width:min(400px,calc(100vw - 32px))!important;margin:0!important;padding:0!important;border:0!important;background:none!important;overflow:visible!important}
.card{box-sizing:border-box;font:16px/1.5 system-ui,sans-serif;color:#1b2426;background:#fff;border:1px solid #c9d2d3;border-radius:8px;padding:16px;box-shadow:0 4px 16px #0003;font-variant-numeric:tabular-nums}
p{margin:0 0 12px;text-wrap:pretty}.row{display:flex;flex-wrap:wrap;gap:8px}.last{margin:0}
a,button{box-sizing:border-box;font:inherit;min-height:40px;padding:7px 16px;border-radius:6px;border:1px solid #0f5e63;cursor:pointer;text-decoration:none}
a{background:#0f5e63;color:#fff}button{background:none;color:inherit;border-color:#7d8a8c}
a:focus-visible,button:focus-visible{outline:3px solid #17a2a2;outline-offset:2px}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(prefers-color-scheme:dark){.card{color:#e6ecec;background:#1b2426;border-color:#465456}a{background:#7fd1d1;border-color:#7fd1d1;color:#0b2b2b}}`;

  /** What the gateway said last, and when: only differences count, since this clock may be wrong. */
  let known;
  let askedAt = 0;
  let timer;
  let host;
  let parts;
  let before;

  const left = () => known.remaining - (Date.now() - askedAt) / 1000;
  const wait = (seconds, next) => {
    clearTimeout(timer);
    timer = setTimeout(next, Math.min(Math.max(seconds, 1), 600) * 1000);
  };

  async function ask() {
    try {
      const answer = await fetch('/.sallyport/renewal.json', { cache: 'no-store', redirect: 'error' });
      if (answer.status === 401) return over();
      if (!answer.ok) return wait(60, ask);
      const was = known && left();
      known = await answer.json();
      askedAt = Date.now();
      if (known.remaining === undefined) return hide();
      // Somebody has typed a code, here or in another tab.
      if (host && was !== undefined && left() > was + 60) return thank();
      look();
    } catch {
      wait(60, ask);
    }
  }

  function look() {
    const seconds = left();
    if (seconds <= 0) return ask();
    if (seconds > Math.min(known.notice, Number(read() ?? Infinity))) {
      hide();
      return wait(seconds - known.notice > 0 ? seconds - known.notice : 15, ask);
    }
    show(text(known.texts.ends, seconds), true);
    // Asks again every minute: the code may be typed in another tab.
    wait(15, Date.now() - askedAt > 55_000 ? ask : look);
  }

  function text(template, seconds) {
    const end = new Date(Date.now() + seconds * 1000);
    // As people here write times: `en` alone would be American.
    const locale = navigator.languages.find((each) => each.startsWith(known.language)) ?? known.language;
    const time = end.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
    return template.replace('{{time}}', time).replace('{{minutes}}', Math.max(1, Math.ceil(seconds / 60)));
  }

  function thank() {
    forget();
    show(text(known.texts.renewed, left()), false);
    wait(8, look);
  }

  function over() {
    clearTimeout(timer);
    if (!host) return;
    show(known.texts.ended, false);
    known = undefined;
  }

  function later() {
    const seconds = left();
    // It comes back once, for the last five minutes; then nobody asked twice is asked again.
    keep(seconds > 300 ? 300 : 0);
    look();
  }

  function show(message, acts) {
    if (!host) build();
    parts.text.textContent = message;
    parts.row.hidden = !acts;
    parts.row.style.display = acts ? '' : 'none';
    parts.text.className = acts ? '' : 'last';
    // Read aloud when it comes, and for the last five minutes: not with every minute that passes.
    const stage = acts ? (left() > 300 ? 1 : 2) : 3;
    parts.said.textContent = before === stage ? '' : message;
    before = stage;
  }

  function build() {
    host = document.createElement('sallyport-renewal');
    const root = host.attachShadow({ mode: 'closed' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const make = (name, parent) => parent.appendChild(document.createElement(name));
    const card = make('div', root);
    card.className = 'card';
    card.setAttribute('role', 'region');
    card.setAttribute('aria-label', known.texts.label);
    card.lang = known.language;
    const said = make('div', card);
    said.className = 'said';
    said.setAttribute('role', 'status');
    const paragraph = make('p', card);
    const row = make('div', card);
    row.className = 'row';
    const link = make('a', row);
    link.href = known.renew;
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = known.texts.act;
    const button = make('button', row);
    button.type = 'button';
    button.textContent = known.texts.later;
    button.addEventListener('click', later);
    // A remote desktop would take what is typed here for its own.
    for (const type of ['keydown', 'keyup', 'keypress', 'mousedown', 'pointerdown', 'touchstart', 'wheel']) {
      host.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
    }
    parts = { said, text: paragraph, row };
    document.documentElement.append(host);
    raise();
  }

  /** Above a desktop that fills the screen. */
  function raise() {
    if (!host?.showPopover) return;
    host.popover = 'manual';
    if (host.matches(':popover-open')) host.hidePopover();
    host.showPopover();
  }

  function hide() {
    host?.remove();
    host = parts = before = undefined;
  }

  function read() {
    try {
      const [until, end] = (sessionStorage.getItem(kept) ?? '').split(' ').map(Number);
      return end > 0 && Math.abs(end - Date.now() - left() * 1000) < 120_000 ? until : undefined;
    } catch {
      return undefined;
    }
  }

  function keep(until) {
    try {
      sessionStorage.setItem(kept, `${until} ${Math.round(Date.now() + left() * 1000)}`);
    } catch {
      // Then it comes back with the next page.
    }
  }

  function forget() {
    try {
      sessionStorage.removeItem(kept);
    } catch {
      // Nothing was kept.
    }
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && Date.now() - askedAt > 2000) ask();
  });
  window.addEventListener('focus', () => {
    if (host && Date.now() - askedAt > 2000) ask();
  });
  document.addEventListener('fullscreenchange', raise);
  ask();
})();
