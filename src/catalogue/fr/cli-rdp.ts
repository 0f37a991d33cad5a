import type { cliRdp as english } from '../en/cli-rdp.ts';
import type { Translation } from '../language.ts';

/** Ce que dit `sallyport rdp`. */
export const cliRdp = {
  'cli.rdp.help': 'les utilisateurs qui peuvent se connecter par un client RDP sans code',
  'cli.rdp.name': 'NOM',
  'cli.rdp.reason': 'MOTIF',
  'cli.rdp.since': 'DEPUIS',
  'cli.rdp.until': "JUSQU'À",
  'cli.rdp.by': 'PAR',
  'cli.rdp.for-good': 'sans limite',
  'cli.rdp.over': '{{until}} (terminé)',
  'cli.rdp.list.help': "les lister, avec le motif et jusqu'à quand",
  'cli.rdp.list.none': 'Personne ne peut se connecter par un client RDP sans code.',
  'cli.rdp.add.help':
    'laisser des utilisateurs se connecter par un client RDP sans code, ou changer motif et fin',
  'cli.rdp.add.reason': 'pourquoi, pour qui consultera la liste plus tard',
  'cli.rdp.add.until': 'le dernier jour (2026-12-31), ou une heure de ce jour (2026-12-31T18:00)',
  'cli.rdp.add.done': '{{name}} peut se connecter par un client RDP sans code.',
  'cli.rdp.remove.help': 'les retirer : il leur faut de nouveau un code',
  'cli.rdp.remove.none': "{{name}} n'est pas parmi ceux qui se connectent sans code.",
  'cli.rdp.remove.done': "{{name}} a de nouveau besoin d'un code.",
} as const satisfies Translation<typeof english>;
