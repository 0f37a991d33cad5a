import type { consoleMessages as english } from '../en/console-messages.ts';
import type { Translation } from '../language.ts';

export const consoleMessages = {
  'console.messages.purpose':
    'Comment les codes et les avis parviennent aux personnes. SMS et e-mail sont proposés dès que leur expéditeur est configuré ici.',
  'console.messages.optional': '{{label}} (facultatif)',
  'console.messages.secret-kept': 'Il y en a un, scellé. Laissez ce champ vide pour le garder.',
  'console.messages.secret-new': 'Est gardé scellé et ne sera plus jamais affiché.',
  'console.messages.budget': 'Budget horaire',
  'console.messages.budget-help':
    "Nombre maximal de messages par période de soixante minutes. La fraude coûte de l'argent.",
  'console.messages.shared':
    "Cet abonnement envoie par l'expéditeur de l'abonnement principal. Configurez-en un ci-dessous pour qu'il ait le sien.",
  'console.messages.used': '{{used}} messages sur {{budget}} pendant la dernière heure.',
  'console.messages.wrong-field': "Impossible de l'enregistrer. Autorisé : {{allowed}}",
  'console.messages.save': 'Enregistrer',
  'console.messages.saved': "Enregistré, et appliqué. Envoyez un message d'essai pour en être sûr.",
  'console.messages.remove': 'Supprimer',
  'console.messages.removed': 'Supprimé.',
  'console.messages.test': "Envoyer un message d'essai",
  'console.messages.send-test': "Envoyer un message d'essai",
  'console.messages.sending': 'Envoi…',
  'console.messages.unsaved':
    "L'essai utilise ce qui a été enregistré en dernier, pas ce qui est saisi ci-dessus.",
  'console.messages.test-failed': "Le message n'a pas pu être envoyé.",
  'console.messages.provider': 'Réponse du fournisseur : {{words}}',
  'console.messages.provider-error': 'Réponse du fournisseur ({{error}}) : {{words}}',

  'console.messages.sms.title': 'SMS par Twilio',
  'console.messages.sms.first':
    "Rien n'est configuré : personne ne reçoit de codes par SMS. Il vous faut un compte Twilio : son SID et son jeton figurent sur la première page de son administration.",
  'console.messages.sms.sid': 'SID du compte',
  'console.messages.sms.sid-help': 'Commence par AC.',
  'console.messages.sms.token': "Jeton d'authentification",
  'console.messages.sms.sender': "Numéro d'expéditeur",
  'console.messages.sms.sender-help':
    'Au format international (+14155552671), un service de messagerie (MG…), ou un nom de 11 lettres au plus.',
  'console.messages.sms.countries': 'Pays autorisés',
  'console.messages.sms.countries-help':
    'Pays (FR) et indicatifs (+33), séparés par des virgules. Vide : tous.',
  'console.messages.sms.anywhere':
    'Les SMS partent vers tous les pays. Nommez ceux de vos utilisateurs : la fraude vit de numéros coûteux.',
  'console.messages.sms.test-to': 'Numéro de téléphone',
  'console.messages.sms.test-sent': 'Twilio a accepté le message pour {{to}}.',
  'console.messages.sms.remove-title': 'Ne plus envoyer de SMS ?',
  'console.messages.sms.remove-text':
    "Le jeton est oublié. Les codes par SMS ne sont plus proposés : qui n'a rien d'autre aura besoin d'une réinitialisation ou d'un code de l'assistance.",

  'console.messages.twilio': "Gérer l'abonnement Twilio",
  'console.messages.twilio.administration': 'Administration',
  'console.messages.twilio.status': 'État du service',
  'console.messages.twilio.support': "Centre d'assistance",

  'console.messages.email.title': 'E-mail par SMTP',
  'console.messages.email.first':
    "Rien n'est configuré : personne ne reçoit de codes ni d'avis par e-mail. Il vous faut l'adresse d'un serveur de messagerie, et le plus souvent un utilisateur et un mot de passe.",
  'console.messages.email.host': 'Serveur de messagerie',
  'console.messages.email.port': 'Port',
  'console.messages.email.port-help': 'Le plus souvent 587 avec STARTTLS, 465 avec TLS, 25 sans chiffrement.',
  'console.messages.email.security': 'Chiffrement',
  'console.messages.email.security.starttls': 'STARTTLS',
  'console.messages.email.security.tls': 'TLS',
  'console.messages.email.security.none': 'Aucun',
  'console.messages.email.user': 'Utilisateur',
  'console.messages.email.user-help': 'Vide : sans connexion au serveur de messagerie.',
  'console.messages.email.password': 'Mot de passe',
  'console.messages.email.from': "Adresse d'expéditeur",
  'console.messages.email.from-help': "D'où vient le courrier, par exemple codes@example.com.",
  'console.messages.email.from-name': "Nom d'expéditeur",
  'console.messages.email.ca': 'Autorité de certification',
  'console.messages.email.ca-help': 'Certificats (PEM) approuvés à la place des autorités publiques.',
  'console.messages.email.test-to': 'Adresse électronique',
  'console.messages.email.test-sent': 'Le serveur de messagerie a accepté le message pour {{to}}.',
  'console.messages.email.remove-title': "Ne plus envoyer d'e-mails ?",
  'console.messages.email.remove-text':
    "Le mot de passe est oublié. Les codes par e-mail ne sont plus proposés et les avis cessent : qui n'a rien d'autre aura besoin d'une réinitialisation ou d'un code de l'assistance.",
} as const satisfies Translation<typeof english>;
