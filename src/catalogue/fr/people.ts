/** Voir en/people.ts. */
export const people = {
  'people.import.no-heading':
    'Le fichier est vide. Sa première ligne nomme les colonnes : directory, user, method, phone, email, secret, digits, issuer.',
  'people.import.not-utf-8':
    "Le fichier n'est pas en UTF-8 : des lettres comme é sont illisibles. Enregistrez-le en « CSV UTF-8 ».",
  'people.import.unknown-column':
    "Il n'y a pas de colonne « {{value}} ». Utilisez directory, user, method, phone, email, secret, digits, issuer.",
  'people.import.repeated-column': "La colonne « {{value}} » figure deux fois. N'en gardez qu'une.",
  'people.import.no-user-column':
    "Aucune colonne ne s'appelle « user ». Nommez les colonnes sur la première ligne, dont « user ».",
  'people.import.unclosed-quote':
    "Un guillemet s'ouvre ici et rien ne le ferme. Fermez-le, ou doublez-le là où il fait partie du texte.",
  'people.import.text-after-quote':
    "Du texte suit un guillemet fermant. Doublez les guillemets à l'intérieur d'une cellule.",
  'people.import.too-many-fields':
    "La ligne a plus de cellules que l'en-tête. Mettez entre guillemets les cellules qui contiennent le séparateur.",
  'people.import.too-many-lines': 'Plus de {{value}} lignes. Divisez le fichier.',
  'people.import.empty-user': "Aucun utilisateur n'est nommé. Indiquez son nom de connexion.",
  'people.import.unknown-directory':
    "Il n'y a pas d'annuaire « {{value}} ». Utilisez son nom dans la configuration.",
  'people.import.unknown-user':
    "Personne ne s'appelle « {{value}} ». Vérifiez l'orthographe, ou indiquez l'annuaire dans sa colonne.",
  'people.import.repeated-user': '« {{value}} » figure déjà plus haut. Gardez une seule ligne.',
  'people.import.unknown-method': "« {{value}} » n'est pas une méthode. Utilisez app, sms, email ou default.",
  'people.import.invalid-phone-number':
    "« {{value}} » n'est pas un numéro de téléphone. Écrivez-le au format international, comme +33123456789.",
  'people.import.invalid-address': "« {{value}} » n'est pas une adresse e-mail.",
  'people.import.invalid-secret': "La clé n'est pas en Base32 : seuls A à Z et 2 à 7 y ont leur place.",
  'people.import.short-secret': 'La clé est trop courte : il faut au moins 16 caractères.',
  'people.import.invalid-digits': "« {{value}} » n'est pas un nombre de chiffres. Utilisez 4 à 12.",
  'people.import.invalid-issuer': "L'émetteur compte 1 à 64 caractères, sans deux-points.",
  'people.import.secret-needed':
    "Le nombre de chiffres et l'émetteur vont avec une clé. Remplissez « secret », ou laissez vide.",
  'people.import.already-enrolled':
    "L'utilisateur a déjà enrôlé autre chose. Réinitialisez-le d'abord, ou laissez « secret » vide.",
  'people.import.exempt': "« {{value}} » est exempté. Mettez d'abord fin à l'exemption.",
  'people.import.not-allowed': '« {{value}} » est administrateur. Seul un propriétaire peut changer cela.',
  'people.import.directory-unavailable': "L'annuaire de « {{value}} » ne répond pas. Réessayez plus tard.",

  'people.warning.group-still-listed': 'Sans effet pour {{names}} : le groupe {{detail}} est dans la liste.',
  'people.warning.everyone-still-listed': 'Sans effet pour {{names}} : Tout le monde est dans la liste.',
  'people.warning.administrator':
    "Sans effet pour {{names}} : les administrateurs ont toujours besoin d'un second facteur.",
  'people.warning.exempt': "Sans effet pour {{names}} : {{detail}} est exempté, et cela l'emporte.",
  'people.warning.switched-off':
    "L'authentification à deux facteurs est désactivée : elle n'est demandée qu'aux administrateurs.",
  'people.warning.not-enrolled': "Rien à perdre pour {{names}} : rien n'est enrôlé.",
  'people.warning.groups-unknown':
    'Les groupes de {{names}} ne sont pas entièrement connus ; ils comptent donc comme activés et ne perdent rien.',
  'people.warning.directory-unavailable':
    "L'annuaire de {{names}} ne répond pas ; on ne peut donc pas tout dire de ce qui se passera.",
  'people.warning.gone': "L'annuaire ne connaît plus {{names}}.",
  'people.warning.method-off':
    'Le réglage Méthodes ne comprend pas {{detail}}, que {{names}} devrait utiliser.',
  'people.warning.no-sender':
    "Il n'y a pas encore d'expéditeur pour {{detail}}, que {{names}} devrait utiliser.",
  'people.warning.no-destination':
    "Aucun numéro ni adresse connus de {{names}} pour {{detail}} ; ils seront demandés à l'enrôlement.",
} as const;
