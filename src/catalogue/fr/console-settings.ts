import type { consoleSettings as english } from '../en/console-settings.ts';
import type { Translation } from '../language.ts';

export const consoleSettings = {
  'console.settings.purpose':
    "Comment chacun prouve qui il est, et pour combien de temps. Les modifications s'appliquent en une seconde.",
  'console.settings.read-only': 'Vous pouvez consulter les paramètres ; un administrateur peut les modifier.',
  'console.settings.group.who': "Qui a besoin d'un second facteur",
  'console.settings.group.app': "Codes des applications d'authentification",
  'console.settings.group.sent': 'Codes par SMS et par e-mail',
  'console.settings.group.time': 'Combien de temps cela dure',
  'console.settings.group.rdp': 'Clients de bureau à distance',
  'console.settings.group.help': 'Aide',

  'console.settings.on': 'activé',
  'console.settings.off': 'désactivé',
  'console.settings.empty': 'vide',
  'console.settings.none': 'aucune',
  'console.settings.choice.app': "Application d'authentification",
  'console.settings.choice.sms': 'SMS',
  'console.settings.choice.email': 'E-mail',
  'console.settings.choice.first-session': 'La première session à distance',
  'console.settings.choice.last-session': 'La dernière session à distance ouverte',
  'console.settings.choice.allow': 'Se connectent avec le mot de passe seul',
  'console.settings.choice.deny': 'Ne peuvent pas se connecter',
  'console.settings.choice.open': 'À la prochaine connexion',
  'console.settings.choice.days': "Dans les jours qui suivent l'activation",
  'console.settings.choice.ticket': "Seulement avec un ticket d'un administrateur",
  'console.settings.choice.rdp-deny': 'Refuser : seule la liste blanche RDP passe',
  'console.settings.choice.rdp-on-request': 'Sur demande : un clic dans le lanceur à chaque ouverture',
  'console.settings.choice.rdp-after-verification':
    'Après vérification : être connecté ici, depuis la même adresse',
  'console.settings.days_one': "Dans un délai de {{count}} jour après l'activation",
  'console.settings.days_other': "Dans un délai de {{count}} jours après l'activation",
  'console.settings.days-label': 'Jours (1 à 365)',
  'console.settings.in-hours': 'ou en heures',

  'console.settings.range': 'Autorisé : {{range}}.',
  'console.settings.range.number': 'de {{minimum}} à {{maximum}} {{unit}}',
  'console.settings.range.text': 'de {{minimum}} à {{maximum}} caractères',
  'console.settings.range.issuer': 'de {{minimum}} à {{maximum}} caractères, sans deux-points',
  'console.settings.range.sms': 'de {{minimum}} à {{maximum}} caractères, avec %CODE%',
  'console.settings.not-allowed': "Impossible de l'enregistrer. Autorisé : {{range}}.",
  'console.settings.default': 'Par défaut : {{value}}.',
  'console.settings.reset': 'Rétablir la valeur par défaut',
  'console.settings.reset-of': 'Rétablir la valeur par défaut : {{setting}}',
  'console.settings.unreadable':
    "La valeur enregistrée est illisible. La plus stricte s'applique jusqu'à ce que vous en enregistriez une.",
  'console.settings.changed': 'Modifié par {{name}}, {{time}}',

  'console.settings.meaning': 'Ce que cela signifie',
  'console.settings.wide-open':
    'La garde de dérive est inactive et la fenêtre est large : deviner a beaucoup de chances. Réduisez la tolérance de dérive ou le décalage.',
  'console.settings.in-app': "Dans l'application",
  'console.settings.in-sms': "Le message, avec un code d'exemple",
  'console.settings.segments_one': '{{count}} segment SMS ({{units}} caractères, {{encoding}}).',
  'console.settings.segments_other': '{{count}} segments SMS ({{units}} caractères, {{encoding}}).',
  'console.settings.costly': "Ces caractères l'allongent : {{characters}}",

  'console.settings.unsaved_one': '{{count}} paramètre modifié, pas encore enregistré.',
  'console.settings.unsaved_other': '{{count}} paramètres modifiés, pas encore enregistrés.',
  'console.settings.invalid': "L'un d'eux n'est pas dans ce qui est autorisé.",
  'console.settings.save': 'Enregistrer',
  'console.settings.discard': 'Abandonner',
  'console.settings.saved': 'Enregistré, et appliqué.',
  'console.settings.switch-off.title': "Désactiver l'authentification à deux facteurs ?",
  'console.settings.switch-off.text':
    'Le mot de passe suffira alors à tout le monde, sauf aux administrateurs. Ce qui est configuré est conservé, et sera redemandé dès que vous la réactiverez.',
  'console.settings.switch-off.action': 'Désactiver',

  'console.settings.history.all': 'Qui a modifié quoi',
  'console.settings.history.none': "Personne n'a encore modifié cela.",
  'console.settings.history.change': '{{from}} → {{to}}',
} as const satisfies Translation<typeof english>;
