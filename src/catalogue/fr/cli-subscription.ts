import type { cliSubscription as english } from '../en/cli-subscription.ts';
import type { Translation } from '../language.ts';

/** Ce que dit `sallyport subscription`. */
export const cliSubscription = {
  'cli.subscription.help':
    "les abonnements d'un site à plusieurs clients : chacun avec ses utilisateurs et ses réglages",
  'cli.subscription.which': "l'identifiant ou le nom de l'abonnement",
  'cli.subscription.called': "le nom qu'on lui donne",
  'cli.subscription.id': 'identifiant',
  'cli.subscription.name': 'nom',
  'cli.subscription.created': 'créé',
  'cli.subscription.assignments': 'lui appartiennent',
  'cli.subscription.shares': 'utilise les expéditeurs de default pour',
  'cli.subscription.contents': 'contient',
  'cli.subscription.deleted': '{{name}} (supprimé : ses utilisateurs restent dehors)',
  'cli.subscription.contents.nothing': 'rien',
  'cli.subscription.contents.enrolled_one': '{{count}} utilisateur avec un second facteur',
  'cli.subscription.contents.enrolled_other': '{{count}} utilisateurs avec un second facteur',
  'cli.subscription.contents.sessions_one': '{{count}} session',
  'cli.subscription.contents.sessions_other': '{{count}} sessions',
  'cli.subscription.contents.entries_one': '{{count}} entrée de la liste des activés',
  'cli.subscription.contents.entries_other': '{{count}} entrées de la liste des activés',
  'cli.subscription.contents.administrators_one': '{{count}} administrateur',
  'cli.subscription.contents.administrators_other': '{{count}} administrateurs',
  'cli.subscription.contents.senders_one': '{{count}} expéditeur',
  'cli.subscription.contents.senders_other': '{{count}} expéditeurs',
  'cli.subscription.contents.assignments_one': '{{count}} annuaire, domaine, groupe ou hôte',
  'cli.subscription.contents.assignments_other': '{{count}} annuaires, domaines, groupes ou hôtes',
  'cli.subscription.list.help': 'les énumère, avec ce qui appartient à chacun',
  'cli.subscription.show.help': "en montre un, et ce qu'il contient",
  'cli.subscription.create.help':
    'en crée un : deux facteurs activés pour tous, et personne encore ne lui appartient',
  'cli.subscription.create.id':
    'son identifiant, 1 à 32 caractères parmi a-z, 0-9 et - ; sinon tiré du nom. Il ne change jamais',
  'cli.subscription.create.done':
    "{{name}} est créé avec l'identifiant {{id}}. Personne ne lui appartient encore : attribuez-lui un annuaire, un domaine ou un groupe.",
  'cli.subscription.create.applications':
    "Ces applications ne sont que pour les utilisateurs de default, tant que leur allow ne nomme pas d'autres abonnements : {{names}}.",
  'cli.subscription.rename.help': "donne un autre nom ; l'identifiant et tout le contenu restent",
  'cli.subscription.rename.done': "L'abonnement {{id}} s'appelle désormais {{name}}.",
  'cli.subscription.assign.help':
    'attribue un annuaire, un domaine, un groupe ou un hôte ; un groupe compte avant un domaine, et celui-ci avant un annuaire',
  'cli.subscription.assign.directory': 'tous ceux de cet annuaire',
  'cli.subscription.assign.domain':
    "tous ceux dont le nom finit par @ et ce domaine, ou dont l'annuaire est connu sous ce nom",
  'cli.subscription.assign.group': 'tous ceux de ce groupe',
  'cli.subscription.assign.host': "l'hôte d'une application : sa page de connexion n'est que pour eux",
  'cli.subscription.assign.from': "l'abonnement auquel on peut le retirer",
  'cli.subscription.assign.remove': "le retire : ceux que rien d'autre n'attribue appartiennent à default",
  'cli.subscription.assign.one':
    'Indiquez exactement une option parmi --directory, --domain, --group et --host.',
  'cli.subscription.assign.done': '{{what}} appartient désormais à {{name}}.',
  'cli.subscription.assign.removed': "{{what}} n'appartient plus à {{name}}.",
  'cli.subscription.assign.moved':
    "Ceux qui ont changé d'abonnement ont perdu leurs sessions, et configurent un second facteur à leur prochaine connexion.",
  'cli.subscription.share.help':
    "indique pour quoi un abonnement utilise les expéditeurs de default tant qu'il n'en a pas",
  'cli.subscription.share.senders': 'sms, email, ou none',
  'cli.subscription.share.which': 'Indiquez sms, email ou les deux ; ou none.',
  'cli.subscription.share.done':
    "{{name}} utilise les expéditeurs de default pour {{what}} tant qu'il n'en a pas.",
  'cli.subscription.share.none': "{{name}} n'utilise aucun expéditeur de default.",
  'cli.subscription.delete.help': 'en supprime un avec tout son contenu',
  'cli.subscription.delete.confirm': "son nom, pour le supprimer bien qu'il ne soit pas vide",
  'cli.subscription.delete.loss': 'Avec {{name}} disparaissent définitivement : {{what}}.',
  'cli.subscription.delete.ask': 'Saisissez {{name}} pour le supprimer :',
  'cli.subscription.delete.done': '{{name}} est supprimé.',
  'cli.subscription.delete.assignments':
    "Personne ne laisse entrer ses utilisateurs tant que vous n'avez pas attribué leurs annuaires, domaines et groupes à un autre abonnement.",
} as const satisfies Translation<typeof english>;
