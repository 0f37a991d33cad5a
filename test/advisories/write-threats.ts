import { write } from './threat-index.ts';

write();
