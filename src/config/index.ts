/** Reads the file and the environment, validates all of it, reports every error together, and freezes the result. */
export type {
  ApplicationConfig,
  CertificateFiles,
  Config,
  DirectoryConfig,
  LdapDirectoryConfig,
  RedisConfig,
  RemoteDesktopConfig,
  ServerConfig,
  TlsConfig,
} from './config.ts';
export { ConfigError, type ConfigIssue, type IssuePlace } from './config-error.ts';
export type { StoredIssue, StoredVerdict } from './judge-stored.ts';
export { type LoadOptions, loadConfig } from './load-config.ts';
export { type OwnListener, ownListener } from './own-listener.ts';
export { readStoredFile } from './read-stored-file.ts';
export { configurationJsonSchema, describeConfiguration } from './reference.ts';
export { Secret } from './secret.ts';
export {
  type ApplicationSurroundings,
  judgeApplication,
  type ParsedStoredApplication,
  resolveStoredApplication,
  type StoredApplicationInput,
  storedApplication,
  takenBy,
  widens,
} from './stored-application.ts';
export {
  judgeDirectory,
  type ParsedStoredDirectory,
  type ResolvedStoredDirectory,
  resolveStoredDirectory,
  type StoredDirectoryInput,
  storedDirectory,
} from './stored-directory.ts';
