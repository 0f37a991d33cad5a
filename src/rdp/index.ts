/** Answers application servers whether somebody may log on by RDP or SSH, and permits it in the launcher. */
export {
  decideLogon,
  type LogonFacts,
  type LogonProtocol,
  type LogonReason,
  type LogonVerdict,
} from './decide-logon.ts';
export {
  type DesktopCard,
  DesktopCards,
  type DesktopCardsParts,
  type PermittedLogon,
} from './desktop-cards.ts';
export { EarlierLogons } from './earlier-logons.ts';
export { logonCheckCall } from './logon-call.ts';
export {
  type LogonAsker,
  LogonChecks,
  type LogonChecksParts,
  type LogonDecision,
  type LogonQuestion,
} from './logon-checks.ts';
export { createLogonListener, type LogonListener, type LogonListenerOptions } from './logon-listener.ts';
export { LogonPermits } from './logon-permits.ts';
export { type RdpFileFields, rdpFile, rdpFileName } from './rdp-file.ts';
export type { RemoteDesktop, RemoteServer } from './remote-desktop.ts';
