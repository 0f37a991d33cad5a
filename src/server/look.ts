import type { Brandings } from '../branding/index.ts';
import { deriveAccent, styleWith } from '../http/index.ts';
import { logoAddress, type PortalLook } from '../portal/index.ts';

/** How pages look, from what administrators chose. Styles are made once per colour. */
export function createLook(brandings: Brandings): PortalLook {
  const styles = new Map<string, string>();
  const styleOf = (accent: string): string => {
    const known = styles.get(accent);
    if (known !== undefined) return known;
    const made = styleWith(deriveAccent(accent));
    styles.set(accent, made);
    return made;
  };
  return {
    of(subscription) {
      const { name, logo, accent } = brandings.current(subscription);
      return {
        name,
        logo: logo === undefined ? undefined : logoAddress(logo.hash),
        style: accent === undefined ? undefined : styleOf(accent),
      };
    },
    logo(hash) {
      const found = brandings.logo(hash);
      return found && { type: found.type, bytes: Buffer.from(found.data, 'base64') };
    },
  };
}
