import type { consoleBranding as english } from '../en/console-branding.ts';
import type { Translation } from '../language.ts';

export const consoleBranding = {
  'console.branding.purpose':
    "L'apparence des pages de connexion, qui elles nomment pour aider, et ce que chacun accepte avant d'entrer.",
  'console.branding.name': 'Nom',
  'console.branding.name-help': 'Au-dessus de chaque page et dans son titre. Vide : le nom du site.',
  'console.branding.logo': 'Logo',
  'console.branding.logo-help':
    "PNG, ou SVG sans scripts ni liens ; jusqu'à 64 Ko. Montré jusqu'à 48 pixels de haut.",
  'console.branding.logo-shown': 'Le logo actuel',
  'console.branding.logo-large': 'Ce fichier dépasse 64 Ko.',
  'console.branding.logo-remove': 'Retirer le logo',
  'console.branding.accent': "Couleur d'accent",
  'console.branding.accent-help':
    'Par exemple #0f5e63. Assombrie le jour ou éclaircie la nuit là où elle serait illisible.',
  'console.branding.pick': "Choisir la couleur d'accent",
  'console.branding.usual': 'Bleu canard',
  'console.branding.helpdesk': 'Contact du support',
  'console.branding.helpdesk-help': "À qui s'adresser quand la connexion échoue ; sous chaque page.",
  'console.branding.terms': 'Conditions',
  'console.branding.terms-help':
    "Montrées après les deux facteurs, avant toute autre chose. Chacun les accepte une fois ; le journal d'audit dit qui et quand. Vide : rien à accepter.",
  'console.branding.terms-since':
    'En vigueur depuis {{when}}. Un autre texte est une autre version : tout le monde est interrogé à la prochaine connexion.',
  'console.branding.wrong': 'Autorisé : {{allowed}}',
  'console.branding.save': 'Enregistrer',
  'console.branding.undo': 'Annuler',
  'console.branding.saved': 'Enregistré. Les pages se présentent ainsi désormais.',
  'console.branding.preview': 'Aperçu, de jour et de nuit',
  'console.branding.sample-title': 'Se connecter',
  'console.branding.sample-link': 'Je ne peux pas utiliser mon code',
  'console.branding.contrast': 'Contraste {{ratio}} : 1.',
  'console.branding.adjusted': 'La couleur a été ajustée pour rester lisible.',
} as const satisfies Translation<typeof english>;
