/** Puts the rooms together: composition root, listeners, shutdown, reload. */
export { masterKeyOf, openStore, storePath } from './open-store.ts';
export { openRooms, type Rooms, type RoomsOptions, subscription } from './rooms.ts';
