import type { cliUser as english } from '../en/cli-user.ts';
import type { Translation } from '../language.ts';

/** Ce que dit encore `sallyport user`. */
export const cliUser = {
  'cli.user.list.all':
    'lister les comptes locaux, et les utilisateurs des autres annuaires déjà connectés ou inscrits',
  'cli.user.list.directory': 'seulement ceux de cet annuaire',
  'cli.user.list.which': "seulement ceux d'un état : {{states}}",
  'cli.user.list.no-state': "L'état {{state}} n'existe pas. Choisissez parmi : {{states}}.",
  'cli.user.list.last-sign-in': 'DERNIÈRE CONNEXION',
  'cli.user.show.last-sign-in': 'Dernière connexion',
  'cli.user.show.never': 'aucune connue',
  'cli.user.find.help': "trouver des utilisateurs de tous les annuaires par le début d'un nom",
  'cli.user.find.beginning': "le début d'un nom",
  'cli.user.find.groups': 'trouver des groupes à la place',
  'cli.user.find.unavailable': "Tous n'ont pas été interrogés : {{names}} ne répond pas.",
  'cli.user.dry-run': 'dire ce qui se passerait, sans rien changer',
  'cli.user.loss_one': '{{count}} utilisateur perd {{what}}.',
  'cli.user.loss_other': '{{count}} utilisateurs perdent {{what}}.',
  'cli.user.loss.factors_one': '{{count}} application, numéro ou adresse enrôlés',
  'cli.user.loss.factors_other': '{{count}} applications, numéros et adresses enrôlés',
  'cli.user.loss.recovery_one': '{{count}} code de secours',
  'cli.user.loss.recovery_other': '{{count}} codes de secours',
  'cli.user.loss.sessions_one': '{{count}} session',
  'cli.user.loss.sessions_other': '{{count}} sessions',
  'cli.user.set.name': 'un autre nom de connexion',
  'cli.user.password.help': "définir le mot de passe d'un compte local ; ses sessions prennent fin",
  'cli.user.password.done': 'Le mot de passe de {{name}} est défini.',
  'cli.user.forget-devices.help': "oublier les navigateurs auxquels quelqu'un est reconnu",
  'cli.user.forget-devices.done': 'Les navigateurs de {{name}} sont oubliés.',
  'cli.user.import.help': "inscrire dans la liste les utilisateurs d'un fichier CSV, tous ou personne",
  'cli.user.import.file':
    'CSV dont la première ligne nomme les colonnes : directory, user, method, phone, email, secret, digits, issuer',
  'cli.user.import.line': 'Ligne {{line}} : {{words}}',
  'cli.user.import.cell': 'Ligne {{line}}, {{column}} : {{words}}',
  'cli.user.import.would':
    '{{added}} seraient ajoutés et {{changed}} modifiés, {{same}} restent inchangés ; {{secrets}} clés seraient reprises.',
  'cli.user.import.done':
    '{{added}} ont été ajoutés et {{changed}} modifiés, {{same}} sont inchangés ; {{secrets}} clés ont été reprises.',
  'cli.user.import.nothing_one': "Rien n'a été changé : un point du fichier est d'abord à corriger.",
  'cli.user.import.nothing_other':
    "Rien n'a été changé : {{count}} points du fichier sont d'abord à corriger.",
  'cli.user.import.stopped':
    "L'import s'est arrêté après la ligne {{line}} ; ce qui précède est fait. Importez le même fichier pour le reste.",
  'cli.user.import.too-large': '{{file}} dépasse 8 Mo. Divisez-le.',
  'cli.user.export.help':
    'afficher tous ceux que connaît `user list`, sans secrets ; numéros et adresses sont complets',
  'cli.user.export.format': "csv (si rien d'autre n'est dit) ou json",
  'cli.user.export.output': 'un nouveau fichier, que vous seul pouvez lire',
  'cli.user.export.no-format': "Le format {{format}} n'existe pas. Prenez csv ou json.",
  'cli.user.export.done_one': '{{count}} utilisateur a été écrit dans {{file}}.',
  'cli.user.export.done_other': '{{count}} utilisateurs ont été écrits dans {{file}}.',
} as const satisfies Translation<typeof english>;
