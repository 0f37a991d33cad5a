import type { cliGroup as english } from '../en/cli-group.ts';
import type { Translation } from '../language.ts';

/** Ce que dit `sallyport group`. */
export const cliGroup = {
  'cli.group.help': 'les groupes locaux, et ceux des autres annuaires qui figurent dans la liste',
  'cli.group.which': "le nom d'un groupe local",
  'cli.group.name': 'NOM',
  'cli.group.directory': 'ANNUAIRE',
  'cli.group.listed': 'DEUX FACTEURS',
  'cli.group.enabled': 'activé',
  'cli.group.exempt': 'exempté',
  'cli.group.none': "Aucun groupe local ne s'appelle {{name}}.",
  'cli.group.list.help': 'lister les groupes, et lesquels sont activés ou exemptés',
  'cli.group.list.beginning': 'seulement ceux dont le nom commence ainsi',
  'cli.group.list.none': "Il n'y a pas de groupe.",
  'cli.group.members.help': "lister les membres d'un groupe local",
  'cli.group.members.none': "Personne n'est dans {{name}}.",
  'cli.group.add.help': 'créer un groupe local ; on y entre par `user join`',
  'cli.group.add.done': 'Le groupe {{name}} est créé.',
  'cli.group.remove.help':
    'supprimer un groupe local qui ne figure pas dans la liste ; ses membres restent par ailleurs',
  'cli.group.remove.done': 'Le groupe {{name}} est supprimé.',
} as const satisfies Translation<typeof english>;
