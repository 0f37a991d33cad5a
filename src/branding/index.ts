/** Knows how the pages of a subscription look, and what its users agree to. */
export { type Branding, type BrandingChange, Brandings, type BrandingView } from './brandings.ts';
export { checkLogo, type Logo, longestLogo } from './logo.ts';
export { type Terms, TermsAcceptances } from './terms.ts';
