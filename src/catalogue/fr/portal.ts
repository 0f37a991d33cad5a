import type { portal as english } from '../en/portal.ts';
import type { Translation } from '../language.ts';

export const portal = {
  'portal.language': 'Langue',
  'portal.helpdesk': 'Assistance : {{contact}}',
  'portal.no-script':
    'Cette page a besoin de JavaScript. Activez-le dans votre navigateur, puis rechargez la page.',
  'portal.back': 'Retour',
  'portal.cancel': 'Annuler',
  'portal.terms.title': 'Avant de continuer',
  'portal.terms.lead': 'Veuillez lire ceci. On vous le demande une fois, et à nouveau quand le texte change.',
  'portal.terms.accept': "J'accepte",
  'portal.terms.busy': 'Un instant …',
  'portal.terms.decline': "Si vous n'acceptez pas, fermez cette fenêtre : vous n'êtes pas connecté.",
  'portal.continue': 'Continuer',
  'portal.try-again': 'Réessayer',
  'portal.loading': 'Un instant…',
  'portal.copied': 'Copié.',
  'portal.copy-failed':
    "Votre navigateur n'a pas permis la copie. Sélectionnez le texte et copiez-le vous-même.",
  'portal.show': 'Afficher',
  'portal.hide': 'Masquer',
  'portal.show-password': 'Afficher le mot de passe',
  'portal.hide-password': 'Masquer le mot de passe',
  'portal.unreachable': 'La passerelle est injoignable. Vérifiez votre connexion et réessayez.',
  'portal.failed':
    "Quelque chose s'est mal passé chez nous. Réessayez ; si cela persiste, prévenez votre service d'assistance.",

  'portal.lost.title': 'Veuillez recharger cette page',
  'portal.lost.text':
    "Une partie n'a pas pu être chargée. La passerelle vient d'être mise à jour, ou votre connexion a été interrompue.",
  'portal.lost.reload': 'Recharger',

  'portal.time.other-day': 'le {{date}} à {{time}}',

  'portal.sign-in.title': 'Se connecter',
  'portal.sign-in.continue': 'Veuillez vous connecter pour continuer vers {{application}}.',
  'portal.sign-in.expired': 'Votre session est terminée. Veuillez vous reconnecter.',
  'portal.sign-in.expired-continue':
    'Votre session est terminée. Veuillez vous connecter pour continuer vers {{application}}.',
  'portal.sign-in.signed-out': 'Vous êtes déconnecté.',
  'portal.sign-in.too-late': 'Cela a pris un peu trop de temps. Veuillez vous reconnecter.',
  'portal.sign-in.name': "Nom d'utilisateur",
  'portal.sign-in.password': 'Mot de passe',
  'portal.sign-in.shared': 'Cet ordinateur est partagé',
  'portal.sign-in.shared-hint': 'Vous êtes déconnecté dès que le navigateur se ferme.',
  'portal.sign-in.submit': 'Se connecter',
  'portal.sign-in.busy': 'Connexion…',
  'portal.sign-in.no-owner':
    "Cette passerelle n'a pas encore de propriétaire. Ouvrez le lien affiché à son démarrage ; il crée le propriétaire.",

  'portal.code.title': 'Code de vérification',
  'portal.code.app': "Entrez le code de votre application d'authentification.",
  'portal.code.app-digits_one': "Entrez le code à {{count}} chiffre de votre application d'authentification.",
  'portal.code.app-digits_other':
    "Entrez le code à {{count}} chiffres de votre application d'authentification.",
  'portal.code.digits-only': 'Un code de vérification ne comporte que des chiffres.',
  'portal.code.sms_one': 'Entrez le code à {{count}} chiffre que nous avons envoyé par SMS au {{hint}}.',
  'portal.code.sms_other': 'Entrez le code à {{count}} chiffres que nous avons envoyé par SMS au {{hint}}.',
  'portal.code.email_one': 'Entrez le code à {{count}} chiffre que nous avons envoyé à {{hint}}.',
  'portal.code.email_other': 'Entrez le code à {{count}} chiffres que nous avons envoyé à {{hint}}.',
  'portal.code.sending': "Envoi d'un code…",
  'portal.code.until': "Il n'est plus valable après {{time}}.",
  'portal.code.sent-again':
    "Un nouveau code est parti. Seul le plus récent est valable ; il ne l'est plus après {{time}}.",
  'portal.code.spam': 'Rien reçu ? Regardez aussi parmi les messages indésirables.',
  'portal.code.resend': 'Envoyer un nouveau code',
  'portal.code.resend-in': 'dans {{time}}',
  'portal.code.expired': "Ce code n'est plus valable. Demandez-en un nouveau.",
  'portal.code.soon':
    "Vous avez demandé un code à l'instant. Le suivant part tout seul dans quelques secondes.",
  'portal.code.too-many':
    'Vous avez demandé beaucoup de codes. Vous pourrez en demander un autre après {{time}}.',
  'portal.code.wrong-sent': 'Ce code ne correspond pas. Vérifiez le message le plus récent.',
  'portal.code.used-sent': 'Ce code a déjà servi. Demandez-en un nouveau.',
  'portal.code.bypass-title': "Code de l'assistance",
  'portal.code.bypass': "Entrez le code que l'assistance vous a donné. Il sert une seule fois.",
  'portal.code.wrong-bypass':
    "Ce code ne correspond pas, a déjà servi ou est trop ancien. Demandez-en un nouveau à l'assistance.",
  'portal.code.malformed-bypass':
    "Cela ne ressemble pas à un code de l'assistance. Entrez-le tel qu'elle vous l'a donné.",
  'portal.code.recovery-title': 'Code de secours',
  'portal.code.recovery': "Entrez l'un de vos codes de secours. Chacun sert une seule fois.",
  'portal.code.wrong-recovery': 'Ce code de secours ne correspond pas ou a déjà servi.',
  'portal.code.tries-left_one': 'Il vous reste {{count}} essai.',
  'portal.code.tries-left_other': 'Il vous reste {{count}} essais.',
  'portal.code.malformed_one': "Le code comporte {{count}} chiffre et rien d'autre.",
  'portal.code.malformed_other': "Le code comporte {{count}} chiffres et rien d'autre.",
  'portal.code.submit': 'Continuer',
  'portal.code.busy': 'Vérification…',
  'portal.code.stuck': 'Je ne peux pas utiliser mon code',
  'portal.code.malformed-recovery':
    "Cela ne ressemble pas à un code de secours. Entrez-le tel qu'il figure dans votre liste.",
  'portal.code.next': 'Code suivant',
  'portal.code.drift':
    "L'horloge de votre téléphone semble décalée. Entrez le prochain code que l'application affiche.",

  'portal.clock.title': "L'horloge de votre téléphone est décalée",
  'portal.clock.ahead': "Vous êtes connecté. L'horloge de votre téléphone avance d'environ {{time}}.",
  'portal.clock.behind': "Vous êtes connecté. L'horloge de votre téléphone retarde d'environ {{time}}.",
  'portal.clock.advice': "Réglez-la sur l'heure automatique, pour que vos codes restent valables.",

  'portal.other.title': "D'autres façons de se connecter",
  'portal.other.app': "Utiliser mon application d'authentification",
  'portal.other.sms': 'Envoyer un code par SMS au {{hint}}',
  'portal.other.email': 'Envoyer un code par e-mail à {{hint}}',
  'portal.other.recovery': 'Utiliser un code de secours',
  'portal.other.bypass': "Utiliser un code de l'assistance",
  'portal.other.helpdesk': "Rien ne marche ? Adressez-vous à l'assistance : {{contact}}",
  'portal.other.no-helpdesk':
    "Rien ne marche ? Demandez à votre service d'assistance de réinitialiser votre accès.",

  'portal.locked.title': "Trop d'essais",
  'portal.locked.until': 'Vous pourrez réessayer après {{time}}.',
  'portal.locked.until-helpdesk':
    "Vous pourrez réessayer après {{time}}, ou adressez-vous à l'assistance : {{contact}}",
  'portal.locked.shut': "Demandez à votre service d'assistance de vous débloquer.",
  'portal.locked.shut-helpdesk': "Demandez à l'assistance de vous débloquer : {{contact}}",
  'portal.locked.left': 'Encore {{time}}',
  'portal.locked.over': 'Vous pouvez réessayer maintenant.',

  'portal.choice.title': 'Choisissez comment recevoir vos codes',
  'portal.choice.lead': 'Désormais, vous entrez un code de vérification après votre mot de passe.',
  'portal.choice.app': "Application d'authentification",
  'portal.choice.app-text': 'Sur votre téléphone, même sans réseau. Le moyen le plus sûr.',
  'portal.choice.sms': 'SMS',
  'portal.choice.sms-text': 'Sur votre téléphone mobile.',
  'portal.choice.email': 'E-mail',
  'portal.choice.email-text': "À l'adresse que nous connaissons de vous.",
  'portal.choice.other': 'Choisir un autre moyen',

  'portal.phone.title': 'Votre numéro de mobile',
  'portal.phone.lead': 'Nous vous envoyons un code par SMS à chaque connexion.',
  'portal.phone.field': 'Numéro de mobile',
  'portal.phone.format': "Avec + et l'indicatif du pays, comme +33 6 12 34 56 78.",
  'portal.phone.incomplete': "Commencez par + et l'indicatif de votre pays.",
  'portal.phone.submit': 'Envoyer le code',
  'portal.phone.change': 'Utiliser un autre numéro',

  'portal.enrol.title': "Configurez votre application d'authentification",
  'portal.enrol.scan':
    "Scannez ceci avec une application d'authentification sur votre téléphone : Google, Microsoft, Authy ou une autre.",
  'portal.enrol.qr': "Code QR pour votre application d'authentification",
  'portal.enrol.key': "Ou saisissez cette clé dans l'application :",
  'portal.enrol.open': 'Ouvrir dans mon application',
  'portal.enrol.copy': 'Copier la clé',
  'portal.enrol.phone':
    "Il vous faut une application d'authentification : Google, Microsoft, Authy ou une autre. Ouvrez-la ici, ou copiez la clé pour l'y ajouter.",
  'portal.enrol.key-phone': 'Votre clé :',
  'portal.enrol.show-qr': 'Afficher le code QR pour un autre appareil',
  'portal.enrol.hide-qr': 'Masquer le code QR',
  'portal.enrol.code_one': "Entrez ensuite le code à {{count}} chiffre que l'application affiche.",
  'portal.enrol.code_other': "Entrez ensuite le code à {{count}} chiffres que l'application affiche.",
  'portal.enrol.unavailable':
    "La configuration n'est possible qu'avec votre service d'assistance. Adressez-vous à lui.",

  'portal.ticket.title': 'Entrez votre ticket',
  'portal.ticket.lead':
    "Votre administrateur vous a donné un ticket. Il vous permet de configurer vos codes de vérification. Si vous n'en avez pas, demandez-en un.",
  'portal.ticket.field': 'Ticket',
  'portal.ticket.wrong':
    "Ce ticket ne correspond pas, ou un plus récent l'a remplacé. Vérifiez-le ou demandez-en un nouveau.",

  'portal.recovery.title': 'Vos codes de secours',
  'portal.recovery.lead':
    'Ils vous laissent entrer si vous perdez votre téléphone. Chacun sert une seule fois. Gardez-les loin de votre téléphone ; ils ne sont affichés que maintenant.',
  'portal.recovery.list': 'Codes de secours',
  'portal.recovery.download': 'Télécharger',
  'portal.recovery.copy': 'Copier',
  'portal.recovery.print': 'Imprimer',
  'portal.recovery.kept': 'Je les ai mis de côté',
  'portal.recovery.file-name': 'codes-de-secours.txt',
  'portal.recovery.file-head':
    'Codes de secours pour {{site}}, créés le {{date}}. Chacun sert une seule fois.',
  'portal.recovery.file-head-named':
    'Codes de secours de {{name}} pour {{site}}, créés le {{date}}. Chacun sert une seule fois.',

  'portal.password.title': 'Choisissez un nouveau mot de passe',
  'portal.password.lead':
    "Quelqu'un d'autre a défini votre mot de passe. Choisissez-en un que vous seul connaissez.",
  'portal.password.expired':
    "Votre mot de passe a expiré ou a été défini par quelqu'un d'autre. Choisissez-en un nouveau.",
  'portal.password.current': 'Mot de passe actuel',
  'portal.password.next': 'Nouveau mot de passe',
  'portal.password.minimum_one':
    'Au moins {{count}} caractère. Quelques mots se retiennent mieux que des signes.',
  'portal.password.minimum_other':
    'Au moins {{count}} caractères. Quelques mots se retiennent mieux que des signes.',
  'portal.password.submit': 'Changer le mot de passe',
  'portal.password.busy': 'Changement…',
  'portal.password.done': 'Votre mot de passe est changé.',

  'portal.owner.title': 'Créer le propriétaire',
  'portal.owner.lead':
    "Le propriétaire dirige cette passerelle. Vous configurez ensuite une application d'authentification ; alors tous les autres pourront se connecter.",
  'portal.owner.display-name': 'Votre nom complet (facultatif)',
  'portal.owner.submit': 'Continuer',
  'portal.owner.busy': 'Création…',
  'portal.owner.no-ticket':
    "Ce lien n'est pas complet. Ouvrez-le tel qu'il a été affiché, avec tout ce qui suit le signe #.",

  'portal.invitation.title': "Accepter l'invitation",
  'portal.invitation.lead':
    'Vous êtes invité à administrer ce site sous le nom {{name}}. Saisissez votre mot de passe ; un code de vérification suit.',
  'portal.invitation.lead-new':
    'Vous êtes invité à administrer ce site sous le nom {{name}}. Choisissez un mot de passe ; vous configurez ensuite vos codes de vérification.',
  'portal.invitation.no-ticket':
    'Cette page a besoin du lien entier de votre invitation. Ouvrez-le de nouveau, ou demandez-en un autre à la personne qui vous a invité.',

  'portal.recover.title': 'Définir un nouveau mot de passe',
  'portal.recover.lead':
    'Nouveau mot de passe pour {{name}}. Vous configurez ensuite de nouveau vos codes de vérification.',
  'portal.recover.submit': 'Continuer',

  'portal.launcher.title': 'Vos applications',
  'portal.launcher.none':
    "Aucune application ne vous est encore attribuée. Demandez ce qu'il vous faut à votre service d'assistance.",
  'portal.launcher.none-helpdesk':
    "Aucune application ne vous est encore attribuée. Adressez-vous à l'assistance : {{contact}}",

  'portal.desktop.network': "S'ouvre dans votre client de bureau à distance. Réseau du bureau seulement.",
  'portal.desktop.permitted':
    'Ouvrez {{file}} et connectez-vous avant {{time}}. Ce clic vaut pour une seule connexion.',
  'portal.desktop.saved': 'Ouvrez {{file}} et connectez-vous.',

  'portal.account.title': 'Votre compte',
  'portal.account.who': 'Vous êtes connecté sous le nom {{name}}.',
  'portal.account.granted': 'Ouvrez une application avant {{time}} (encore {{left}}).',
  'portal.account.active': 'Vous pouvez ouvrir des applications avant {{time}} (encore {{left}}).',
  'portal.account.applications': 'Vos applications',
  'portal.account.link': 'Votre compte',
  'portal.account.sign-out': 'Se déconnecter',

  'portal.account.factors': 'Comment vous recevez vos codes',
  'portal.account.app-unnamed': "Application d'authentification",
  'portal.account.sms': 'SMS au {{hint}}',
  'portal.account.email': 'E-mail à {{hint}}',
  'portal.account.fixed': 'Défini par votre administrateur.',
  'portal.account.no-factors': "Vous n'en avez pas besoin ; votre mot de passe suffit.",
  'portal.account.factor-added': 'Ajout le {{date}}',
  'portal.account.factor-used': 'Ajout le {{added}}, dernier code le {{used}}',
  'portal.account.replace': 'Changer',
  'portal.account.replace-label': 'Changer {{label}}',
  'portal.account.add': 'Ajouter un autre moyen',
  'portal.account.add-app': "Ajouter une application d'authentification",
  'portal.account.add-sms': 'Ajouter un numéro de mobile',
  'portal.account.add-email': 'Ajouter votre adresse e-mail',
  'portal.account.replace-sms': 'Changer votre numéro de mobile',
  'portal.account.replace-email': 'Changer votre adresse e-mail',
  'portal.account.added': 'La nouvelle application est ajoutée. Ses codes sont valables dès maintenant.',
  'portal.account.added-sms': 'Votre numéro est ajouté. Des codes peuvent y être envoyés dès maintenant.',
  'portal.account.added-email': 'Votre adresse est ajoutée. Des codes peuvent y être envoyés dès maintenant.',
  'portal.account.label': 'Nom du téléphone (facultatif)',
  'portal.account.remove': 'Retirer',
  'portal.account.remove-label': 'Retirer {{label}}',
  'portal.account.remove-title': 'Retirer {{label}} ?',
  'portal.account.remove-text': "Ses codes cessent aussitôt d'être valables.",
  'portal.account.remove-sent-text': "Plus aucun code n'y est envoyé.",
  'portal.account.removed': '{{label}} est retiré.',
  'portal.account.last': 'Ajoutez un autre moyen avant de retirer celui-ci.',

  'portal.account.recovery': 'Codes de secours',
  'portal.account.recovery-left': 'Il en reste {{count}} sur {{total}}.',
  'portal.account.recovery-none': "Vous n'en avez pas.",
  'portal.account.recovery-new': 'Créer de nouveaux codes',
  'portal.account.recovery-title': 'Créer de nouveaux codes de secours ?',
  'portal.account.recovery-text': "Les codes que vous avez maintenant cessent d'être valables.",

  'portal.account.confirm-app':
    "Pour confirmer, entrez le code que votre application d'authentification affiche maintenant.",
  'portal.account.confirm-recovery': "Pour confirmer, entrez l'un de vos codes de secours.",
  'portal.account.use-sms': 'Recevoir plutôt un code par SMS',
  'portal.account.use-email': 'Recevoir plutôt un code par e-mail',
  'portal.account.use-recovery': 'Utiliser plutôt un code de secours',
  'portal.account.use-app': "Utiliser plutôt mon application d'authentification",

  'portal.account.password': 'Mot de passe',
  'portal.account.change-password': 'Changer le mot de passe',

  'portal.renew.until': 'Vous pouvez continuer (fin : {{time}}).',
  'portal.renew.title': 'Prolonger votre connexion',
  'portal.renew.lead':
    'Avec un nouveau code, vous pouvez continuer après {{time}} sans perdre ce qui est ouvert.',
  'portal.renew.done': 'Votre connexion est prolongée',
  'portal.renew.back': 'Fermez cet onglet et reprenez où vous en étiez.',
  'portal.renew.other':
    "Vous vous êtes reconnecté depuis l'ouverture de cette page, et elle dépend encore de la connexion précédente. Quand celle-ci aura pris fin, rouvrez la page : elle continuera avec la nouvelle.",
  'portal.renew.close': 'Fermer cet onglet',
  'portal.renew.impossible':
    'Aucun code ne permet de continuer. Reconnectez-vous quand votre connexion aura pris fin.',
  'portal.account.sessions': 'Où vous êtes connecté',
  'portal.account.this-browser': 'Ce navigateur',
  'portal.account.session-since': '{{address}}, depuis {{time}}',
  'portal.account.end-session': 'Déconnecter',
  'portal.account.end-session-label': 'Déconnecter {{browser}}, {{address}}',
  'portal.account.end-title': 'Déconnecter {{browser}} ?',
  'portal.account.end-text': 'Ses sessions à distance se ferment aussitôt.',
  'portal.account.ended-session': 'Déconnecté là-bas. Ses sessions à distance sont fermées.',
  'portal.account.everywhere': 'Se déconnecter partout',
  'portal.account.everywhere-title': 'Se déconnecter partout ?',
  'portal.account.everywhere-text_one':
    'Cela met fin à {{count}} connexion, celle-ci comprise. Toutes vos sessions à distance se ferment, et les appareils que nous connaissons sont oubliés.',
  'portal.account.everywhere-text_other':
    'Cela met fin à {{count}} connexions, celle-ci comprise. Toutes vos sessions à distance se ferment, et les appareils que nous connaissons sont oubliés.',

  'portal.browser': '{{browser}} sur {{system}}',
  'portal.browser.unknown': 'Navigateur inconnu',

  'portal.sign-out.ask': 'Se déconnecter ?',
  'portal.sign-out.ask-text': 'Vos sessions à distance se ferment aussitôt.',
  'portal.sign-out.submit': 'Se déconnecter',
  'portal.sign-out.stay': 'Rester connecté',
  'portal.sign-out.title': 'Vous êtes déconnecté',
  'portal.sign-out.busy': 'Déconnexion…',
  'portal.sign-out.text': 'Vos sessions à distance sont fermées.',
  'portal.sign-out.again': 'Se reconnecter',
} as const satisfies Translation<typeof english>;
