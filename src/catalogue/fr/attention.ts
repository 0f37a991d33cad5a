import type { attention as english } from '../en/attention.ts';
import type { Translation } from '../language.ts';

export const attention = {
  'attention.two-factors-off.title': "L'authentification à deux facteurs est désactivée",
  'attention.two-factors-off.advice':
    'Tout le monde sauf les administrateurs entre avec le mot de passe seul. Réactivez-la sous Réglages.',
  'attention.no-local-owner.title': "Aucun propriétaire n'a de mot de passe de cette passerelle",
  'attention.no-local-owner.advice':
    "Tant que l'annuaire est en panne, personne ne pourrait se connecter à la console. Nommez un utilisateur local propriétaire sous Administrateurs ; « sallyport admin recover » sur le serveur est la dernière issue.",
  'attention.sender-missing.title': '{{channel}} : utilisé, mais pas configuré',
  'attention.sender-missing.advice':
    "{{count}} utilisateurs doivent recevoir leurs codes ainsi et ne le peuvent pas. Configurez l'expéditeur sous Messages.",
  'attention.sender-down.title': '{{channel}} : envoi impossible',
  'attention.sender-down.advice':
    "Le fournisseur a échoué ({{reason}}). Ses mots sont dans le journal d'audit ; essayez un message de test sous Messages.",
  'attention.certificate-expiring.title': 'Le certificat {{file}} expire bientôt',
  'attention.certificate-expiring.advice':
    'Placez le nouveau dans le même fichier : il est repris en dix secondes. Une fois expiré, les navigateurs arrêtent tout le monde.',
  'attention.certificate-unusable.title': 'Le nouveau certificat {{file}} est inutilisable',
  'attention.certificate-unusable.advice':
    'Le précédent reste en service. Ce qui ne va pas dans les fichiers : {{reason}}.',
  'attention.store-not-persistent.title': 'Le stockage ne garde rien sur disque',
  'attention.store-not-persistent.advice': '{{warning}}',
  'attention.guard-off.title': 'La protection contre la dérive est désactivée',
  'attention.guard-off.advice':
    'Avec cet écart, chaque essai a {{chances}} chances au lieu de quelques-unes. Mettez la tolérance de dérive à 2 sous Réglages.',
  'attention.clock-off.title': "L'horloge du serveur est décalée de {{seconds}} s",
  'attention.clock-off.advice':
    "Les codes dépendent de l'heure. Activez la synchronisation (NTP) sur cette machine.",
  'attention.not-enrolled.title_one':
    "{{count}} utilisateur n'a pas configuré de second facteur depuis deux semaines",
  'attention.not-enrolled.title_other':
    "{{count}} utilisateurs n'ont pas configuré de second facteur depuis deux semaines",
  'attention.not-enrolled.advice':
    "D'ici là, quiconque connaît leur mot de passe peut le faire à leur place : {{names}}. Demandez-leur de se connecter, ou exigez un ticket.",
  'attention.lockout-wave.title': 'Une vague de blocages',
  'attention.lockout-wave.advice':
    "{{count}} utilisateurs ou plus ont été bloqués en {{minutes}} minutes. Quelqu'un essaie peut-être des mots de passe : regardez les adresses dans le journal d'audit.",
  'attention.directory-down.title': "L'annuaire {{directory}} ne répond pas",
  'attention.directory-down.advice':
    'Ses utilisateurs ne peuvent pas se connecter. Les sessions ouvertes le restent. Vérifiez le serveur et le réseau.',
  'attention.server-down.title': 'Le serveur {{server}} de {{application}} est en panne',
  'attention.server-down.advice':
    'Les nouvelles sessions vont aux autres. Il est réessayé toutes les quelques secondes.',
  'attention.password-known.title': "Quelqu'un d'autre connaît le mot de passe de {{name}}",
  'attention.password-known.advice':
    "Cinq codes faux ont suivi le bon mot de passe. Faites-le changer ; {{name}} a été prévenu, s'il y a une adresse.",

  'attention.channel.sms': 'SMS',
  'attention.channel.email': 'E-mail',

  'attention.alert.raised': '{{title}}',
  'attention.alert.cleared': 'Terminé : {{title}}',
  'attention.alert.test': "Ceci est une alerte de test. Il n'y a rien à faire.",
  'attention.alert.when': 'Depuis {{when}}.',
  'attention.alert.subscription': "Dans l'abonnement {{subscription}}.",
  'attention.alert.footer': 'Voir ce qui demande attention : {{url}}',

  'attention.kind.certificate': 'un certificat expire bientôt ou est inutilisable',
  'attention.kind.directory': 'un annuaire est en panne',
  'attention.kind.sender': 'SMS ou e-mail ne peuvent être envoyés',
  'attention.kind.server': "un serveur d'application est en panne",
  'attention.kind.lockouts': 'une vague de blocages',
  'attention.kind.clock': "l'horloge est décalée",
  'attention.kind.password-known': "quelqu'un d'autre connaît un mot de passe",

  'attention.failure.unreachable':
    "Pas de connexion : vérifiez l'adresse et l'accès de cette machine au réseau.",
  'attention.failure.no-answer': 'Pas de réponse à temps.',
  'attention.failure.insecure': "Le certificat du destinataire n'est pas fiable, ou est pour un autre nom.",
  'attention.failure.refused': "Le destinataire a répondu, mais a refusé l'alerte.",
  'attention.failure.other':
    "Le courrier n'a pas pu être envoyé : {{reason}}. Essayez un message de test sous Messages.",
} as const satisfies Translation<typeof english>;
