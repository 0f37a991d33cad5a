import type { messages as english } from '../en/messages.ts';
import type { Translation } from '../language.ts';

/** Les messages envoyés aux personnes. */
export const messages = {
  'messages.code.subject': 'Votre code de vérification {{issuer}}',
  'messages.code.text_one':
    "Votre code de vérification : {{code}}\n\nIl est valable {{count}} minute, pour la connexion qui l'a demandé, et personne ne doit vous le réclamer.\n\nSi vous n'êtes pas en train de vous connecter, quelqu'un connaît peut-être votre mot de passe. Changez-le, ou prévenez l'assistance.",
  'messages.code.text_other':
    "Votre code de vérification : {{code}}\n\nIl est valable {{count}} minutes, pour la connexion qui l'a demandé, et personne ne doit vous le réclamer.\n\nSi vous n'êtes pas en train de vous connecter, quelqu'un connaît peut-être votre mot de passe. Changez-le, ou prévenez l'assistance.",
} as const satisfies Translation<typeof english>;
