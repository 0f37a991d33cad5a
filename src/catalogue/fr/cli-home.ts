import type { cliHome as english } from '../en/cli-home.ts';
import type { Translation } from '../language.ts';

export const cliHome = {
  'cli.status.help': "où en est le site, et ce qui demande quelqu'un",
  'cli.status.two-factors': 'deux facteurs',
  'cli.status.on': 'activés',
  'cli.status.off': 'désactivés',
  'cli.status.sessions': 'sessions',
  'cli.status.sessions.value': '{{granted}} attendent leur première session à distance, {{active}} actives',
  'cli.status.people': 'utilisateurs',
  'cli.status.people.value':
    '{{users}} connus, {{enabled}} activés, {{enrolled}} enregistrés, {{missing}} pas encore',
  'cli.status.counting': 'comptage en cours',
  'cli.status.last-day': 'dernières 24 heures',
  'cli.status.last-day.value': '{{signIns}} connexions, {{refusals}} refus, {{sessions}} sessions à distance',
  'cli.status.nothing': 'Rien ne demande attention.',

  'cli.alert.help': "qui est prévenu, par e-mail ou webhook, quand quelque chose demande quelqu'un",
  'cli.alert.list.help': 'montrer qui est prévenu de quoi',
  'cli.alert.list.none':
    "Personne n'est prévenu. Ajoutez quelqu'un : sallyport alert add NOM --email ADRESSE",
  'cli.alert.id': 'id',
  'cli.alert.name': 'nom',
  'cli.alert.to': 'vers',
  'cli.alert.events': 'événements',
  'cli.alert.unknown': "Il n'y a pas de destinataire {{id}}.",
  'cli.alert.add.help': "prévenir quelqu'un, ou un programme",
  'cli.alert.add.email': 'par e-mail à cette adresse',
  'cli.alert.add.webhook': 'par JSON signé à cette adresse https',
  'cli.alert.add.events': 'de ceux-ci, avec des virgules ; tous par défaut : {{events}}',
  'cli.alert.add.language': 'en ou fr',
  'cli.alert.add.ca': 'un fichier (PEM) des certificats fiables, au lieu des autorités publiques',
  'cli.alert.add.either': 'Nommez --email ou --webhook, pas les deux.',
  'cli.alert.add.done': '{{name}} est prévenu désormais. Essayez : sallyport alert test {{id}}',
  'cli.alert.add.secret':
    "Ce qu'il reçoit est signé (HMAC-SHA-256) avec ce secret, montré cette seule fois : {{secret}}",
  'cli.alert.remove.help': 'ne plus les prévenir',
  'cli.alert.remove.done': 'Retiré.',
  'cli.alert.test.help': 'envoyer un test',
  'cli.alert.test.done': '{{name}} a reçu le test.',
  'cli.alert.test.failed': "Le test n'est pas arrivé : {{reason}}.",

  'cli.settings.explain.help': 'ce que signifient les réglages, et la chance de deviner un code avec eux',
  'cli.settings.history.help': 'qui a changé quoi, et quand',
  'cli.settings.history.none': "Rien n'a encore été changé.",
  'cli.settings.history.when': 'quand',
  'cli.settings.history.who': 'qui',
  'cli.settings.history.key': 'clé',
  'cli.settings.history.from': 'de',
  'cli.settings.history.to': 'à',
} as const satisfies Translation<typeof english>;
