import type { cli as english } from '../en/cli.ts';
import type { Translation } from '../language.ts';

export const cli = {
  'cli.description': 'Sallyport : une passerelle à deux portes devant chaque session à distance.',
  'cli.help.usage': 'Utilisation :',
  'cli.help.arguments': 'Arguments :',
  'cli.help.options': 'Options :',
  'cli.help.global-options': 'Partout :',
  'cli.help.commands': 'Commandes :',
  'cli.option.subscription':
    "l'abonnement que la commande concerne, par identifiant ou nom ; sinon default, ou celui de l'utilisateur nommé",
  'cli.option.config':
    "le fichier de configuration ; sinon SALLYPORT_CONFIG, sinon sallyport.yaml s'il existe",
  'cli.option.version': 'afficher la version',
  'cli.option.help': 'afficher cette aide',
  'cli.option.json': 'afficher du JSON',
  'cli.option.confirm': 'confirmer plus de dix utilisateurs par leur nombre',

  'cli.usage.missing-argument': "Il manque l'argument <{{word}}>.",
  'cli.usage.missing-value': "L'option {{word}} attend une valeur.",
  'cli.usage.missing-option': "Il manque l'option {{word}}.",
  'cli.usage.unknown-option': "Il n'y a pas d'option {{word}}.",
  'cli.usage.too-many': "C'est plus que cette commande n'attend.",
  'cli.usage.unknown-command': "Il n'y a pas de commande {{word}}.",
  'cli.usage.conflict': "L'option {{word}} ne va pas avec les autres.",
  'cli.usage.help': 'Ajoutez --help pour voir ce qui existe.',

  'cli.path-unusable': "{{path}} n'est pas utilisable : {{reason}}.",
  'cli.store-unusable': 'Les données ne sont pas utilisables : {{reason}}.',
  'cli.reason.missing': "le fichier, ou le dossier où il devrait être, n'existe pas",
  'cli.reason.forbidden': "l'utilisateur de cette commande n'en a pas le droit",
  'cli.reason.no-folder': "un fichier est à la place d'un dossier",
  'cli.reason.is-folder': "c'est un dossier",
  'cli.reason.full': 'le disque est plein',
  'cli.reason.read-only': 'rien ne peut y être écrit',
  'cli.reason.cannot-open': "l'ouverture échoue",
  'cli.reason.no-database': "ce n'est pas un fichier de Sallyport",
  'cli.reason.damaged': 'il est endommagé',
  'cli.reason.disk': 'le disque signale une erreur',
  'cli.reason.busy': "un autre processus l'utilise",
  'cli.reason.unreachable':
    "aucune connexion n'aboutit ; vérifiez l'adresse, le port et que le serveur est démarré",
  'cli.reason.credentials': "l'utilisateur ou le mot de passe est refusé",
  'cli.reason.rights': "la liste de droits (ACL) interdit une chose qu'il faut",
  'cli.reason.other': 'le système refuse',

  'cli.no-store':
    "Il n'y a pas de données dans {{path}}. Démarrez la passerelle une fois, ou lancez « sallyport init » ; ou indiquez le bon fichier avec --config.",
  'cli.confirm-count': 'Cela concerne {{count}} utilisateurs. Tapez ce nombre pour continuer :',

  'cli.password.new': 'Nouveau mot de passe :',
  'cli.password.again': 'Encore une fois :',
  'cli.password.differ': "Les deux mots de passe diffèrent. Rien n'a été modifié.",
  'cli.password.stdin': "lire le mot de passe sur l'entrée standard",
  'cli.password.no-terminal': "Personne n'est là pour taper un mot de passe. Utilisez --password-stdin.",

  'cli.serve.help': 'démarrer la passerelle',
  'cli.serve.open': 'Sallyport {{version}} est ouvert sur {{url}}',
  'cli.serve.console': 'Les administrateurs vont sur {{url}}',
  'cli.serve.demo': "Aucune application n'est configurée : la démonstration intégrée est servie.",
  'cli.serve.owner':
    "Il n'y a pas encore de propriétaire. Ce lien en crée un ; il vaut une heure et une seule fois :",

  'cli.init.help': "créer une installation là où il n'y en a pas",
  'cli.init.created': "L'installation {{id}} a été créée dans {{path}}.",
  'cli.init.exists': "L'installation {{id}} est déjà dans {{path}}. Rien n'a été modifié.",
  'cli.init.key': 'Sa clé principale est dans {{path}}. Gardez-en une copie, loin des sauvegardes.',

  'cli.check.help': 'vérifier la configuration sans rien démarrer',
  'cli.check.fine_one': '{{file}} est correct : {{count}} application.',
  'cli.check.fine_other': '{{file}} est correct : {{count}} applications.',
  'cli.check.warning': 'Attention : {{text}}',
  'cli.check.certificate-expired': '{{file}} a expiré le {{date}} : les navigateurs le refusent.',
  'cli.check.certificate-expires-soon': '{{file}} expire le {{date}}.',
  'cli.check.certificate-not-covered':
    "Aucun certificat n'est établi pour {{host}} : les navigateurs refusent celui qui est présenté à sa place. Obtenez-en un qui le nomme et ajoutez-le sous listen.tls.",
  'cli.check.certificate-never-shown':
    "{{file}} n'est jamais présenté : un certificat placé avant porte tous ses noms.",
  'cli.check.directories': 'interroger aussi les annuaires LDAP et dire ce qui fonctionne',
  'cli.check.ldap-server': '{{directory}} : {{subject}} répond et accepte le compte de la passerelle.',
  'cli.check.ldap-server-failed': '{{directory}} : {{subject}} est inutilisable : {{reason}}.',
  'cli.check.ldap-untrusted':
    "Son certificat vient d'une autorité qui n'est pas reconnue ici : indiquez cette autorité dans tls.ca.",
  'cli.check.ldap-people': '{{directory}} : les personnes sont lisibles, par exemple {{subject}}.',
  'cli.check.ldap-people-failed':
    '{{directory}} : personne sous {{subject}}. Vérifiez kind, baseDn, userFilter et les droits de lecture du compte. {{reason}}',
  'cli.check.ldap-groups': '{{directory}} : les groupes sont lisibles ({{subject}}).',
  'cli.check.ldap-groups-failed':
    '{{directory}} : certains groupes sont illisibles ({{subject}}) : ces utilisateurs comptent comme activés. Vérifiez les droits de lecture du compte.',
  'cli.check.ldap-alias': '{{directory}} : aussi connu sous {{subject}}.',
  'cli.check.ldap-alias-failed':
    '{{directory}} : on peut aussi écrire {{subject}} ; ajoutez ce nom à aliases. {{reason}}',
  'cli.check.ldap-lockout':
    "{{directory}} : verrouille un compte après {{subject}} mots de passe erronés (0 : jamais) ; la passerelle s'arrête avant.",
  'cli.check.ldap-lockout-failed':
    '{{directory}} : sa politique de verrouillage est illisible : {{reason}}. Indiquez lockoutThreshold.',
  'cli.check.ldap-password-change': '{{directory}} : les utilisateurs peuvent changer leur mot de passe.',
  'cli.check.ldap-password-change-failed':
    "{{directory}} : les utilisateurs ne peuvent pas changer leur mot de passe : la connexion n'est pas chiffrée.",
  'cli.check.directories-failed_one': '{{count}} point des annuaires ne fonctionne pas.',
  'cli.check.directories-failed_other': '{{count}} points des annuaires ne fonctionnent pas.',
  'cli.check.no-file':
    "Il n'y a pas de fichier, et il n'en faut pas : les valeurs par défaut et l'environnement conviennent.",

  'cli.reload.help': 'faire reprendre à la passerelle les applications et certificats modifiés',
  'cli.reload.done': 'La passerelle a repris la configuration.',
  'cli.reload.nobody': "Aucune passerelle n'a répondu. Fonctionne-t-elle, avec cette configuration ?",
  'cli.reload.refused': 'La passerelle a gardé sa configuration : {{reason}}',
  'cli.reload.restart': 'Ces réglages ont changé aussi et demandent un redémarrage : {{settings}}',

  'cli.admin.help': 'qui administre quoi ; créer des propriétaires et les laisser rentrer',
  'cli.admin.name': 'le nom de connexion',
  'cli.admin.create.help': 'afficher un lien à usage unique qui crée un propriétaire de ce nom',
  'cli.admin.create.link': 'Ce lien fait de {{name}} un propriétaire ; il vaut une heure et une seule fois :',
  'cli.admin.recover.help':
    "déverrouiller, réinitialiser et laisser rentrer quelqu'un qui est enfermé dehors",
  'cli.admin.recover.link':
    '{{name}} est déverrouillé et réinitialisé, toutes ses sessions sont fermées. Avec ce lien, cette personne choisit un nouveau mot de passe et un nouveau second facteur ; il vaut une heure et une seule fois :',

  'cli.user.help': 'les comptes locaux, et les seconds facteurs de chacun',
  'cli.user.name': 'le nom de connexion',
  'cli.user.names': 'noms de connexion, ou clés (annuaire:id)',
  'cli.user.add.help': 'créer un compte local',
  'cli.user.add.display-name': 'le nom à afficher',
  'cli.user.add.email': 'une adresse électronique, pour les codes de vérification et les avis',
  'cli.user.add.phone':
    "un numéro de téléphone pour les codes de vérification, au format international ; l'utilisateur ne peut pas en choisir un autre",
  'cli.user.add.group': "un groupe, créé s'il n'existe pas ; peut être répété",
  'cli.user.add.keep-password': "ne pas demander d'autre mot de passe à la première connexion",
  'cli.user.add.done': '{{name}} a été ajouté ({{key}}).',
  'cli.user.set.help':
    "changer les détails d'un compte local ; les codes suivants vont à son numéro et à son adresse",
  'cli.user.set.nothing': 'Indiquez ce qui change : --name, --display-name, --email ou --phone.',
  'cli.user.set.done': '{{name}} a été modifié.',
  'cli.user.list.beginning': 'seulement ceux dont un mot commence ainsi',
  'cli.user.list.none': "Il n'y a personne.",
  'cli.user.list.name': 'NOM',
  'cli.user.list.display-name': 'AFFICHÉ',
  'cli.user.list.groups': 'GROUPES',
  'cli.user.list.two-factors': 'DEUX FACTEURS',
  'cli.user.list.state': 'ÉTAT',
  'cli.user.list.apps_one': '{{count}} application',
  'cli.user.list.apps_other': '{{count}} applications',
  'cli.user.list.sms': 'SMS',
  'cli.user.list.email': 'e-mail',
  'cli.user.list.enrolled': 'oui, {{enrolled}}',
  'cli.user.list.not-enrolled': 'à la prochaine connexion',
  'cli.user.list.not-required': 'non',
  'cli.user.list.owner': 'propriétaire',
  'cli.user.list.disabled': 'désactivé',
  'cli.user.list.locked': 'verrouillé',
  'cli.user.reset.help':
    "vider les seconds facteurs d'utilisateurs et les déverrouiller : leur prochaine connexion en enregistre de nouveaux",
  'cli.user.reset.ticket': "exiger un ticket à usage unique au prochain enregistrement, et l'afficher",
  'cli.user.reset.done': '{{name}} a été réinitialisé.',
  'cli.user.reset.tickets':
    "Lisez chaque ticket à son utilisateur : il n'est enregistré nulle part et ne s'affiche que maintenant.",
  'cli.user.remove.help': "supprimer des comptes locaux avec tout ce qu'on sait d'eux",
  'cli.user.remove.done': '{{name}} a été supprimé.',
  'cli.user.group': 'un groupe',
  'cli.user.show.help': "afficher tout ce qu'on sait d'un utilisateur",
  'cli.user.show.name': 'Nom',
  'cli.user.show.display-name': 'Affiché',
  'cli.user.show.key': 'Clé',
  'cli.user.show.state': 'État',
  'cli.user.show.usable': 'activé',
  'cli.user.show.groups': 'Groupes',
  'cli.user.show.groups-unknown': "peut-être d'autres : l'annuaire ne les a pas tous donnés",
  'cli.user.show.two-factors': 'Deux facteurs',
  'cli.user.show.enrolled': 'Enregistré',
  'cli.user.show.app': '{{label}}, depuis {{since}}',
  'cli.user.show.sms': 'SMS au {{to}}',
  'cli.user.show.email': 'e-mail à {{to}}',
  'cli.user.show.since': 'depuis {{since}}',
  'cli.user.show.not-proven': 'pas encore enregistré',
  'cli.user.show.set': 'défini par un administrateur',
  'cli.user.show.bypass': "Code de l'assistance",
  'cli.user.show.bypass-out': "émis, valable jusqu'au {{until}}",
  'cli.user.show.ticket': 'le prochain enregistrement demande le ticket qui a été émis',
  'cli.user.show.nothing': 'rien',
  'cli.user.show.recovery': 'Codes de secours restants',
  'cli.user.show.locked': 'Verrouillé',
  'cli.user.show.not-locked': 'non',
  'cli.user.show.locked-codes': "codes de vérification, jusqu'à : {{until}}",
  'cli.user.show.locked-password': "mot de passe, jusqu'à : {{until}}",
  'cli.user.show.for-good': 'déverrouillage par un administrateur',
  'cli.user.show.sessions': 'Sessions',
  'cli.user.show.session': "{{methods}}, depuis {{since}}, jusqu'à {{until}}, {{address}}, {{browser}}",
  'cli.user.join.help': "mettre quelqu'un dans un groupe",
  'cli.user.join.create': "créer le groupe s'il n'existe pas",
  'cli.user.join.no-group': "Il n'y a pas de groupe nommé {{group}}. Ajoutez --create pour le créer.",
  'cli.user.join.created': 'Le groupe {{group}} a été créé.',
  'cli.user.join.done': '{{name}} est maintenant dans {{group}}.',
  'cli.user.leave.help': "retirer quelqu'un d'un groupe",
  'cli.user.leave.no-member': "{{name}} n'est dans aucun groupe nommé {{group}}.",
  'cli.user.leave.done': "{{name}} n'est plus dans {{group}}.",
  'cli.user.disable.help': 'désactiver un compte et fermer ses sessions ; tout le reste est gardé',
  'cli.user.disable.done': '{{name}} est désactivé, toutes ses sessions sont fermées.',
  'cli.user.enable.help': 'réactiver un compte désactivé',
  'cli.user.enable.done': '{{name}} est activé.',
  'cli.user.unlock.help':
    'lever ce que des codes ou mots de passe faux ont verrouillé ; les seconds facteurs restent',
  'cli.user.unlock.done': '{{name}} est déverrouillé.',
  'cli.user.unlock.nothing': "Rien n'était compté contre {{name}}.",
  'cli.user.ticket.help':
    "afficher un ticket à usage unique pour l'enregistrement de quelqu'un qui n'a encore rien enregistré",
  'cli.user.ticket.enrolled':
    '{{name}} a déjà enregistré un second facteur. « sallyport user reset --ticket » les supprime tous et affiche un ticket.',
  'cli.user.bypass.help': 'afficher un code qui remplace une fois le second facteur, ou le retirer',
  'cli.user.bypass.for': 'sa durée : de 5m à 24h, par exemple 30m ou 1h30m (par défaut : 1h)',
  'cli.user.bypass.reason': "pourquoi ; le motif est conservé dans le journal d'audit",
  'cli.user.bypass.withdraw': 'rendre inutilisable le dernier code affiché',
  'cli.user.bypass.no-time':
    "« {{time}} » n'est pas une durée entre 5m et 24h. Écrivez par exemple 30m, 2h ou 1h30m.",
  'cli.user.bypass.no-reason':
    'Dites pourquoi, en 200 caractères au plus : --reason "téléphone oublié à la maison".',
  'cli.user.bypass.withdraw-alone': '--withdraw ne va ni avec --for ni avec --reason.',
  'cli.user.bypass.done':
    "Lisez-le à son utilisateur une fois certain de son identité. Il sert une seule fois, jusqu'au {{until}}, et ne s'affiche que maintenant.",
  'cli.user.bypass.withdrawn': 'Le code de {{name}} est retiré.',
  'cli.user.bypass.nothing': "{{name}} n'a aucun code utilisable.",

  'cli.rule.required': '{{name}} a besoin de deux facteurs : {{reason}}.',
  'cli.rule.not-required': '{{name}} se connecte avec le seul mot de passe : {{reason}}.',
  'cli.rule.administrator': "c'est toujours le cas des administrateurs",
  'cli.rule.user': 'cette personne est sur la liste',
  'cli.rule.group': "l'un de ses groupes est sur la liste",
  'cli.rule.everyone': 'tout le monde est sur la liste',
  'cli.rule.groups-unknown': 'on ne sait pas dans quels groupes elle est',
  'cli.rule.switched-off': 'les deux facteurs sont désactivés pour tout le monde',
  'cli.rule.exempt': "une exemption s'applique, et elle l'emporte",
  'cli.rule.not-listed': "ni cette personne ni l'un de ses groupes n'est sur la liste",

  'cli.enabled.help': 'à qui deux facteurs sont demandés, et qui en est exempté',
  'cli.enabled.who': '« everyone » (tout le monde), « user » ou « group »',
  'cli.enabled.name': "le nom de l'utilisateur ou du groupe",
  'cli.enabled.subject': "Dites de qui il s'agit : everyone, user NOM, ou group NOM.",
  'cli.enabled.no-group':
    "Il n'y a pas de groupe nommé {{group}}. Un groupe local se crée avec son premier membre : sallyport user join NOM GROUPE --create",
  'cli.enabled.everyone': 'tout le monde',
  'cli.enabled.user': '{{name}}',
  'cli.enabled.group': 'le groupe {{name}}',
  'cli.enabled.no-effect': "Cela ne change rien pour l'instant. {{state}}",
  'cli.enabled.everyone-stays':
    "Cela ne change rien pour l'instant, car tout le monde est sur la liste : {{subject}} aussi.",
  'cli.enabled.switched-off':
    'Les deux facteurs sont désactivés pour tous sauf les administrateurs. La liste comptera de nouveau après « sallyport settings set enabled on ».',
  'cli.enabled.list.help': 'afficher la liste',
  'cli.enabled.list.none':
    'La liste est vide : chacun, sauf les administrateurs, se connecte avec le seul mot de passe.',
  'cli.enabled.list.beginning': 'seulement utilisateurs et groupes dont un mot commence ainsi',
  'cli.enabled.list.removed': 'ce qui a quitté la liste depuis sept jours et peut y revenir',
  'cli.enabled.list.none-removed': "Rien n'a quitté la liste depuis sept jours.",
  'cli.enabled.list.undo-until': "RÉVERSIBLE JUSQU'À",
  'cli.enabled.list.who': 'QUI',
  'cli.enabled.list.name': 'NOM',
  'cli.enabled.list.state': 'ÉTAT',
  'cli.enabled.list.since': 'DEPUIS',
  'cli.enabled.list.until': "JUSQU'À",
  'cli.enabled.list.method': 'MÉTHODE',
  'cli.enabled.list.reason': 'MOTIF',
  'cli.enabled.list.enabled': 'activé',
  'cli.enabled.list.exempt': 'exempté',
  'cli.enabled.list.exemption-over': "activé, l'exemption est terminée",
  'cli.enabled.add.help':
    'demander deux facteurs à un utilisateur, à un groupe ou à tout le monde ; met fin à son exemption',
  'cli.enabled.add.method':
    'la méthode à proposer en premier : app, sms ou email ; « default » retire celle qui leur est propre',
  'cli.enabled.add.phone':
    "le numéro où vont les codes d'un utilisateur, au format international ; il ne peut pas en choisir un autre. Vide : le retirer",
  'cli.enabled.add.email':
    "l'adresse où vont les codes d'un utilisateur, au lieu de celle de son compte ; vide : la retirer",
  'cli.enabled.add.not-for-groups':
    'Un numéro ou une adresse est pour un seul utilisateur : enabled add user NOM.',
  'cli.enabled.add.method-off':
    "Le réglage « methods » ne nomme pas {{method}} : personne ne peut l'enregistrer d'ici là.",
  'cli.enabled.add.no-sender':
    "Il n'y a pas encore d'expéditeur pour {{method}} : personne ne peut l'enregistrer d'ici là. Voir : sallyport {{method}}s",
  'cli.enabled.add.unknown-method':
    "Il n'y a pas de méthode {{method}}. Il y a app, sms et email, et « default » pour aucune qui leur soit propre.",
  'cli.enabled.add.done': 'Désormais sur la liste : {{subject}}.',
  'cli.enabled.exempt.help':
    "dispenser un utilisateur ou un groupe du second facteur jusqu'à une date ; l'emporte sur toute autre entrée",
  'cli.enabled.exempt.who': '« user » ou « group »',
  'cli.enabled.exempt.reason': "le motif, pour la liste et le journal d'audit",
  'cli.enabled.exempt.until': 'le dernier jour (2026-12-31), ou une heure (2026-12-31T18:00)',
  'cli.enabled.exempt.everyone':
    'On ne peut pas exempter tout le monde. « sallyport enabled remove everyone » retire tout le monde de la liste.',
  'cli.enabled.exempt.no-date':
    "{{date}} n'est pas une date à venir. Écrivez-la 2026-12-31, ou 2026-12-31T18:00.",
  'cli.enabled.exempt.no-reason': 'Donnez un motif, de 200 caractères au plus.',
  'cli.enabled.exempt.done': "Exemption jusqu'au {{until}} : {{subject}}.",
  'cli.enabled.remove.help': 'retirer de la liste un utilisateur, un groupe ou tout le monde',
  'cli.enabled.remove.yes': 'ne rien demander pour dix utilisateurs ou moins',
  'cli.enabled.remove.loss_one':
    '{{count}} utilisateur perd ce qui est enregistré, et toutes ses sessions : {{names}}.',
  'cli.enabled.remove.loss_other':
    "{{count}} utilisateurs perdent ce qu'ils ont enregistré, et toutes leurs sessions : {{names}}.",
  'cli.enabled.remove.confirm': 'Tapez « {{word}} » pour continuer :',
  'cli.enabled.remove.not-listed': 'Pas sur la liste : {{subject}}.',
  'cli.enabled.remove.done': 'Retiré de la liste : {{subject}}.',
  'cli.enabled.remove.undo':
    'Pendant sept jours, « sallyport enabled undo {{words}} » rétablit tout, sauf les sessions.',
  'cli.enabled.undo.help': 'annuler un retrait des sept derniers jours, avec ce qui était enregistré',
  'cli.enabled.undo.nothing': "Il n'y a aucun retrait des sept derniers jours à annuler : {{subject}}.",
  'cli.enabled.undo.done_one':
    'De nouveau sur la liste : {{subject}}. {{count}} utilisateur a retrouvé ce qui était enregistré.',
  'cli.enabled.undo.done_other':
    "De nouveau sur la liste : {{subject}}. {{count}} utilisateurs ont retrouvé ce qu'ils avaient enregistré.",

  'cli.settings.help': 'les réglages en cours de fonctionnement',
  'cli.settings.key': 'CLÉ',
  'cli.settings.value': 'VALEUR',
  'cli.settings.unit': 'UNITÉ',
  'cli.settings.range': 'ADMIS',
  'cli.settings.get.help': "afficher tous les réglages, ou la valeur d'un seul",
  'cli.settings.unreadable':
    "La valeur enregistrée de {{key}} est illisible ; la plus stricte s'applique : {{value}}",
  'cli.settings.set.help': "modifier un réglage ; en vigueur en moins d'une seconde",
  'cli.settings.set.default': 'revenir à la valeur par défaut',
  'cli.settings.set.value-or-default': 'Donnez une valeur, ou --default.',
  'cli.settings.set.done': '{{key}} vaut maintenant {{value}}',

  'cli.keys.help': 'la clé principale et les clés de signature',
  'cli.keys.rotate.help':
    'créer de nouvelles clés pendant que la passerelle fonctionne ; les deux sortes sauf indication contraire',
  'cli.keys.rotate.master': 'seulement la clé principale, qui scelle les secrets enregistrés',
  'cli.keys.rotate.signing': 'seulement les clés qui signent les jetons',
  'cli.keys.rotate.at-once': 'annuler tout ce que les anciennes clés ont signé : chacun doit se reconnecter',
  'cli.keys.rotate.signing-done':
    "De nouvelles clés signent désormais ; ce que les anciennes ont signé reste valable jusqu'à son terme.",
  'cli.keys.rotate.signing-at-once': 'De nouvelles clés signent désormais ; chacun doit se reconnecter.',
  'cli.keys.rotate.working': 'Tout est scellé sous une nouvelle clé principale …',
  'cli.keys.rotate.master-done_one': '{{count}} document a été scellé à nouveau.',
  'cli.keys.rotate.master-done_other': '{{count}} documents ont été scellés à nouveau.',
  'cli.keys.rotate.unreadable_one':
    "{{count}} document a une valeur scellée qu'aucune clé n'ouvre. Les anciennes clés ont été gardées.",
  'cli.keys.rotate.unreadable_other':
    "{{count}} documents ont une valeur scellée qu'aucune clé n'ouvre. Les anciennes clés ont été gardées.",
  'cli.keys.rotate.by-hand':
    'Tout est scellé sous la première clé de {{place}}. Retirez-en les autres, et redémarrez la passerelle.',
  'cli.keys.rotate.copy':
    "La nouvelle clé principale est dans {{path}}. Gardez-en une copie ; les sauvegardes antérieures ont encore besoin de l'ancienne.",

  'cli.backup.help': 'écrire une copie cohérente des données, pendant que la passerelle fonctionne',
  'cli.backup.file': 'le fichier de la sauvegarde',
  'cli.backup.exists': '{{file}} existe déjà. Choisissez un autre fichier.',
  'cli.backup.done': 'Les données ont été copiées dans {{file}} ({{kilobytes}} Ko).',
  'cli.backup.key':
    "La clé principale n'y est pas : {{place}}. Sans elle, personne ne peut utiliser la sauvegarde, vous non plus.",

  'cli.restore.help': 'mettre une sauvegarde à la place des données ; la passerelle doit être arrêtée',
  'cli.restore.check':
    "dire seulement si la sauvegarde est entière et si la clé principale l'ouvre ; ne rien modifier",
  'cli.restore.yes': 'ne pas demander',
  'cli.restore.installation': 'Installation {{id}}, créée le {{created}}',
  'cli.restore.content':
    "Utilisateurs locaux : {{users}}. Utilisateurs avec un second facteur : {{factors}}. Entrées d'audit : {{entries}}. Valeurs scellées : {{sealed}}.",
  'cli.restore.usable': "La sauvegarde est entière, et la clé principale l'ouvre.",
  'cli.restore.unusable': "La sauvegarde n'est pas utilisable. {{reasons}}",
  'cli.restore.damaged': 'Elle est endommagée : {{details}}.',
  'cli.restore.too-new':
    "Un Sallyport plus récent l'a écrite (format {{found}} ; celui-ci connaît {{known}}).",
  'cli.restore.no-installation': 'Elle ne contient aucune installation.',
  'cli.restore.wrong-key':
    "La clé principale d'ici n'est pas celle qu'il lui faut : celle du site où elle a été faite.",
  'cli.restore.unreadable_one': "{{count}} valeur scellée ne s'ouvre pas.",
  'cli.restore.unreadable_other': "{{count}} valeurs scellées ne s'ouvrent pas.",
  'cli.restore.word': 'oui',
  'cli.restore.confirm':
    'Les données de {{path}} seront remplacées. Ce qui a changé depuis la sauvegarde sera perdu : comptes, enregistrements, réinitialisations. Tapez « {{word}} » pour continuer :',
  'cli.restore.unconfirmed': "Il y a des données, et personne n'est là pour répondre. Utilisez --yes.",
  'cli.restore.not-confirmed': "Rien n'a été modifié.",
  'cli.restore.done': 'La sauvegarde est en place. Chacun doit se reconnecter.',
  'cli.restore.previous': 'Les données précédentes sont gardées : {{path}}',
} as const satisfies Translation<typeof english>;
