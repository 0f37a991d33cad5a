import { renderSVG } from 'uqr';

/**
 * The key URI that authenticator apps read. Issuer stands in the label and as a parameter, since Google
 * Authenticator and Authy read the one and Microsoft Authenticator the other; a space is `%20`, never `+`,
 * which iOS apps show as a plus sign; a colon in the account would be taken for the end of the issuer.
 */
export function otpauthUri(enrolment: {
  issuer: string;
  account: string;
  secret: string;
  digits: number;
}): string {
  const issuer = encodeURIComponent(enrolment.issuer.replaceAll(':', ' '));
  const account = encodeURIComponent(enrolment.account.replaceAll(':', '.'));
  return (
    `otpauth://totp/${issuer}:${account}?secret=${enrolment.secret}&issuer=${issuer}` +
    `&algorithm=SHA1&digits=${enrolment.digits}&period=30`
  );
}

/**
 * A QR code as one `<svg>` element, black on white whatever the page's colours, with the quiet zone of four
 * modules that ISO/IEC 18004 asks for.
 */
export const qrSvg = (text: string): string => renderSVG(text, { ecc: 'M', border: 4, pixelSize: 8 });
