import type { pages as english } from '../en/pages.ts';
import type { Translation } from '../language.ts';

export const pages = {
  'pages.sign-in': 'Se connecter',
  'pages.sign-in-again': 'Se reconnecter',
  'pages.sign-in-other': 'Se connecter sous un autre nom',
  'pages.try-again': 'Réessayer',
  'pages.try-now': 'Réessayer maintenant',
  'pages.applications': 'Vos applications',
  'pages.helpdesk': 'Assistance : {{contact}}',

  'pages.refused.title': 'Vous ne pouvez pas entrer ici',
  'pages.refused.text':
    'Cette demande a été refusée. Revenez en arrière ou repartez de la page de connexion.',

  'pages.not-assigned.title': 'Application non attribuée',
  'pages.not-assigned.text': 'Vous êtes connecté, mais cette application ne vous est pas attribuée.',
  'pages.not-assigned.text-named':
    'Vous êtes connecté sous le nom {{user}}, mais {{application}} ne vous est pas attribuée.',
  'pages.not-assigned.ask': "Demandez-la à votre service d'assistance.",
  'pages.not-assigned.ask-contact': "Demandez-la à l'assistance : {{contact}}",

  'pages.locked.title': "Trop d'essais",
  'pages.locked.until_one': 'Vous pourrez réessayer dans {{count}} minute.',
  'pages.locked.until_other': 'Vous pourrez réessayer dans {{count}} minutes.',
  'pages.locked.shut': 'Un administrateur doit vous débloquer.',
  'pages.locked.ask': "Si c'est urgent, adressez-vous à votre service d'assistance.",
  'pages.locked.ask-contact': "Si c'est urgent, adressez-vous à l'assistance : {{contact}}",

  'pages.unreachable.title': "L'application ne répond pas pour le moment",
  'pages.unreachable.title-named': '{{application}} ne répond pas pour le moment',
  'pages.unreachable.text': "Rien n'est perdu ; nous réessayons toutes les quelques secondes.",

  'pages.expired.title': 'Votre session est terminée',
  'pages.expired.text': 'Veuillez vous connecter pour continuer.',
  'pages.expired.text-named': 'Veuillez vous connecter pour continuer vers {{application}}.',

  'pages.signed-out.title': 'Vous êtes déconnecté',
  'pages.signed-out.text': 'Vos sessions à distance sont fermées. Vous pouvez quitter cette page.',

  'pages.store-unavailable.title': 'Connexions impossibles à vérifier pour le moment',
  'pages.store-unavailable.text':
    "Les sessions à distance ouvertes le restent. Personne d'autre ne peut entrer d'ici là ; nous réessayons toutes les quelques secondes.",

  'pages.doubled.title': 'Veuillez vous reconnecter',
  'pages.doubled.text':
    'Votre navigateur a envoyé plusieurs connexions, et nous ne pouvons pas savoir laquelle est la vôtre. Nous les avons supprimées.',

  'pages.bad-request.title': 'Cette adresse ne peut pas être utilisée',
  'pages.bad-request.text':
    "La demande n'est pas écrite de façon à pouvoir être transmise. Vérifiez l'adresse ou repartez de la page de connexion.",

  'pages.not-found.title': "Il n'y a rien ici",
  'pages.not-found.text': "Vérifiez l'adresse ou repartez de vos applications.",

  'pages.no-owner.title': "Cette passerelle n'a pas encore de propriétaire",
  'pages.no-owner.text':
    'Ouvrez le lien affiché au démarrage de la passerelle. Il crée le propriétaire ; ensuite, tous les autres pourront se connecter.',

  'pages.failed.title': "Quelque chose s'est mal passé chez nous",
  'pages.failed.text': "Réessayez. Si cela persiste, prévenez votre service d'assistance.",
  'pages.renewal.label': '{{site}} : temps restant',
  'pages.renewal.closes': 'Vos sessions à distance se ferment à {{time}}, dans {{minutes}} min.',
  'pages.renewal.ends':
    'Votre connexion prend fin à {{time}}, dans {{minutes}} min. Ce qui est ouvert le restera ; pour le reste, il faudra vous reconnecter.',
  'pages.renewal.act': 'Entrer un nouveau code',
  'pages.renewal.later': 'Plus tard',
  'pages.renewal.over': 'Votre connexion a pris fin. Reconnectez-vous pour continuer.',
} as const satisfies Translation<typeof english>;
