import type { consoleRdp as english } from '../en/console-rdp.ts';
import type { Translation } from '../language.ts';

export const consoleRdp = {
  'console.rdp.title': 'Liste blanche RDP',
  'console.rdp.purpose':
    'Qui peut se connecter avec un client RDP sans code : comptes de service et vieilles machines, par exemple.',
  'console.rdp.add': 'Ajouter des utilisateurs',
  'console.rdp.search': 'Chercher par nom',
  'console.rdp.caption': 'Utilisateurs qui peuvent se connecter avec un client RDP sans code',
  'console.rdp.column.name': 'Nom',
  'console.rdp.column.reason': 'Motif',
  'console.rdp.column.since': 'Depuis',
  'console.rdp.column.until': "Jusqu'au",
  'console.rdp.for-good': 'Sans limite',
  'console.rdp.over': 'Terminé',
  'console.rdp.over-since': 'Terminé depuis le {{date}}',
  'console.rdp.none.title': 'Personne ne se connecte sans code',
  'console.rdp.none.text':
    "C'est le plus sûr. Là où personne ne peut taper de code dans un client RDP, ajoutez son utilisateur ici, avec un motif et si possible une fin.",
  'console.rdp.nothing.title': 'Personne ne correspond',
  'console.rdp.nothing.text': 'Essayez avec moins de lettres.',
  'console.rdp.add.title': 'Laisser des utilisateurs se connecter sans code',
  'console.rdp.add.text':
    'Seulement avec un client RDP. Dans le navigateur, un code leur est demandé comme avant.',
  'console.rdp.add.users': 'Utilisateurs',
  'console.rdp.add.go_one': 'Ajouter {{count}} utilisateur',
  'console.rdp.add.go_other': 'Ajouter {{count}} utilisateurs',
  'console.rdp.add.done_one': '{{names}} peut se connecter sans code.',
  'console.rdp.add.done_other': '{{count}} utilisateurs peuvent se connecter sans code.',
  'console.rdp.reason': 'Motif',
  'console.rdp.reason-hint': "Qui lit cette liste ou le journal d'audit le voit.",
  'console.rdp.until': "Jusqu'au (facultatif)",
  'console.rdp.until-hint': 'Ensuite, un code est à nouveau nécessaire. Sans date, cela dure sans limite.',
  'console.rdp.since-by': 'Depuis le {{date}}, par {{by}}.',
  'console.rdp.saved': 'Enregistré.',
  'console.rdp.save': 'Enregistrer',
  'console.rdp.remove': 'Retirer',
  'console.rdp.ask-remove_one': 'Retirer {{names}} de la liste blanche RDP ?',
  'console.rdp.ask-remove_other': 'Retirer {{count}} utilisateurs de la liste blanche RDP ?',
  'console.rdp.ask-remove-text':
    'Désormais, un code leur est nécessaire pour se connecter avec un client RDP. Motifs et fins disparaissent avec leurs entrées.',
  'console.rdp.removed_one': "{{names}} a de nouveau besoin d'un code.",
  'console.rdp.removed_other': "{{count}} utilisateurs ont de nouveau besoin d'un code.",
  'console.rdp.user': "Afficher l'utilisateur",
} as const satisfies Translation<typeof english>;
