/** `Max-Age` in seconds; absent: until the browser ends. The value must be free of `;` and control characters. */
export function setCookie(name: string, value: string, secure: boolean, maxAge?: number): string {
  return [
    `${name}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
    ...(maxAge === undefined ? [] : [`Max-Age=${Math.max(0, Math.floor(maxAge))}`]),
  ].join('; ');
}

/** Makes the browser forget a cookie that `setCookie` made. */
export const dropCookie = (name: string, secure: boolean): string => setCookie(name, '', secure, 0);
