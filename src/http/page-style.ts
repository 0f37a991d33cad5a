/**
 * The look of every page of ours, with or without script, written into the page so that it paints at once.
 * The browser app's own styles (controls) use the same custom properties.
 *
 * Contrast, light and dark: `--ink`, `--quiet`, `--accent`, `--refusal` and `--attention` reach 4.5:1 on
 * `--page` and `--card`, `--on-accent` on `--accent-fill`, `--refusal-fill` and their hovers; `--field-line` reaches 3:1 (WCAG 1.4.11).
 */
export const palette = {
  light: {
    page: '#f2f4f4',
    card: '#ffffff',
    line: '#dce2e2',
    field: '#ffffff',
    'field-line': '#7c8989',
    ink: '#182122',
    quiet: '#536062',
    accent: '#0f5e63',
    'accent-fill': '#0f5e63',
    'accent-hover': '#0b4a4f',
    'accent-soft': '#e6f0f0',
    'on-accent': '#ffffff',
    refusal: '#a8261c',
    'refusal-fill': '#a8261c',
    'refusal-hover': '#8c1d14',
    'refusal-soft': '#fbeeec',
    attention: '#7a4a00',
    'attention-soft': '#fdf3e1',
  },
  dark: {
    page: '#111617',
    card: '#1a2021',
    line: '#2c3637',
    field: '#141a1b',
    'field-line': '#6c797a',
    ink: '#e7ebeb',
    quiet: '#a3afb0',
    accent: '#6fc3c5',
    'accent-fill': '#1c757a',
    'accent-hover': '#16666b',
    'accent-soft': '#1d2f30',
    'on-accent': '#ffffff',
    refusal: '#f2948a',
    'refusal-fill': '#b53c32',
    'refusal-hover': '#9d332a',
    'refusal-soft': '#34201e',
    attention: '#eab765',
    'attention-soft': '#322816',
  },
} as const;

const properties = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** One text size, two heading sizes, spacing in steps of 4 pixels; all in rem, so that zoom and larger text hold. */
const rules = `
*,::before,::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;padding:2rem 1rem;display:flex;flex-direction:column;align-items:center;background:var(--page);color:var(--ink);font:400 1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
h1,h2,p,ul,ol,dl,dd,figure{margin:0;padding:0}
h1{font-size:1.5rem;line-height:2rem;font-weight:600;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:1.125rem;line-height:1.75rem;font-weight:600}
h1:focus,main:focus{outline:none}
p{text-wrap:pretty}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.site{display:flex;align-items:center;justify-content:center;gap:.75rem;margin:clamp(0rem,8vh,6rem) 0 1.5rem;max-width:25rem;color:var(--ink);font-weight:600;font-size:1.125rem;line-height:1.75rem}
.site span{min-width:0}
.mark{flex:none;color:var(--accent)}
.logo{flex:none;max-width:12rem;max-height:3rem}
#root{width:100%;max-width:25rem}
.card{display:flex;flex-direction:column;gap:1.25rem;width:100%;max-width:25rem;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;box-shadow:0 1px 2px #0000000a,0 8px 24px #0000000a}
.quiet,.below{color:var(--quiet)}
.below{width:100%;max-width:25rem;margin-top:1.5rem;text-align:center}
.below a{color:inherit}
.actions{display:flex;flex-direction:column;gap:.75rem}
.button{display:block;width:100%;padding:.625rem 1rem;border-radius:.5rem;background:var(--accent-fill);color:var(--on-accent);font-weight:600;text-align:center;text-decoration:none}
.button:hover{background:var(--accent-hover)}
.link{text-align:center}
.waiting{display:grid;gap:1.25rem}
.waiting i{display:block;height:2.75rem;border-radius:.5rem;background:var(--line);opacity:.6}
@media (max-width:26rem){body{padding:1rem .75rem}.site{margin-top:.5rem}.card{padding:1.5rem 1.25rem}}
@media (forced-colors:active){.button{border:1px solid}}
@media print{body{background:none;padding:0;min-height:0}.card{border:0;box-shadow:none;padding:0}.below{display:none}}
`;

/** Written between `<style>` tags; holds no `<`. */
export const pageStyle = `:root{color-scheme:light dark;${properties(palette.light)}}@media (prefers-color-scheme:dark){:root{${properties(palette.dark)}}}${rules.replaceAll('\n', '')}`;
