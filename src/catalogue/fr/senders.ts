import type { senders as english } from '../en/senders.ts';
import type { Translation } from '../language.ts';

export const senders = {
  'senders.failure.unreachable':
    "Aucune connexion : vérifiez l'adresse, le port et la sortie de cette machine vers le réseau.",
  'senders.failure.no-answer': 'Aucune réponse à temps. Le message est peut-être parti malgré tout.',
  'senders.failure.unintelligible':
    "Quelque chose a répondu, mais pas comme il faudrait : est-ce la bonne adresse, et n'y a-t-il pas un proxy entre les deux ?",
  'senders.failure.provider-trouble': 'Le fournisseur a lui-même des difficultés. Réessayez plus tard.',
  'senders.failure.credentials':
    "Le fournisseur refuse la connexion : vérifiez le SID du compte et le jeton, ou l'utilisateur et le mot de passe.",
  'senders.failure.rate-limit':
    "Le fournisseur n'en prend plus pour le moment : trop de messages en trop peu de temps.",
  'senders.failure.unverified-number':
    "C'est un compte d'essai Twilio : il n'envoie qu'aux numéros vérifiés auparavant dans la console Twilio. Vérifiez-y ce numéro, ou passez à un compte payant.",
  'senders.failure.recipient':
    "Le fournisseur dit qu'aucun message ne peut y arriver : le numéro ou l'adresse est faux, ou ne peut rien recevoir.",
  'senders.failure.opted-out':
    'Le titulaire de ce numéro a répondu STOP à notre expéditeur. Il recevra de nouveau des messages après lui avoir envoyé START.',
  'senders.failure.country':
    "Le compte Twilio n'a pas le droit d'envoyer vers ce pays. Autorisez-le dans la console Twilio : Messaging, Settings, Geo permissions.",
  'senders.failure.sender':
    'Le fournisseur ne nous laisse pas envoyer depuis ce numéro ou cette adresse. Prenez-en un qui appartient au compte.',
  'senders.failure.insecure':
    "La connexion ne peut pas être protégée : le certificat n'est pas reconnu, porte un autre nom, ou le serveur ne propose pas STARTTLS. Indiquez son autorité avec --ca, ou choisissez le bon --security.",
  'senders.failure.refused': 'Le fournisseur a refusé le message.',
  'senders.provider': 'Le fournisseur a dit : {{words}}',
  'senders.provider-error': 'Le fournisseur a dit ({{error}}) : {{words}}',
  'senders.refused.budget': 'Le budget horaire est épuisé.',
  'senders.refused.country':
    "Ce pays n'est pas parmi ceux où partent les SMS. On les indique tous à nouveau par : sallyport sms set --countries LISTE",

  'senders.field': 'CHAMP',
  'senders.value': 'VALEUR',
  'senders.kept': '(conservé scellé)',
  'senders.all': 'tous',
  'senders.used': "{{used}} sur {{budget}} durant l'heure écoulée",
  'senders.no-secret': "Il n'y a personne ici pour le saisir. Utilisez {{option}}.",
  'senders.removed': 'Supprimé. Les codes de cette sorte ne sont plus proposés.',
  'senders.nothing': "Rien n'est configuré.",
  'senders.nothing-named': 'Indiquez au moins une chose à modifier.',
  'senders.unreadable-file': 'Impossible de lire {{file}}.',
  'senders.budget':
    "nombre de messages que tout le site peut envoyer en soixante minutes, quelles qu'elles soient",

  'senders.sms.help': 'les codes par SMS, par Twilio',
  'senders.sms.show.help': 'montrer comment les SMS sont envoyés',
  'senders.sms.set.help':
    "configurer ou modifier l'envoi des SMS ; effectif sur les passerelles en marche en une seconde",
  'senders.sms.set.account': 'le SID du compte (AC…)',
  'senders.sms.set.sender': "le numéro d'envoi (+…), un service de messagerie (MG…) ou un nom d'expéditeur",
  'senders.sms.set.countries':
    'les indicatifs (+33) et pays (FR) vers lesquels envoyer, séparés par des virgules ; ou all pour tous',
  'senders.sms.set.token-stdin': "lire le jeton d'authentification sur l'entrée standard",
  'senders.sms.set.new-token': "demander un autre jeton d'authentification",
  'senders.sms.set.token': "Jeton d'authentification :",
  'senders.sms.set.done': 'Les SMS partent de {{sender}}. Essayez : sallyport sms test NUMÉRO',
  'senders.sms.set.anywhere':
    'Ils partent vers tous les pays. Indiquez ceux des vôtres, par exemple --countries FR,+1 : la fraude vit des numéros coûteux.',
  'senders.sms.test.help': "envoyer un message d'essai",
  'senders.sms.test.number': 'un numéro de téléphone, au format international',
  'senders.sms.test.text': "Ceci est un message d'essai de {{name}}.",
  'senders.sms.test.done': 'Twilio a pris le message pour {{hint}}.',
  'senders.sms.remove.help': "ne plus envoyer de SMS, et oublier le jeton d'authentification",

  'senders.email.help': 'les codes et les avis par courrier électronique, par SMTP',
  'senders.email.show.help': 'montrer comment le courrier est envoyé',
  'senders.email.set.help':
    "configurer ou modifier l'envoi du courrier ; effectif sur les passerelles en marche en une seconde",
  'senders.email.set.host': 'le serveur de courrier',
  'senders.email.set.port': "son port ; d'ordinaire 587 avec starttls, 465 avec tls, 25 avec none",
  'senders.email.set.security':
    'starttls, tls ou none ; sans chiffrement, personne ne se connecte au serveur de courrier',
  'senders.email.set.user': "l'utilisateur avec lequel se connecter au serveur de courrier",
  'senders.email.set.no-user': 'ne plus se connecter au serveur de courrier',
  'senders.email.set.from': "l'adresse d'où part le courrier",
  'senders.email.set.from-name': 'le nom à côté de cette adresse',
  'senders.email.set.no-from-name': "l'adresse seule",
  'senders.email.set.ca': 'un fichier (PEM) des certificats à reconnaître au lieu des autorités publiques',
  'senders.email.set.no-ca': 'reconnaître les autorités publiques',
  'senders.email.set.password-stdin': "lire le mot de passe sur l'entrée standard",
  'senders.email.set.new-password': 'demander un autre mot de passe',
  'senders.email.set.password': 'Mot de passe du serveur de courrier :',
  'senders.email.set.done':
    'Le courrier part de {{from}} par {{host}}:{{port}}. Essayez : sallyport email test ADRESSE',
  'senders.email.test.help': "envoyer un courrier d'essai",
  'senders.email.test.address': 'une adresse électronique',
  'senders.email.test.subject': "Message d'essai de {{name}}",
  'senders.email.test.text': "Ceci est un message d'essai de {{name}}. Il n'y a rien à faire.",
  'senders.email.test.done': 'Le serveur de courrier a pris le message pour {{hint}}.',
  'senders.email.remove.help': 'ne plus envoyer de courrier, et oublier le mot de passe',
} as const satisfies Translation<typeof english>;
