import type { cli as english } from '../en/cli.ts';
import type { Translation } from '../language.ts';

export const cli = {
  'cli.description': 'Sallyport : une passerelle à deux portes devant chaque session à distance.',
  'cli.help.usage': 'Utilisation :',
  'cli.help.arguments': 'Arguments :',
  'cli.help.options': 'Options :',
  'cli.help.global-options': 'Partout :',
  'cli.help.commands': 'Commandes :',
  'cli.option.config':
    "le fichier de configuration ; sinon SALLYPORT_CONFIG, sinon sallyport.yaml s'il existe",
  'cli.option.version': 'afficher la version',
  'cli.option.help': 'afficher cette aide',
  'cli.option.json': 'afficher du JSON',
  'cli.option.confirm': 'confirmer plus de dix utilisateurs par leur nombre',

  'cli.usage.missing-argument': "Il manque l'argument <{{word}}>.",
  'cli.usage.missing-value': "L'option {{word}} attend une valeur.",
  'cli.usage.unknown-option': "Il n'y a pas d'option {{word}}.",
  'cli.usage.too-many': "C'est plus que cette commande n'attend.",
  'cli.usage.unknown-command': "Il n'y a pas de commande {{word}}.",
  'cli.usage.conflict': "L'option {{word}} ne va pas avec les autres.",
  'cli.usage.help': 'Ajoutez --help pour voir ce qui existe.',

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
  'cli.check.no-file':
    "Il n'y a pas de fichier, et il n'en faut pas : les valeurs par défaut et l'environnement conviennent.",

  'cli.reload.help': 'faire reprendre à la passerelle les applications et certificats modifiés',
  'cli.reload.done': 'La passerelle a repris la configuration.',
  'cli.reload.nobody': "Aucune passerelle n'a répondu. Fonctionne-t-elle, avec cette configuration ?",
  'cli.reload.refused': 'La passerelle a gardé sa configuration : {{reason}}',
  'cli.reload.restart': 'Ces réglages ont changé aussi et demandent un redémarrage : {{settings}}',

  'cli.admin.help': 'créer des propriétaires et les laisser rentrer',
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
  'cli.user.add.email': 'une adresse électronique',
  'cli.user.add.phone': 'un numéro de téléphone, au format international',
  'cli.user.add.group': "un groupe, créé s'il n'existe pas ; peut être répété",
  'cli.user.add.keep-password': "ne pas demander d'autre mot de passe à la première connexion",
  'cli.user.add.done': '{{name}} a été ajouté ({{key}}).',
  'cli.user.list.help': 'lister les comptes locaux',
  'cli.user.list.beginning': 'seulement ceux dont un mot commence ainsi',
  'cli.user.list.none': "Il n'y a personne.",
  'cli.user.list.name': 'NOM',
  'cli.user.list.display-name': 'AFFICHÉ',
  'cli.user.list.groups': 'GROUPES',
  'cli.user.list.two-factors': 'DEUX FACTEURS',
  'cli.user.list.state': 'ÉTAT',
  'cli.user.list.apps_one': 'oui, {{count}} application',
  'cli.user.list.apps_other': 'oui, {{count}} applications',
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
  'cli.restore.wrong-key': "La clé principale d'ici n'est pas celle qu'il lui faut.",
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
