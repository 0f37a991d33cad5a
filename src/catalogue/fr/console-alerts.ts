import type { consoleAlerts as english } from '../en/console-alerts.ts';
import type { Translation } from '../language.ts';

export const consoleAlerts = {
  'console.alerts.purpose':
    "Qui est prévenu, par e-mail ou par un programme, quand quelque chose demande quelqu'un. Au début, et quand c'est terminé.",
  'console.alerts.receivers': 'Destinataires',
  'console.alerts.none': "Personne n'est prévenu",
  'console.alerts.none-text':
    "Ajoutez une adresse e-mail, ou celle d'un programme (webhook), pour que quelqu'un apprenne avant les utilisateurs qu'un certificat expire ou qu'un serveur est en panne.",
  'console.alerts.add': 'Ajouter un destinataire',
  'console.alerts.add-submit': 'Ajouter',
  'console.alerts.added': '{{name}} est prévenu désormais.',
  'console.alerts.name': 'Nom',
  'console.alerts.name-help': 'Comment vous les appelez, par exemple Équipe de nuit.',
  'console.alerts.how': 'Comment',
  'console.alerts.email': 'E-mail',
  'console.alerts.email-help': 'Par le serveur de courrier sous Messages.',
  'console.alerts.webhook': 'Webhook',
  'console.alerts.webhook-help':
    'JSON signé vers une adresse https : messagerie, astreinte, votre programme.',
  'console.alerts.to': 'Vers',
  'console.alerts.address': 'Adresse e-mail',
  'console.alerts.url': 'Adresse https',
  'console.alerts.ca': 'Certificats fiables (PEM)',
  'console.alerts.ca-help':
    'Seulement pour une autorité à vous ; sinon les autorités publiques sont acceptées.',
  'console.alerts.events': 'De quoi',
  'console.alerts.everything': 'Tout',
  'console.alerts.language': 'Langue',
  'console.alerts.since': 'Depuis',
  'console.alerts.actions': 'Actions',
  'console.alerts.wrong': 'Ceci est inutilisable. Vérifiez.',
  'console.alerts.test': 'Envoyer un test',
  'console.alerts.test-sent': '{{name}} a reçu le test.',
  'console.alerts.test-failed': "Le test n'a pas atteint {{name}}. {{explanation}}",
  'console.alerts.remove': 'Retirer',
  'console.alerts.remove-title': 'Ne plus prévenir {{name}} ?',
  'console.alerts.remove-text':
    'Plus rien ne leur est dit. Un webhook ajouté à nouveau reçoit un autre secret.',
  'console.alerts.removed': "{{name}} n'est plus prévenu.",
  'console.alerts.secret-title': 'Secret du webhook',
  'console.alerts.secret-text':
    "Ce qui est envoyé est signé avec lui (HMAC-SHA-256, en-tête Sallyport-Signature), pour que votre programme le distingue de ce que d'autres envoient. Il est montré cette seule fois.",
} as const satisfies Translation<typeof english>;
