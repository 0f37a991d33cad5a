import type { consoleTexts as english } from '../en/console.ts';
import type { Translation } from '../language.ts';

export const consoleTexts = {
  'console.title': 'Console',
  'console.skip': 'Aller à la page',
  'console.menu': 'Menu',
  'console.menu.close': 'Fermer le menu',
  'console.close': 'Fermer',
  'console.done': 'Terminé',
  'console.copy': 'Copier',
  'console.search': 'Rechercher',
  'console.subscription': 'Abonnement',
  'console.who': 'Connexion',
  'console.account': 'Votre compte',
  'console.sign-out': 'Se déconnecter',
  'console.role.owner': 'Propriétaire',
  'console.role.administrator': 'Administrateur',
  'console.role.helpdesk': 'Assistance',
  'console.role.auditor': 'Auditeur',

  'console.nav': 'Console',
  'console.nav.home': 'Accueil',
  'console.nav.users': 'Utilisateurs',
  'console.nav.sessions': 'Sessions',
  'console.nav.applications': 'Applications',
  'console.nav.messages': 'Messages',
  'console.nav.settings': 'Paramètres',
  'console.nav.branding': 'Apparence',
  'console.nav.alerts': 'Alertes',
  'console.nav.rdp-whitelist': 'Liste blanche RDP',
  'console.nav.audit': 'Audit',
  'console.nav.administrators': 'Administrateurs',
  'console.nav.licence': 'Licence',
  'console.nav.subscriptions': 'Abonnements',

  'console.switched-off':
    "L'authentification à deux facteurs est désactivée : un mot de passe suffit à tout le monde.",
  'console.switched-off.of':
    "L'authentification à deux facteurs est désactivée pour {{subscription}} : un mot de passe suffit à ses utilisateurs.",
  'console.switched-off.settings': 'Ouvrir le paramètre',

  'console.nothing-here.title': 'Rien ici',
  'console.nothing-here.text': "Aucune page de la console n'a cette adresse.",
  'console.nothing-here.home': "Aller à l'accueil",

  'console.code.title': 'Saisissez un code pour continuer',
  'console.code.lead':
    "Toute modification demande un code de moins de 15 minutes. Rien de ce que vous avez saisi n'est perdu.",
  'console.code.impossible':
    "Vous n'avez aucun moyen de saisir un code ici. Déconnectez-vous, puis connectez-vous de nouveau.",
  'console.ended.title': 'Votre session est terminée',
  'console.ended.lead':
    'Connectez-vous dans un nouvel onglet, puis revenez et continuez. Ce que vous avez saisi est toujours là.',
  'console.ended.sign-in': 'Se connecter',
  'console.ended.continue': 'Continuer ici',

  'console.conflict.title': "Quelqu'un d'autre vient de modifier ceci",
  'console.conflict.lead':
    "Rien de votre part n'est encore enregistré. Ces valeurs sont différentes à présent :",
  'console.conflict.field': 'Champ',
  'console.conflict.theirs': 'À présent',
  'console.conflict.mine': 'La vôtre',
  'console.conflict.untouched': 'Pas modifié par vous : reste tel quel',
  'console.conflict.take-theirs': 'Garder ce qui est là',
  'console.conflict.keep-mine': 'Enregistrer la mienne',

  'console.confirm.type': 'Tapez {{number}} pour confirmer.',
  'console.confirm.mistyped': "Ce n'est pas {{number}}. Rien n'a été modifié.",

  'console.table.all': 'Sélectionner tout ce qui est affiché',
  'console.table.select': 'Sélectionner {{name}}',
  'console.table.selected_one': '{{count}} sélectionné',
  'console.table.selected_other': '{{count}} sélectionnés',
  'console.table.none': 'Effacer la sélection',
  'console.table.more': 'Afficher la suite',
} as const satisfies Translation<typeof english>;
