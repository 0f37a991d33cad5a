import type { problems as english } from '../en/problems.ts';
import type { Translation } from '../language.ts';

export const problems = {
  'problem.invalid-request':
    "Il manque quelque chose dans cette demande, ou une valeur n'est pas permise. Vérifiez-la et renvoyez-la.",
  'problem.unsupported-media-type':
    "Cette adresse n'accepte que du JSON. Envoyez-le avec Content-Type: application/json.",
  'problem.request-too-large': "C'est plus que cette adresse n'accepte. Envoyez moins.",
  'problem.request-timeout':
    "Plus rien de votre demande n'est arrivé depuis longtemps. Envoyez-la de nouveau.",
  'problem.not-found': "Il n'y a rien à cette adresse. Vérifiez-la, ou partez de la page de connexion.",
  'problem.method-not-allowed': "Cette adresse n'accepte pas cette méthode.",
  'problem.cross-origin':
    "Cette demande venait d'un autre site : rien n'a été fait. Ouvrez la page ici et réessayez.",
  'problem.ambiguous-credentials': "Cette demande porte plus d'une connexion. N'en envoyez qu'une.",
  'problem.bad-target':
    "Cette adresse est écrite d'une façon qu'on ne peut pas transmettre. Vérifiez-la et réessayez.",
  'problem.invalid-credentials': 'Ce nom et ce mot de passe ne correspondent pas.',
  'problem.sign-in-required': 'Veuillez vous connecter pour continuer.',
  'problem.sign-in-required_detail': 'Veuillez vous connecter pour continuer vers {{application}}.',
  'problem.sign-in-expired': 'Cette connexion a duré trop longtemps ou a déjà servi. Veuillez recommencer.',
  'problem.not-assigned': "Cette application ne vous est pas attribuée. Demandez-la à l'assistance.",
  'problem.not-assigned_detail':
    "Vous êtes connecté sous le nom {{user}}, mais {{application}} ne vous est pas attribuée. Demandez-la à l'assistance.",
  'problem.not-allowed':
    "Vous êtes connecté, mais ceci n'est pas ouvert à votre compte. Adressez-vous à un administrateur.",
  'problem.not-administrator':
    "Vous êtes connecté, mais vous n'administrez pas cette passerelle. Demandez à l'un de ses propriétaires de vous inviter.",
  'problem.network-not-allowed':
    "La console ne peut pas être utilisée depuis ce réseau. Connectez-vous depuis l'un des siens, ou adressez-vous à la personne qui gère la passerelle.",
  'problem.fresh-code-required': 'Veuillez saisir un nouveau code : le dernier date de plus de 15 minutes.',
  'problem.if-match-required':
    "Cette modification doit dire de quoi elle part. Lisez d'abord l'élément, puis envoyez son ETag dans If-Match.",
  'problem.changed-meanwhile':
    "Quelqu'un d'autre a modifié cet élément entre-temps, rien n'a donc été enregistré. Regardez-le à nouveau, puis décidez.",
  'problem.account-disabled': "Ce compte est désactivé. Demandez à l'assistance de le réactiver.",
  'problem.account-expired':
    'Votre compte a expiré. Demandez à votre administrateur ou au support de le prolonger.',
  'problem.outside-logon-hours':
    "Votre compte n'est pas utilisable à cette heure. Réessayez pendant vos heures autorisées.",
  'problem.logon-restricted':
    "Votre compte n'est utilisable que depuis certains ordinateurs. Adressez-vous à votre administrateur ou au support.",
  'problem.not-enabled':
    "Ce compte ne permet pas encore de se connecter ici. Demandez à l'assistance de l'activer.",
  'problem.no-owner-yet':
    "Cette passerelle n'a pas encore de propriétaire. Ouvrez le lien affiché à son démarrage, puis connectez-vous.",
  'problem.enrolment-closed':
    "Le délai pour configurer vos codes de vérification est passé. Demandez à l'assistance de le rouvrir.",
  'problem.ticket-required':
    "Il faut un ticket pour configurer vos codes de vérification. Demandez-en un à l'assistance.",
  'problem.method-not-available': 'Ce moyen de vérification ne vous est pas proposé. Choisissez-en un autre.',
  'problem.wrong-step': "Ce n'est pas l'étape suivante. Veuillez recommencer la connexion.",
  'problem.already-enrolled':
    "Vos codes de vérification sont déjà configurés. Connectez-vous avec l'un d'eux ; vous pourrez ajouter un autre moyen sur la page de votre compte.",
  'problem.nothing-enrolled':
    "Cette personne n'a encore rien enregistré : elle configurera un second facteur à sa prochaine connexion.",
  'problem.code-malformed':
    'Un code de vérification ne contient que des chiffres. Vérifiez-le et entrez-le à nouveau.',
  'problem.code-malformed_detail_one': 'Entrez le code à {{expected}} chiffre.',
  'problem.code-malformed_detail_other': 'Entrez le code à {{expected}} chiffres.',
  'problem.wrong-code': "Ce code ne correspond pas. Regardez l'application et essayez le suivant.",
  'problem.wrong-code_detail_zero':
    "Ce code ne correspond pas. Regardez l'application et essayez le suivant.",
  'problem.wrong-code_detail_one':
    "Ce code ne correspond pas. Regardez l'application et essayez le suivant. Il vous reste {{triesLeft}} essai.",
  'problem.wrong-code_detail_other':
    "Ce code ne correspond pas. Regardez l'application et essayez le suivant. Il vous reste {{triesLeft}} essais.",
  'problem.code-already-used': 'Ce code a déjà servi. Attendez le suivant.',
  'problem.code-already-used_detail_one':
    'Ce code a déjà servi. Attendez le suivant (environ {{nextIn}} seconde).',
  'problem.code-already-used_detail_other':
    'Ce code a déjà servi. Attendez le suivant (environ {{nextIn}} secondes).',
  'problem.code-expired': "Il n'y a plus de code à saisir. Faites-en envoyer un nouveau.",
  'problem.code-just-sent':
    "Un code vient d'être envoyé. Patientez un peu avant d'en faire envoyer un autre.",
  'problem.code-just-sent_detail_one':
    "Un code vient d'être envoyé. Vous pourrez en faire envoyer un autre dans {{seconds}} seconde.",
  'problem.code-just-sent_detail_other':
    "Un code vient d'être envoyé. Vous pourrez en faire envoyer un autre dans {{seconds}} secondes.",
  'problem.too-many-codes':
    'Beaucoup de codes ont déjà été envoyés. Choisissez un autre moyen, ou réessayez plus tard.',
  'problem.too-many-codes_detail_one':
    'Beaucoup de codes ont déjà été envoyés. Choisissez un autre moyen, ou réessayez dans {{minutes}} minute.',
  'problem.too-many-codes_detail_other':
    'Beaucoup de codes ont déjà été envoyés. Choisissez un autre moyen, ou réessayez dans {{minutes}} minutes.',
  'problem.set-by-administrator': 'Votre administrateur a défini ce réglage. Lui seul peut le changer.',
  'problem.locked': "Trop d'essais. Demandez à l'assistance de vous débloquer.",
  'problem.locked_detail_one':
    "Trop d'essais. Vous pourrez réessayer dans {{minutes}} minute, ou demandez à l'assistance.",
  'problem.locked_detail_other':
    "Trop d'essais. Vous pourrez réessayer dans {{minutes}} minutes, ou demandez à l'assistance.",
  'problem.too-many-requests': 'Cela fait beaucoup en peu de temps. Patientez un peu et réessayez.',
  'problem.too-many-requests_detail_one':
    'Cela fait beaucoup en peu de temps. Patientez {{seconds}} seconde et réessayez.',
  'problem.too-many-requests_detail_other':
    'Cela fait beaucoup en peu de temps. Patientez {{seconds}} secondes et réessayez.',
  'problem.sender-unavailable':
    "Le message n'a pas pu être envoyé pour le moment. Réessayez dans un instant, ou utilisez un autre moyen de vérification.",
  'problem.invalid-phone-number':
    "Ce n'est pas un numéro de téléphone qui peut recevoir des messages. Écrivez-le avec + et l'indicatif du pays, comme +33612345678.",
  'problem.invalid-address': "Ce n'est pas une adresse électronique. Vérifiez-la et saisissez-la à nouveau.",
  'problem.country-not-allowed':
    "Aucun message n'est envoyé d'ici vers ce pays. Utilisez un autre numéro, ou demandez à votre assistance.",
  'problem.budget-exhausted':
    'Aucun autre message ne peut être envoyé pour le moment. Utilisez un autre moyen de vérification, ou réessayez plus tard.',
  'problem.budget-exhausted_detail_one':
    'Aucun autre message ne peut être envoyé pour le moment. Utilisez un autre moyen de vérification, ou réessayez dans {{minutes}} minute.',
  'problem.budget-exhausted_detail_other':
    'Aucun autre message ne peut être envoyé pour le moment. Utilisez un autre moyen de vérification, ou réessayez dans {{minutes}} minutes.',
  'problem.password-too-weak': 'Ce mot de passe est trop facile à deviner. Choisissez-en un plus long.',
  'problem.password-too-weak_detail_one':
    "Ce mot de passe est trop facile à deviner. Choisissez-en un d'au moins {{minimum}} caractère, différent de votre nom.",
  'problem.password-too-weak_detail_other':
    "Ce mot de passe est trop facile à deviner. Choisissez-en un d'au moins {{minimum}} caractères, différent de votre nom.",
  'problem.password-unchanged': "C'est le mot de passe que vous avez déjà. Choisissez-en un nouveau.",
  'problem.wrong-password': "Ce n'est pas votre mot de passe actuel. Vérifiez-le et réessayez.",
  'problem.last-factor':
    "C'est votre seul moyen de vérification. Ajoutez-en d'abord un autre, puis supprimez celui-ci.",
  'problem.group-listed':
    "Ce groupe figure dans la liste des personnes activées ou exemptées. Retirez-le d'abord de cette liste.",
  'problem.not-local': 'Ce compte est géré dans son propre annuaire. Modifiez-le là-bas.',
  'problem.last-owner': "C'est le seul propriétaire. Donnez d'abord ce rôle à quelqu'un d'autre.",
  'problem.confirmation-required':
    'Cette action concerne de nombreux utilisateurs. Confirmez-la en saisissant leur nombre.',
  'problem.confirmation-required_detail_one':
    'Cette action concerne {{count}} utilisateur. Confirmez-la en saisissant ce nombre.',
  'problem.confirmation-required_detail_other':
    'Cette action concerne {{count}} utilisateurs. Confirmez-la en saisissant ce nombre.',
  'problem.invalid-ticket':
    'Ce lien ou ce ticket a déjà servi, est trop ancien ou incomplet. Demandez-en un nouveau.',
  'problem.invalid-hand-off':
    "Ce passage vers l'application a déjà servi ou est trop ancien. Ouvrez l'application à nouveau.",
  'problem.name-taken': 'Ce nom est déjà pris. Choisissez-en un autre.',
  'problem.name-taken_detail': 'Le nom {{name}} est déjà pris. Choisissez-en un autre.',
  'problem.unknown-user': "Il n'y a pas d'utilisateur de ce nom.",
  'problem.unknown-user_detail': "Il n'y a pas d'utilisateur nommé {{name}}.",
  'problem.unknown-setting': "Il n'y a pas de réglage de ce nom.",
  'problem.unknown-setting_detail': "Il n'y a pas de réglage nommé {{setting}}.",
  'problem.foreign-subscription':
    "Votre compte n'appartient pas à ce site. Connectez-vous à l'adresse que votre propre organisation vous a donnée.",
  'problem.licence-expired':
    "La licence de ce site est arrivée à échéance : personne de nouveau ne peut être activé. Prévenez l'assistance ou vos administrateurs.",
  'problem.licence-exhausted':
    "Autant d'utilisateurs sont activés que la licence de ce site le permet : personne de nouveau ne peut l'être. Prévenez l'assistance ou vos administrateurs.",
  'problem.licence-exhausted_detail':
    "Autant d'utilisateurs sont activés que la licence de ce site le permet ({{limit}}) : personne de nouveau ne peut l'être. Prévenez l'assistance ou vos administrateurs.",
  'problem.licence-invalid': "Ce fichier n'est pas une licence de cette installation.",
  'problem.licence-off': "Cette installation n'a besoin d'aucune licence.",
  'problem.unknown-subscription': "Il n'y a pas d'abonnement de ce nom.",
  'problem.unknown-subscription_detail': "Il n'y a pas d'abonnement nommé {{name}}.",
  'problem.assignment-taken':
    "Ceci appartient déjà à un autre abonnement. Indiquez que vous voulez l'en retirer.",
  'problem.assignment-taken_detail':
    "Ceci appartient déjà à {{subscription}}. Indiquez que vous voulez l'en retirer.",
  'problem.subscription-not-empty':
    'Cet abonnement contient encore quelque chose. Saisissez son nom pour tout supprimer avec lui.',
  'problem.subscription-not-empty_detail':
    'Cet abonnement contient encore : {{what}}. Saisissez son nom pour tout supprimer avec lui.',
  'problem.invalid-setting': 'Ce réglage ne peut pas prendre cette valeur.',
  'problem.invalid-setting_detail': '{{setting}} ne peut pas prendre cette valeur. Permis : {{allowed}}.',
  'problem.invalid-application': "L'application ne peut pas être reprise ainsi. Corrigez-la, puis réessayez.",
  'problem.invalid-application_detail': "L'application ne peut pas être reprise ainsi. {{reason}}",
  'problem.invalid-directory': "L'annuaire ne peut pas être repris ainsi. Corrigez-le, puis réessayez.",
  'problem.invalid-directory_detail': "L'annuaire ne peut pas être repris ainsi. {{reason}}",
  'problem.unknown-application':
    "Cette application n'existe pas. Elle a peut-être été supprimée entre-temps.",
  'problem.unknown-directory': "Cet annuaire n'existe pas. Il a peut-être été supprimé entre-temps.",
  'problem.set-by-file': 'Ceci figure dans le fichier de configuration. Modifiez-le là-bas, puis rechargez.',
  'problem.own-listener':
    'Cette adresse ramène à la passerelle elle-même. Indiquez un autre serveur, ou confirmez que vous le voulez.',
  'problem.own-listener_detail':
    '{{server}} ramène à la passerelle elle-même ({{listener}}). Indiquez un autre serveur, ou confirmez que vous le voulez.',
  'problem.conflict':
    "Quelqu'un a modifié ceci au même moment. Regardez-le à nouveau, puis refaites votre modification.",
  'problem.upstream-unreachable':
    "L'application ne répond pas pour le moment. Rien n'est perdu ; nous réessayons toutes les quelques secondes.",
  'problem.upstream-unreachable_detail':
    "{{application}} ne répond pas pour le moment. Rien n'est perdu ; nous réessayons toutes les quelques secondes.",
  'problem.upstream-invalid':
    "L'application a envoyé une réponse qu'on ne peut pas transmettre. Réessayez, et prévenez l'assistance si cela persiste.",
  'problem.upstream-invalid_detail':
    "{{application}} a envoyé une réponse qu'on ne peut pas transmettre. Réessayez, et prévenez l'assistance si cela persiste.",
  'problem.no-healthy-server':
    "Aucun serveur de l'application ne répond pour le moment. Rien n'est perdu ; nous réessayons toutes les quelques secondes.",
  'problem.no-healthy-server_detail':
    "Aucun serveur de {{application}} ne répond pour le moment. Rien n'est perdu ; nous réessayons toutes les quelques secondes.",
  'problem.upstream-timeout': "L'application a mis trop de temps à répondre. Réessayez dans un instant.",
  'problem.upstream-timeout_detail':
    '{{application}} a mis trop de temps à répondre. Réessayez dans un instant.',
  'problem.password-file-unusable': 'Un fichier de mot de passe est inutilisable.',
  'problem.password-file-unusable_detail':
    'Le mot de passe dans {{path}} est inutilisable : le fichier est illisible, ou sa première ligne est vide.',
  'problem.directory-unavailable':
    "L'annuaire ne répond pas pour le moment : personne ne peut se connecter avec ses mots de passe. Réessayez dans quelques minutes.",
  'problem.store-unavailable':
    "Les connexions ne peuvent pas être vérifiées pour le moment : personne d'autre n'entre. Les sessions à distance ouvertes le restent. Réessayez dans un instant.",
  'problem.shutting-down': 'La passerelle redémarre. Réessayez dans un instant.',
  'problem.service-worker-refused': 'Une application ne peut pas installer de service worker ici.',
  'problem.expectation-failed':
    "La passerelle ne peut pas faire ce que cette demande attend d'elle. Envoyez-la sans Expect.",
  'problem.store-too-new':
    'Les données ont été écrites par un Sallyport plus récent. Démarrez la version récente, ou restaurez une sauvegarde faite avant la mise à jour.',
  'problem.store-too-new_detail':
    'Les données ont été écrites par un Sallyport plus récent (format {{found}} ; celui-ci connaît {{known}}). Démarrez la version récente, ou restaurez une sauvegarde faite avant la mise à jour.',
  'problem.store-not-initialised':
    "Les données ne contiennent aucune installation. S'il s'agit vraiment d'un nouveau site, lancez « sallyport init » ; sinon, restaurez une sauvegarde.",
  'problem.address-unusable':
    "Une adresse d'écoute est inutilisable. Libérez-la, ou choisissez-en une autre dans la configuration.",
  'problem.address-unusable_detail':
    'Sallyport ne peut pas écouter sur {{address}} : {{reason}}. Libérez ce port, ou choisissez-en un autre dans la configuration.',
  'problem.certificate-unusable':
    'Le certificat ou sa clé est inutilisable. Vérifiez les fichiers indiqués sous listen.tls.',
  'problem.certificate-unusable_detail':
    'Le certificat ou sa clé est inutilisable : {{reason}}. Vérifiez les fichiers indiqués sous listen.tls.',
  'problem.authority-unusable':
    "Les certificats des autorités d'un serveur d'applications sont inutilisables. Vérifiez le fichier indiqué sous ca.",
  'problem.authority-unusable_detail':
    "Les certificats d'autorités de {{file}} sont inutilisables : {{reason}}. Vérifiez le fichier indiqué sous ca.",
  'problem.store-may-evict':
    'Redis effacerait des données une fois sa mémoire pleine. Réglez-y maxmemory-policy sur noeviction, dans redis.conf ou par CONFIG SET.',
  'problem.store-may-evict_detail':
    "{{place}} effacerait des données une fois sa mémoire pleine (maxmemory-policy {{policy}}), dont des codes utilisés et des révocations. Réglez-y maxmemory-policy sur noeviction : dans redis.conf, par CONFIG SET, ou dans les réglages d'un serveur hébergé.",
  'problem.store-in-use': "Les données sont utilisées par un autre processus. Arrêtez d'abord la passerelle.",
  'problem.master-key-missing':
    'Les données sont là, mais leur clé principale manque. Remettez-la en place : sans elle, les secrets enregistrés sont illisibles.',
  'problem.master-key-missing_detail':
    'Les données sont là, mais leur clé principale manque : {{place}}. Remettez-la en place : sans elle, les secrets enregistrés sont illisibles.',
  'problem.master-key-wrong':
    "La clé principale n'est pas celle de ces données. Remettez la bonne clé ; rien n'a été modifié.",
  'problem.master-key-wrong_detail':
    "La clé principale dans {{place}} n'est pas celle de ces données. Remettez la bonne clé ; rien n'a été modifié.",
  'problem.internal':
    "Quelque chose s'est mal passé chez nous. Réessayez ; si cela persiste, prévenez l'assistance.",
} as const satisfies Translation<typeof english>;
