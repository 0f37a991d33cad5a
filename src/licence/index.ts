/** Knows what the distributor of this installation has allowed, where one has a say: whether somebody new can be enabled. */
export { type EnabledUsers, Licence, type LicenceOptions, type LicenceState, trial } from './licence.ts';
export {
  issueLicence,
  type LicenceFault,
  type LicenceTerms,
  newLicenceKey,
  publicKeyFor,
  readLicence,
} from './licence-file.ts';
export { readSerialNumber, serialNumber } from './serial-number.ts';
