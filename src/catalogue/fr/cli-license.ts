import type { cliLicense as english } from '../en/cli-license.ts';
import type { Translation } from '../language.ts';

export const cliLicense = {
  'cli.license.help': "combien d'utilisateurs peuvent être activés, là où un distributeur en décide",
  'cli.license.file': 'le fichier de licence, license.lic',
  'cli.license.serial': 'numéro de série',
  'cli.license.edition': 'édition',
  'cli.license.none': 'illimité, aucune licence nécessaire',
  'cli.license.users': 'utilisateurs activés',
  'cli.license.of': '{{users}} sur {{limit}}',
  'cli.license.until': "jusqu'au",
  'cli.license.over':
    'Elle est échue : personne de nouveau ne peut être activé. Tous ceux qui le sont restent protégés et se connectent comme avant.',
  'cli.license.full':
    'Elle est pleine : personne de nouveau ne peut être activé. Tous ceux qui le sont restent protégés et se connectent comme avant.',
  'cli.license.unreadable': 'Le fichier {{file}} ne peut pas être lu.',
  'cli.license.show.help': 'montre le numéro de série, ce qui est couvert et ce qui en est utilisé',
  'cli.license.activate.help': 'prend un fichier de licence ; effet immédiat',
  'cli.license.activate.done': "{{edition}} est activée : {{limit}} utilisateurs jusqu'au {{until}}.",
  'cli.license.fault.malformed': "Ce n'est pas un fichier de licence.",
  'cli.license.fault.signature': "Cette licence n'est pas signée par le distributeur de cette installation.",
  'cli.license.fault.serial':
    "Cette licence est pour une autre installation : son numéro de série n'est pas le même.",
  'cli.license.fault.expired': 'Cette licence est échue.',
  'cli.license.fault.older': 'Cette licence est plus ancienne que celle en vigueur.',
  'cli.license.key.help':
    'pour les distributeurs : crée la clé qui signe les licences, et affiche sa moitié publique pour la configuration',
  'cli.license.key.file': 'où se trouve la clé privée, ou bien où elle sera écrite',
  'cli.license.key.done':
    'La clé privée est dans {{file}}. Gardez-la, et gardez-la secrète. Sa moitié publique, pour licence.publicKey :',
  'cli.license.issue.help': 'pour les distributeurs : crée un fichier de licence pour une installation',
  'cli.license.issue.key': 'la clé privée',
  'cli.license.issue.serial': "le numéro de série de l'installation, tel que `license show` l'affiche",
  'cli.license.issue.users': "combien d'utilisateurs peuvent être activés",
  'cli.license.issue.until': 'le dernier jour, par exemple 2027-12-31',
  'cli.license.issue.edition': 'son nom',
  'cli.license.issue.output': "où l'écrire ; sinon elle est affichée",
  'cli.license.issue.no-serial':
    "{{serial}} n'est pas un numéro de série : son chiffre de contrôle est faux. Relisez-le.",
  'cli.license.issue.no-date': "{{date}} n'est pas une date à venir, par exemple 2027-12-31.",
  'cli.license.issue.no-users': "{{users}} n'est pas un nombre d'utilisateurs, au moins 1.",
  'cli.license.issue.no-key': 'Le fichier {{file}} ne contient pas de clé privée Ed25519.',
  'cli.license.issue.done': "{{file}} est écrit pour {{serial}} : {{users}} utilisateurs jusqu'au {{until}}.",
} as const satisfies Translation<typeof english>;
