import type { demo as english } from '../en/demo.ts';
import type { Translation } from '../language.ts';

export const demo = {
  'demo.title': 'Démonstration',
  'demo.owner': 'Session à distance de {{user}}',
  'demo.nobody': "Quelqu'un qui a contourné la passerelle",
  'demo.connecting': 'Connexion en cours …',
  'demo.connected': 'Connecté',
  'demo.ended': 'Cette session à distance est terminée. Rechargez la page pour en ouvrir une autre.',
  'demo.account': 'Votre compte',
  'demo.sign-out': 'Se déconnecter',
  'demo.screen': 'Écran',
  'demo.command': 'Commande',
  'demo.welcome':
    'Bonjour {{user}}. Deux portes, et vous y voilà : cette ligne est arrivée par un WebSocket.',
  'demo.hint': 'Tapez help puis Entrée.',
  'demo.help': 'Ce que cette session comprend :',
  'demo.help-help': 'help          cette liste',
  'demo.help-time': "time          l'heure du serveur",
  'demo.help-whoami': 'whoami        qui vous êtes, selon la passerelle',
  'demo.help-echo': 'echo TEXTE    répète TEXTE',
  'demo.whoami': 'Vous êtes {{user}}. La passerelle le dit, pas vous.',
  'demo.unknown': "{{command}} n'est pas une commande ici. Tapez help pour les connaître.",
} as const satisfies Translation<typeof english>;
