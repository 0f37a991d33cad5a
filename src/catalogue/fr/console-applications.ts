import type { consoleApplications as english } from '../en/console-applications.ts';
import type { Translation } from '../language.ts';

export const consoleApplications = {
  'console.applications.title': 'Applications',
  'console.applications.purpose':
    "Ce qui se trouve derrière les deux portes, sur quels serveurs et pour qui ; et les annuaires d'où viennent les utilisateurs.",
  'console.applications.views': 'À afficher',
  'console.applications.tab.applications': 'Applications',
  'console.applications.tab.directories': 'Annuaires',
  'console.applications.caption': 'Applications',
  'console.applications.name': 'Nom',
  'console.applications.address': 'Adresse',
  'console.applications.for': 'Pour qui',
  'console.applications.for.all': 'Tout utilisateur vérifié',
  'console.applications.for.some': 'Seulement ceux nommés ci-dessous',
  'console.applications.for.nobody': 'Personne',
  'console.applications.servers': 'Serveurs',
  'console.applications.servers-up_one': '{{up}} sur {{count}} en service',
  'console.applications.servers-up_other': '{{up}} sur {{count}} en service',
  'console.applications.tunnels': 'Sessions à distance',
  'console.applications.source': 'Conservé dans',
  'console.applications.source.file': 'Fichier de configuration',
  'console.applications.source.store': 'Base',
  'console.applications.not-in-force': 'Sans effet',
  'console.applications.not-in-force-text':
    "Ceci est sans effet : le fichier de configuration contient le même nom ou la même adresse, et c'est lui qui l'emporte.",
  'console.applications.none': 'Aucune application pour le moment',
  'console.applications.none-text':
    "Ajoutez la première : un nom, un chemin et l'adresse d'un serveur. Les utilisateurs la voient aussitôt.",
  'console.applications.more': 'Autres réglages',
  'console.applications.edit': 'Réglages',
  'console.applications.refused': "Ceci n'est pas accepté. La raison figure plus bas.",
  'console.applications.kept': 'Conservé. Laissez vide pour le garder.',
  'console.applications.show-password': 'Afficher le mot de passe',
  'console.applications.save': 'Enregistrer',
  'console.applications.test': 'Tester la connexion',
  'console.applications.remove': 'Supprimer',

  'console.applications.health-and-load': 'Santé et charge',
  'console.applications.state.up': 'En service',
  'console.applications.state.down': 'En panne',
  'console.applications.state.draining': 'En vidange',
  'console.applications.load': 'Sessions à distance : {{tunnels}} · requêtes en cours : {{exchanges}}',
  'console.applications.drained-since': 'Ne prend plus personne depuis {{since}}.',
  'console.applications.drained-by-file': 'Ne prend plus personne, comme le dit la configuration.',
  'console.applications.drain': 'Vider',
  'console.applications.drain-of': 'Vider {{server}}',
  'console.applications.resume': 'Reprendre',
  'console.applications.resume-of': 'Reprendre {{server}}',
  'console.applications.ask-drain': 'Vider {{server}} ?',
  'console.applications.ask-drain-text':
    "Il ne prend plus de nouveaux utilisateurs ni de nouvelles sessions à distance, sur tous les réplicas, jusqu'à ce que vous le repreniez. Les sessions ouvertes restent ouvertes.",
  'console.applications.drained': '{{server}} ne prend plus personne.',
  'console.applications.resumed': '{{server}} reprend de nouveaux utilisateurs.',

  'console.applications.own.title': 'La ramener vers la passerelle ?',
  'console.applications.own.text':
    '{{server}} est la passerelle elle-même ({{listener}}). Les utilisateurs de cette application atteindraient ce qui est destiné aux exploitants, ou tourneraient en rond.',
  'console.applications.own.action': "C'est voulu",

  'console.applications.application.add': 'Ajouter une application',
  'console.applications.application.new': 'Nouvelle application',
  'console.applications.application.added': '{{name}} est ajoutée et en vigueur.',
  'console.applications.application.saved': '{{name}} est enregistrée et en vigueur.',
  'console.applications.application.removed': '{{name}} est supprimée.',
  'console.applications.application.ask-remove': 'Supprimer {{name}} ?',
  'console.applications.application.ask-remove-text':
    "Ses sessions à distance se ferment maintenant et personne ne peut plus l'ouvrir. Ses réglages sont perdus.",
  'console.applications.application.of-file':
    'Cette application figure dans le fichier de configuration : modifiez-la là-bas, puis rechargez. Ses serveurs peuvent être vidés ici.',
  'console.applications.application.name': 'Nom court',
  'console.applications.application.name-hint':
    "Minuscules, chiffres et traits d'union. Il ne change jamais : il figure dans le journal d'audit et les mesures.",
  'console.applications.application.title': 'Son nom pour les utilisateurs',
  'console.applications.application.title-hint': 'Sur les pages et dans le lanceur. Vide : le nom court.',
  'console.applications.application.path': 'Chemin',
  'console.applications.application.path-hint':
    "Tout ce qui s'y trouve et en dessous va à cette application, par exemple /desktops. Le chemin le plus long l'emporte.",
  'console.applications.application.host': 'Hôte propre',
  'console.applications.application.host-hint':
    "Par exemple desktops.example.com, sans schéma ni port. Vide : l'hôte du portail.",
  'console.applications.application.servers': 'Serveurs',
  'console.applications.application.servers-hint':
    "Une adresse par ligne, par exemple http://10.0.0.11:8080. Un nombre à la suite est sa part d'utilisateurs : 2 en reçoit deux fois plus.",
  'console.applications.application.verify': 'Vérifier les certificats de ses serveurs',
  'console.applications.application.verify-hint':
    'Sinon, on se fie à quiconque répond : seulement sur un réseau de confiance.',
  'console.applications.application.ca': 'Autorités de confiance',
  'console.applications.application.ca-hint':
    'Certificats au format PEM. Vide : les autorités publiques habituelles.',
  'console.applications.application.serverName': 'Nom dans les certificats',
  'console.applications.application.serverName-hint': "Lorsque ce n'est pas l'hôte de l'adresse.",
  'console.applications.application.for': 'Pour qui',
  'console.applications.application.for-hint':
    "Qui la perd ici perd ses sessions à distance ouvertes en moins d'une seconde.",
  'console.applications.application.users': 'Utilisateurs',
  'console.applications.application.users-hint':
    'Un nom par ligne ; annuaire:nom ne désigne que cet annuaire.',
  'console.applications.application.groups': 'Groupes',
  'console.applications.application.groups-hint':
    'Un nom par ligne ; annuaire:nom ne désigne que cet annuaire.',
  'console.applications.application.subscriptions': 'Abonnements',
  'console.applications.application.subscriptions-hint':
    'Un par ligne. Limite à leurs utilisateurs ; seul, il les admet tous.',
  'console.applications.application.health': 'Contrôle de santé',
  'console.applications.application.health-hint':
    'Un chemin demandé à chaque serveur toutes les dix secondes, par exemple /health. Vide : seules les connexions manquées renseignent.',
  'console.applications.application.sessionPaths': 'Chemins qui ouvrent une session à distance',
  'console.applications.application.sessionPaths-hint':
    'Pour une application sans WebSocket : un par ligne, avec * à la fin pour tout ce qui commence ainsi.',
  'console.applications.application.signOutPaths': 'Chemins de déconnexion',
  'console.applications.application.signOutPaths-hint':
    'Requêtes qui terminent aussi la session 2FA : un par ligne.',
  'console.applications.application.idle': "Fermer en cas d'inactivité (secondes)",
  'console.applications.application.idle-hint': 'Vide : jamais.',
  'console.applications.application.maximum': 'Fermer au plus tard après (secondes)',
  'console.applications.application.maximum-hint': 'Vide : jamais.',
  'console.applications.application.identityHeaders': "Dire à ses serveurs qui est l'utilisateur",
  'console.applications.application.identityHeaders-hint':
    'Par X-Sallyport-User, X-Sallyport-Groups et une assertion signée.',

  'console.applications.directories.caption': 'Annuaires',
  'console.applications.directories.none': 'Aucun annuaire pour le moment',
  'console.applications.directories.none-text':
    'Ajoutez-en un pour que ses utilisateurs puissent se connecter.',
  'console.applications.kind': 'Genre',
  'console.applications.kind.local': 'Utilisateurs de la passerelle elle-même',
  'console.applications.kind.active-directory': 'Active Directory',
  'console.applications.kind.openldap': 'OpenLDAP',
  'console.applications.directory.add': 'Ajouter un annuaire',
  'console.applications.directory.new': 'Nouvel annuaire',
  'console.applications.directory.added': '{{name}} est ajouté et ses utilisateurs peuvent se connecter.',
  'console.applications.directory.saved': '{{name}} est enregistré et en vigueur.',
  'console.applications.directory.removed': '{{name}} est supprimé.',
  'console.applications.directory.ask-remove': 'Supprimer {{name}} ?',
  'console.applications.directory.ask-remove-text':
    "Aucun de ses utilisateurs ne peut plus se connecter et leurs sessions ouvertes se terminent maintenant. Ce qu'ils ont enrôlé reste, au cas où vous l'ajouteriez de nouveau sous ce nom.",
  'console.applications.directory.of-file':
    'Cet annuaire figure dans le fichier de configuration : modifiez-le là-bas, puis rechargez.',
  'console.applications.directory.name': 'Nom court',
  'console.applications.directory.name-hint':
    "Minuscules, chiffres et traits d'union. Il ne change jamais : il fait partie de la clé de chaque utilisateur.",
  'console.applications.directory.kind': 'Genre',
  'console.applications.directory.kind-hint': 'Un domaine Windows ou Samba, ou un annuaire qui suit les RFC.',
  'console.applications.directory.servers': 'Serveurs',
  'console.applications.directory.servers-hint':
    'Une adresse par ligne, par exemple ldaps://dc1.corp.example. Le premier qui répond est interrogé.',
  'console.applications.directory.startTls': 'Chiffrer ldap:// par StartTLS',
  'console.applications.directory.startTls-hint': 'Avant tout échange.',
  'console.applications.directory.allowPlain': 'Autoriser ldap:// sans chiffrement',
  'console.applications.directory.allowPlain-hint':
    'Chacun sur le trajet peut lire les mots de passe : pour un essai seulement, ou sur cette machine.',
  'console.applications.directory.baseDn': 'Où sont ses utilisateurs',
  'console.applications.directory.baseDn-hint': 'Un nom distinctif, par exemple DC=corp,DC=example.',
  'console.applications.directory.bindDn': 'Compte de la passerelle',
  'console.applications.directory.bindDn-hint':
    'Le nom distinctif avec lequel elle cherche les utilisateurs. Vide : anonyme.',
  'console.applications.directory.password': 'Mot de passe de ce compte',
  'console.applications.directory.password-hint':
    "Conservé chiffré et jamais affiché de nouveau. Redemandé lorsqu'il irait ailleurs.",
  'console.applications.directory.verify': 'Vérifier les certificats de ses serveurs',
  'console.applications.directory.verify-hint':
    'Sinon, on se fie à quiconque répond : seulement sur un réseau de confiance.',
  'console.applications.directory.ca': 'Autorités de confiance',
  'console.applications.directory.ca-hint':
    'Certificats au format PEM. Vide : les autorités publiques habituelles.',
  'console.applications.directory.serverName': 'Nom dans les certificats',
  'console.applications.directory.serverName-hint': "Lorsque ce n'est pas l'hôte de l'adresse.",
  'console.applications.directory.aliases': 'Autres noms',
  'console.applications.directory.aliases-hint':
    'Comme on les saisit dans CORP\\user et user@corp.example : un par ligne. Ceux du nom distinctif comptent déjà.',
  'console.applications.directory.groupBaseDn': 'Où sont ses groupes',
  'console.applications.directory.groupBaseDn-hint':
    'Vide : tout le domaine, avec OpenLDAP là où sont ses utilisateurs.',
  'console.applications.directory.userFilter': 'Seulement ceux qui correspondent à',
  'console.applications.directory.userFilter-hint':
    'Un filtre entre parenthèses, par exemple (memberOf=CN=Remote,DC=corp,DC=example).',
  'console.applications.directory.nameAttribute': 'Attribut du nom de connexion',
  'console.applications.directory.nameAttribute-hint': 'Vide : sAMAccountName, avec OpenLDAP uid.',
  'console.applications.directory.emailAttribute': "Attribut de l'adresse électronique",
  'console.applications.directory.emailAttribute-hint': 'Vide : mail.',
  'console.applications.directory.timeout': 'Temps de réponse (secondes)',
  'console.applications.directory.timeout-hint': '1 à 60 ; vide : 5.',
  'console.applications.directory.recheck': 'Vérifier de nouveau après (secondes)',
  'console.applications.directory.recheck-hint':
    'Qui y est supprimé ou désactivé perd ses sessions au plus tard après ce temps. 10 à 3 600 ; vide : 60.',
  'console.applications.directory.lockoutThreshold': 'Mots de passe erronés avant verrouillage',
  'console.applications.directory.lockoutThreshold-hint':
    "La passerelle s'arrête deux avant. Vide : lu dans le domaine. 0 : jamais.",

  'console.applications.findings': 'Résultat du test',
  'console.applications.finding.answered': 'A répondu {{status}} après {{milliseconds}} ms.',
  'console.applications.finding.failed': 'Inutilisable : {{reason}}.',
  'console.applications.finding.certificate-verified': 'Son certificat est vérifié.',
  'console.applications.finding.certificate-unchecked':
    "Son certificat n'est pas contrôlé, comme vous l'avez réglé.",
  'console.applications.finding.certificate-refused': "Son certificat n'inspire pas confiance.",
  'console.applications.finding.nothing': "Il n'y a rien à tester.",
  'console.applications.finding.ok': 'Fonctionne : {{subject}}',
  'console.applications.finding.not-ok': 'Ne fonctionne pas : {{subject}}',
  'console.applications.finding.untrusted':
    "Son certificat vient d'une autorité qui n'inspire pas confiance : collez-la sous Autorités de confiance.",
  'console.applications.finding.server': 'Serveur',
  'console.applications.finding.people': 'Utilisateurs',
  'console.applications.finding.groups': 'Groupes',
  'console.applications.finding.lockout': 'Verrouillage',
  'console.applications.finding.password-change': 'Changement de mot de passe',
  'console.applications.finding.alias': 'Autres noms',
} as const satisfies Translation<typeof english>;
