import type { Catalogue, CatalogueKey, Language } from '../catalogue/index.ts';
import type { Notice } from './notices-of.ts';

export type NoticeMail = { readonly subject: string; readonly text: string; readonly html: string };

/** What every notice of a site says besides what happened. */
export type NoticeFrame = {
  /** What the site is called. */
  readonly site: string;
  /** The address of the account page: the only link in a notice. */
  readonly accountUrl: string;
  /** Empty: none is named. */
  readonly helpdesk: string;
  /** When it happened, Unix milliseconds. */
  readonly at: number;
};

/** What to do about it, by what happened. */
const advice: { readonly [Kind in Notice['kind']]: readonly CatalogueKey[] } = {
  'factor-added': ['notices.yours', 'notices.not-yours'],
  'factor-removed': ['notices.yours', 'notices.not-yours'],
  'recovery-renewed': ['notices.yours', 'notices.not-yours'],
  'recovery-used': ['notices.yours', 'notices.not-yours'],
  'bypass-issued': ['notices.not-asked'],
  'bypass-used': ['notices.yours', 'notices.not-yours'],
  'password-changed': ['notices.yours', 'notices.not-asked'],
  reset: ['notices.not-asked'],
  'new-device': ['notices.yours', 'notices.not-yours'],
  'password-known': ['notices.yours', 'notices.change-password'],
  'user-password-known': [],
};

/** A notice as mail, as text and as the same in HTML. */
export function noticeMail(
  catalogue: Pick<Catalogue, 'text'>,
  language: Language,
  notice: Notice,
  frame: NoticeFrame,
): NoticeMail {
  const say = (key: CatalogueKey, params: Record<string, string> = {}): string =>
    catalogue.text(language, key, params);
  const params = {
    name: onOneLine(notice.name),
    method: say(methodKey(notice.method)),
    until: notice.until === undefined ? '' : timeIn(language, notice.until),
  };
  const facts = [say('notices.when', { when: timeIn(language, frame.at) }), ...whereIn(say, notice)];
  const helpdesk = frame.helpdesk === '' ? [] : [say('notices.helpdesk', { helpdesk: frame.helpdesk })];
  const account = say('notices.account', { url: frame.accountUrl });
  const paragraphs = [
    [say(`notices.${notice.kind}.text`, params)],
    facts,
    advice[notice.kind].map((key) => say(key)),
    [...(notice.to === 'user' ? [account] : []), ...helpdesk],
    [say('notices.footer', { site: frame.site })],
  ].filter((lines) => lines.length > 0);
  return {
    subject: `${frame.site}: ${say(`notices.${notice.kind}.subject`, params)}`,
    text: `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`,
    html: htmlOf(language, paragraphs, frame.accountUrl),
  };
}

const methodKey = (method: string | undefined): CatalogueKey =>
  method === 'app' || method === 'sms' || method === 'email'
    ? `notices.method.${method}`
    : 'notices.method.other';

/** Only browsers we know: somebody else's User-Agent must not put words into our mail. */
function whereIn(
  say: (key: CatalogueKey, params: Record<string, string>) => string,
  { origin }: Notice,
): string[] {
  if (origin === undefined) return [];
  const { address } = origin;
  const known = /^((?:Edge|Opera|Firefox|Chrome|Safari) \d{1,4})(?: on ([A-Za-z]{2,10}))?$/.exec(
    origin.browser ?? '',
  );
  const [, browser, system] = known ?? [];
  if (browser === undefined) return [say('notices.where', { address })];
  const named = system === undefined ? browser : say('notices.browser', { browser, system });
  return [say('notices.where-browser', { address, browser: named })];
}

/** Where the reader is nobody knows, so the zone is named. */
const timeIn = (language: Language, at: number): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;

const onOneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 256);

const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => escaped[character] ?? '');

function htmlOf(language: Language, paragraphs: readonly (readonly string[])[], url: string): string {
  const link = escapeHtml(url);
  const body = paragraphs
    .map((lines) => `<p>${lines.map(escapeHtml).join('<br>')}</p>`)
    .join('\n')
    .replace(link, `<a href="${link}">${link}</a>`);
  return `<!doctype html>\n<html lang="${language}"><body style="font:16px/1.5 sans-serif">\n${body}\n</body></html>\n`;
}
