import type { consoleLicence as english } from '../en/console-licence.ts';
import type { Translation } from '../language.ts';

export const consoleLicence = {
  'console.licence.purpose': "Combien d'utilisateurs peuvent être activés, et jusqu'à quand.",
  'console.licence.unlimited': "Rien n'est limité : cette installation n'a besoin d'aucune licence.",
  'console.licence.serial': 'Numéro de série',
  'console.licence.serial.help': 'Donnez-le à qui établit votre licence.',
  'console.licence.edition': 'Édition',
  'console.licence.trial': 'Essai',
  'console.licence.users': 'Utilisateurs activés',
  'console.licence.users.of': '{{users}} sur {{limit}}',
  'console.licence.users.help':
    "Tous ceux qui ont configuré un second facteur, et tous ceux que la liste nomme. Ceux que désigne un groupe ou Tout le monde comptent dès qu'ils en configurent un.",
  'console.licence.until': "Valable jusqu'au",
  'console.licence.over': 'La licence est échue.',
  'console.licence.full': "Autant d'utilisateurs sont activés que la licence le permet.",
  'console.licence.means':
    "Personne de nouveau ne peut être activé ni configurer un second facteur. Tous ceux qui sont activés restent protégés et se connectent comme avant, et personne n'entre sans son second facteur. Les administrateurs peuvent toujours entrer.",
  'console.licence.ahead':
    "Au-delà de la limite ou de l'échéance, personne de nouveau ne peut être activé. Tous ceux qui le sont restent protégés et se connectent comme avant, et personne n'entre sans son second facteur.",
  'console.licence.activate': 'Activer une licence',
  'console.licence.file': 'Choisir license.lic',
  'console.licence.choose': 'Choisissez le fichier, ou collez son texte.',
  'console.licence.text': 'Texte du fichier',
  'console.licence.action': 'Activer',
  'console.licence.done': "Activée : {{limit}} utilisateurs jusqu'au {{until}}.",
  'console.licence.read-only': 'Un propriétaire du site peut activer une licence.',
} as const satisfies Translation<typeof english>;
