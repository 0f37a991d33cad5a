/** Puts the rooms together: composition root, listeners, shutdown, reload. */
export { type CertificateDoubt, doubtCertificates } from './certificate-doubts.ts';
export { type Gateway, type GatewayOptions, startGateway } from './gateway.ts';
export { giveBackMemory } from './give-back-memory.ts';
export { invitationLink } from './invitation-link.ts';
export { ldapDirectories } from './ldap-directories.ts';
export { LiveServers } from './live-servers.ts';
export type { LiveTunnel, LiveTunnelList, TunnelQuery } from './live-tunnels.ts';
export { LiveTunnels } from './live-tunnels.ts';
export { keyOfUser } from './name-of-actor.ts';
export { masterKeyOf, openRedis, openStore, storePath } from './open-store.ts';
export { importingOf, peopleOf } from './people-of.ts';
export { openRooms, type Rooms, type RoomsOptions, subscription } from './rooms.ts';
export { type ServerFinding, testApplication } from './test-application.ts';
export { testDirectory } from './test-directory.ts';
export { unusableFiles } from './unusable-files.ts';
export { whyParts } from './why-parts.ts';
