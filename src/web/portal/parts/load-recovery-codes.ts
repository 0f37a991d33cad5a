/**
 * Fetches what shows recovery codes. They are shown once: whoever is about to get some should have it before, lest
 * the codes come and nothing can show them.
 */
export const loadRecoveryCodes = async () => ({
  default: (await import('./recovery-codes.tsx')).RecoveryCodes,
});
