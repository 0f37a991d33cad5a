import type { CatalogueKey, Language } from '../catalogue/index.ts';

/** The three files of the demonstration's page. Its policy allows its own script and style and nothing else. */
export const demoPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Relative addresses only, so that it works below any path that an administrator gives the application; but for the
 * script that the gateway has on every host, by which a sign-in is renewed in place.
 */
export function demoPage(language: Language, user: string, text: (key: CatalogueKey) => string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(text('demo.title'))}</title>
<link rel="stylesheet" href="terminal.css">
<script src="terminal.js" defer></script>
<script src="/.sallyport/renewal.js" defer></script>
</head>
<body data-connected="${escapeHtml(text('demo.connected'))}" data-ended="${escapeHtml(text('demo.ended'))}">
<header><h1>${escapeHtml(text('demo.title'))}</h1><p>${escapeHtml(user)}</p><p id="state" role="status">${escapeHtml(text('demo.connecting'))}</p><nav><a href="/.sallyport/account">${escapeHtml(text('demo.account'))}</a><a href="/.sallyport/sign-out">${escapeHtml(text('demo.sign-out'))}</a></nav></header>
<main>
<div id="screen" role="log" aria-label="${escapeHtml(text('demo.screen'))}" tabindex="0"></div>
<form id="prompt"><label for="line" aria-label="${escapeHtml(text('demo.command'))}">&gt;</label><input id="line" maxlength="500" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" disabled></form>
</main>
</body>
</html>
`;
}

export const demoScript = `'use strict';
const screen = document.getElementById('screen');
const line = document.getElementById('line');
const state = document.getElementById('state');
const socket = new WebSocket(new URL('session', location.href).href.replace(/^http/, 'ws'));
const show = (text, kind) => {
  const row = document.createElement('div');
  row.className = kind;
  row.textContent = text === '' ? '\\u00a0' : text;
  screen.append(row);
  screen.scrollTop = screen.scrollHeight;
};
const typed = [];
let place = 0;
socket.addEventListener('open', () => {
  state.textContent = document.body.dataset.connected;
  line.disabled = false;
  line.focus();
});
socket.addEventListener('message', (event) => {
  for (const text of JSON.parse(event.data).lines) show(text, 'said');
});
socket.addEventListener('close', () => {
  state.textContent = document.body.dataset.ended;
  line.disabled = true;
});
document.getElementById('prompt').addEventListener('submit', (event) => {
  event.preventDefault();
  if (line.value.trim() === '' || socket.readyState !== WebSocket.OPEN) return;
  show('> ' + line.value, 'typed');
  socket.send(line.value);
  place = typed.push(line.value);
  line.value = '';
});
line.addEventListener('keydown', (event) => {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
  if (step === 0) return;
  event.preventDefault();
  place = Math.min(Math.max(place + step, 0), typed.length);
  line.value = typed[place] ?? '';
});
`;

export const demoStyle = `:root{color-scheme:light dark;--page:#f2f4f4;--ink:#182122;--quiet:#536062;--accent:#0f5e63;--screen:#10191a;--said:#d7e2e2;--typed:#6fc3c5}
@media (prefers-color-scheme:dark){:root{--page:#111617;--ink:#e7ebeb;--quiet:#a3afb0;--accent:#6fc3c5}}
*{box-sizing:border-box}
html,body{height:100%}
body{margin:0;display:flex;flex-direction:column;font:16px/1.5 system-ui,sans-serif;background:var(--page);color:var(--ink)}
header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;padding:12px 16px}
h1{margin:0;font-size:18px;color:var(--accent)}
p{margin:0;color:var(--quiet)}
#state{margin-left:auto}
nav{display:flex;gap:16px}
a{color:var(--accent);text-underline-offset:.2em}
main{flex:1;min-height:0;display:flex;flex-direction:column;margin:0 16px 16px;border-radius:8px;background:var(--screen);color:var(--said);font:15px/1.5 ui-monospace,monospace}
#screen{flex:1;overflow:auto;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere}
#screen:focus-visible{outline:2px solid var(--typed);border-radius:8px}
.typed,label{color:var(--typed)}
form{display:flex;gap:8px;padding:12px 16px;border-top:1px solid #2c3637}
input{flex:1;min-width:0;padding:0;border:0;background:none;color:inherit;font:inherit}
form:focus-within{box-shadow:inset 0 2px var(--typed)}
input:focus{outline:0}
`;
