import type { logon as english } from '../en/logon.ts';
import type { Translation } from '../language.ts';

export const logon = {
  'logon.two-factor-off': "L'authentification à deux facteurs est désactivée.",
  'logon.exempt': "La personne est exemptée de l'authentification à deux facteurs.",
  'logon.not-enabled': "La personne n'est pas activée pour l'authentification à deux facteurs.",
  'logon.whitelisted': 'La personne est sur la liste blanche RDP.',
  'logon.reconnect':
    "La personne est revenue dans une session qu'un clic ou une vérification avait ouverte auparavant.",
  'logon.permitted': "La personne l'avait permise d'un clic sur la carte du lanceur.",
  'logon.verified': 'La personne était connectée avec un second facteur.',
  'logon.unknown-user': "Aucun annuaire n'a d'utilisateur de ce nom.",
  'logon.ambiguous-user':
    "Plusieurs annuaires ont un utilisateur de ce nom, et le serveur n'en a désigné aucun.",
  'logon.directory-unavailable': "L'annuaire n'a pas pu dire de qui il s'agit.",
  'logon.user-disabled': 'Le compte est désactivé.',
  'logon.not-assigned': "Aucune des applications de ce serveur n'est destinée à cette personne.",
  'logon.not-enabled-denied': "La personne n'est pas activée, et les utilisateurs non activés sont refusés.",
  'logon.logons-denied':
    "Les connexions RDP sont réglées sur refuser, et la personne n'est pas sur la liste blanche RDP.",
  'logon.click-needed':
    "La personne n'avait pas cliqué sur la carte de ce serveur dans les deux minutes précédentes.",
  'logon.session-ended': 'La connexion qui la permettait avait pris fin.',
  'logon.not-verified': "La personne n'était pas connectée avec un second facteur.",
  'logon.other-address':
    "La personne était connectée, mais depuis une autre adresse que celle d'où elle ouvrait la session.",
} as const satisfies Translation<typeof english>;
