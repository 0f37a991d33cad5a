import type { notices as english } from '../en/notices.ts';
import type { Translation } from '../language.ts';

export const notices = {
  'notices.factor-added.subject': 'Un moyen de vérification a été ajouté à votre compte',
  'notices.factor-added.text':
    '{{method}} : ce moyen de vérification a été ajouté à votre compte {{name}}. Il sert désormais à vous connecter.',
  'notices.factor-removed.subject': 'Un moyen de vérification a été supprimé de votre compte',
  'notices.factor-removed.text':
    '{{method}} : ce moyen de vérification a été supprimé de votre compte {{name}}. Il ne sert plus.',
  'notices.recovery-renewed.subject': 'De nouveaux codes de secours ont été créés',
  'notices.recovery-renewed.text':
    'De nouveaux codes de secours ont été créés pour votre compte {{name}}. Les précédents ne valent plus rien.',
  'notices.recovery-used.subject': 'Un code de secours a été utilisé',
  'notices.recovery-used.text':
    "Un code de secours de votre compte {{name}} a servi à la vérification. Il ne vaut plus rien. S'il vous en reste peu, créez-en d'autres sur la page de votre compte.",
  'notices.bypass-issued.subject': "L'assistance a créé un code pour votre compte",
  'notices.bypass-issued.text':
    "L'assistance a créé un code à usage unique qui peut remplacer votre code de vérification. Il est pour votre compte {{name}} et valable jusqu'au {{until}}.",
  'notices.bypass-used.subject': "Un code de l'assistance a été utilisé",
  'notices.bypass-used.text':
    "Un code de l'assistance a servi à la vérification pour {{name}}. Il ne vaut plus rien.",
  'notices.password-changed.subject': 'Votre mot de passe a été modifié',
  'notices.password-changed.text': 'Le mot de passe de votre compte {{name}} a été modifié.',
  'notices.reset.subject': 'Vos moyens de vérification ont été réinitialisés',
  'notices.reset.text':
    "Un administrateur a réinitialisé votre compte {{name}} : applications d'authentification, numéros de téléphone et codes de secours sont effacés, et toutes les sessions sont terminées. Vous en configurerez un nouveau à votre prochaine connexion.",
  'notices.new-device.subject': 'Connexion depuis un nouvel appareil',
  'notices.new-device.text':
    "Quelqu'un s'est connecté en tant que {{name}}, avec votre mot de passe et une vérification, dans un navigateur inconnu jusqu'ici.",
  'notices.password-known.subject': "Quelqu'un connaît peut-être votre mot de passe",
  'notices.password-known.text':
    "Quelqu'un a saisi le bon mot de passe de votre compte {{name}}, puis cinq codes de vérification faux. L'accès lui a été refusé.",
  'notices.user-password-known.subject': "Quelqu'un connaît peut-être le mot de passe de {{name}}",
  'notices.user-password-known.text':
    "Quelqu'un a saisi le bon mot de passe de {{name}}, puis cinq codes de vérification faux. L'accès lui a été refusé. Demandez à {{name}} si c'était bien cette personne ; sinon, donnez-lui un autre mot de passe.",

  'notices.method.app': "Application d'authentification",
  'notices.method.sms': 'Numéro de téléphone',
  'notices.method.email': 'Adresse électronique',
  'notices.method.other': 'Moyen de vérification',

  'notices.when': 'Quand : {{when}}',
  'notices.where': 'Depuis : {{address}}',
  'notices.where-browser': 'Depuis : {{address}}, {{browser}}',
  'notices.browser': '{{browser}} sous {{system}}',
  'notices.yours': "Si c'était vous, il n'y a rien à faire.",
  'notices.not-yours':
    "Si ce n'était pas vous, changez tout de suite votre mot de passe et prévenez votre assistance.",
  'notices.not-asked': "Si vous ne l'avez pas demandé, prévenez tout de suite votre assistance.",
  'notices.change-password':
    "Si ce n'était pas vous, changez votre mot de passe maintenant : seule la vérification a encore fait obstacle.",
  'notices.account': 'Votre compte : {{url}}',
  'notices.helpdesk': 'Assistance : {{helpdesk}}',
  'notices.footer': "Ce message a été envoyé automatiquement par {{site}}. Il n'appelle pas de réponse.",
} as const satisfies Translation<typeof english>;
