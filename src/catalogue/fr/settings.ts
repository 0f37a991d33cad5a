import type { settings as english } from '../en/settings.ts';
import type { Translation } from '../language.ts';

/** Ce que les administrateurs lisent des réglages. */
export const settings = {
  'settings.enabled.title': 'Authentification à deux facteurs',
  'settings.enabled.help':
    "Désactivée : tout le monde se connecte avec le mot de passe seul, et ce qui est enregistré est conservé. Les administrateurs ont toujours besoin d'un second facteur.",
  'settings.methods.title': 'Méthodes',
  'settings.methods.help':
    "Ce que les personnes peuvent utiliser : une application d'authentification, des codes par SMS, des codes par e-mail. SMS et e-mail sont proposés une fois leur expéditeur configuré sous Messages.",
  'settings.discrepancy.title': 'Écart',
  'settings.discrepancy.help':
    "De combien de pas de 30 secondes l'horloge d'un téléphone peut être décalée. Large, il est commode et reste sûr tant que la tolérance de dérive est petite : un code éloigné doit alors être suivi du suivant.",
  'settings.driftTolerance.title': 'Tolérance de dérive',
  'settings.driftTolerance.help':
    "De combien de pas de 30 secondes un code peut s'écarter de ce que l'on sait de l'horloge de ce téléphone tout en étant accepté seul. Aussi grande que l'écart, elle désactive la protection : un essai au hasard a alors autant de chances que la fenêtre compte de pas.",
  'settings.issuer.title': 'Émetteur',
  'settings.issuer.help':
    "Le nom de l'entrée dans les applications d'authentification. Un changement ne concerne que les nouveaux enregistrements.",
  'settings.validityAfterFirstSession.title': 'Validité après la première session',
  'settings.validityAfterFirstSession.help':
    "Pendant combien de temps après la première session à distance d'autres peuvent être ouvertes sans nouveau code. Les sessions ouvertes le restent, sauf si elles sont fermées à l'expiration.",
  'settings.countFrom.title': 'Compter à partir de',
  'settings.countFrom.help':
    'Si cette durée commence avec la première session à distance seulement, ou à nouveau avec chaque ouverture.',
  'settings.validityBeforeFirstSession.title': 'Validité avant la première session',
  'settings.validityBeforeFirstSession.help':
    'Pendant combien de temps après le code la première session à distance peut être ouverte. Sinon, il faut un nouveau code.',
  'settings.digits.title': 'Chiffres',
  'settings.digits.help':
    "La longueur des codes. Beaucoup d'applications d'authentification n'en connaissent que 6, certaines 8 : essayez la vôtre d'abord. Un changement concerne les nouveaux enregistrements et les codes envoyés désormais.",
  'settings.smsMessage.title': 'Texte du code par SMS',
  'settings.smsMessage.help':
    "Le texte autour d'un code par SMS. %CODE% devient le code et doit y figurer, %ISSUER% l'émetteur. Les textes longs, et les lettres hors de l'alphabet des SMS, coûtent plus cher.",
  'settings.codeLifespan.title': 'Durée de vie des codes',
  'settings.codeLifespan.help': 'Pendant combien de temps un code par SMS ou e-mail est utilisable.',
  'settings.closeAtExpiry.title': "Fermer les sessions à distance à l'expiration",
  'settings.closeAtExpiry.help':
    "Activé : les sessions à distance se terminent avec la durée après la première session, quoi que l'on y fasse.",
  'settings.unlistedUsers.title': 'Utilisateurs non activés',
  'settings.unlistedUsers.help':
    'Si les personnes absentes de la liste se connectent avec le mot de passe seul, ou pas du tout.',
  'settings.rdpLogon.title': 'Connexions RDP',
  'settings.rdpLogon.help':
    "Ce que font les personnes soumises au second facteur avant de se connecter à un serveur d'applications avec un client RDP ou SSH. Sur demande : un clic sur sa carte dans le lanceur, pour chaque connexion. Après vérification : être connecté ici avec un second facteur, depuis la même adresse. Refuser : seule la liste blanche RDP passe.",
  'settings.enrolment.title': 'Enregistrement',
  'settings.enrolment.help':
    'Quand les personnes configurent elles-mêmes leur second facteur : à leur prochaine connexion, dans les jours qui suivent leur activation, ou seulement avec un ticket de votre part.',
  'settings.helpdesk.title': 'Contact du support',
  'settings.helpdesk.help':
    "À qui s'adresser quand la connexion échoue : un numéro, une adresse, un bureau. Affiché sous la page de connexion.",

  'settings.unit.switch': 'activé ou non',
  'settings.unit.set': 'un ou plusieurs',
  'settings.unit.steps': 'pas de 30 secondes',
  'settings.unit.text': 'texte',
  'settings.unit.minutes': 'minutes',
  'settings.unit.seconds': 'secondes',
  'settings.unit.choice': 'au choix',
  'settings.unit.digits': 'chiffres',

  'settings.meaning.alone':
    'Un code est accepté seul de {{seconds}} s avant à {{seconds}} s après ses propres 30 secondes.',
  'settings.meaning.followed': "Jusqu'à {{seconds}} s d'écart, le code suivant est demandé en plus.",
  'settings.meaning.day': 'Deviner pendant un jour avec le mot de passe connu : {{odds}} ({{tries}} essais).',
  'settings.meaning.month': 'Pendant 30 jours : {{odds}} ({{tries}} essais, puis le compteur est fermé).',
  'settings.meaning.month-set-back':
    'Pendant 30 jours, si la personne se connecte sur un nouvel appareil ou est déverrouillée chaque jour : {{odds}} ({{tries}} essais).',
  'settings.meaning.one-in': '1 sur {{count}}',
  'settings.meaning.percent': '{{percent}} %',
} as const satisfies Translation<typeof english>;
