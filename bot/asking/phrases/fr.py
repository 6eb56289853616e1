"""French."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "fr",
    {
        Kind.EXCLUDE: """
            me laisser en dehors | m exclure | me retirer | m enlever
            laisse moi en dehors | laissez moi en dehors | laisse moi hors | laissez moi hors
            laisse moi tranquille | laissez moi tranquille | laisse moi de côté | oublie moi
            oubliez moi | sans moi | sans mes | exclus moi | excluez moi | exclure mes
            exclus mes | retire moi | retirez moi | enlève moi | enlevez moi | ignore moi
            ignorez moi | supprime mes | efface moi | ne me cite pas | ne me citez pas
            me cite pas | ne me résume pas | ne résume pas mes | ne m inclus pas
            ne m incluez pas | m inclus pas | ne me mets pas | ne pas me citer | ne pas m inclure
            pas être cité* | pas être inclus* | pas être résumé* | ne cite pas mes
            n utilise pas mes | n utilisez pas mes | ne lis pas mes | pas consenti
            pas mon accord | pas mon consentement | pas donné mon | sans mon accord
            sans mon consentement | tu ne peux pas me citer | tu peux pas me citer
            tu ne peux pas m inclure | arrête de me citer | arrêtez de me citer
            arrête de me résumer | ne veux pas que tu | veux pas que tu | ne veux pas en être
            ne me suis pas | arrête de me suivre | tous sauf moi | tout le monde sauf moi
            =ne pas citer | =pas de citation | =pas de citations | =ne pas me citer
        """,
        Kind.MAYBE_EXCLUDE: "sauf moi | =pas moi | me désinscrire de vos résumés",
        Kind.KEEP: """
            ne pas m exclure | pas m exclure | ne pas me laisser en dehors | ne pas me retirer
            ne m oublie pas | m oublie pas | ne m oubliez pas | ne m exclus pas | pas sans moi
            ne me laisse pas en dehors | ne m ignore pas | ne m excluez pas | ne m enlève pas
            ne me retire pas | ne m efface pas | ne veux pas être exclu* | pas être exclu*
        """,
        Kind.NOT_HERE: """
            =pas ici | =non pas ici | =pas dans ce fil | =pas dans mon fil | =non | =non merci
            =pas maintenant | ne résume pas | ne résumez pas | résume pas ça | =pas de résumé
            =pas de résumé ici | pas de bot ici | pas de bots ici | =pas de bot | =pas de bots
            ne réponds pas ici | ne répondez pas ici | ne poste pas ici | reste en dehors
            =tais toi | =taisez vous | =silence | =chut | =va t en | =dégage | =la ferme
            =ferme la | reste silencieux | arrête de résumer
        """,
        Kind.STOP_ALL: """
            =stop | =arrête | =arrêtez | =arrête tout | =arrêter | =arrête ça | =désabonner
            désabonne moi | désabonnez moi | =me désabonner | =je veux me désabonner
            désinscris moi | =désinscription | =désabonnement | annule tout | annule tous
            annule mes | annuler mes abonnements | ne m envoie plus rien | n envoie plus rien
            plus de messages | ne m écris plus | arrête de m écrire | arrête de m envoyer
            =ça suffit | =fin | tout arrêter | =assez
            =tout arrêter | =arrête tout | =arrêtez tout
        """,
        Kind.UNFOLLOW_TAG: """
            ne suis plus ~ # | ne plus suivre ~ # | arrête de suivre ~ # | désabonne moi ~ #
            désabonner ~ # | plus de # | arrête # | stop # | annule # | # désabonner
            me désabonner ~ #
        """,
        Kind.UNFOLLOW_THREAD: """
            ne suis plus ce fil | ne plus suivre ce | arrête de suivre ce | désabonne moi de ce
            désabonne moi du fil | ne me préviens plus | plus suivre ce fil | =ne plus suivre
            arrête de suivre cette
        """,
        Kind.FOLLOW_TAG: """
            suis ~ # | suivre ~ # | suivez ~ # | abonne moi ~ # | abonnez moi ~ # | m abonner ~ #
            surveille ~ # | # pour moi | envoie moi ~ # | envoyez moi ~ # | # tous les jours
            # chaque jour | # chaque semaine | # toutes les semaines | # quotidien*
            # hebdomadaire* | # par semaine | suis ~ hashtag $ | suivre ~ hashtag $
            tiens moi au courant de # | # une fois par semaine
        """,
        Kind.FOLLOW_THREAD: """
            suis ce fil | suivez ce fil | suivre ce fil | suis ce thread | suis cette discussion
            suis cette conversation | suivre cette | =suis | =suivre | abonne moi à ce
            abonne moi à cette | =abonne moi | =m abonner | préviens moi | prévenez moi
            avertis moi | tiens moi au courant | tenez moi au courant | tiens moi informé*
            dis moi quand | dis moi si | dis le moi quand | notifie moi | fais moi signe
            surveille ce fil | suivre la discussion
        """,
        Kind.INCLUDE: """
            inclus moi | incluez moi | tu peux me citer
            vous pouvez me citer | tu peux m inclure | cite moi
            je suis d accord pour être cité | je suis d accord pour être citée
            tu peux citer mes messages
            je veux être inclus | je veux être incluse | inclus moi à nouveau
        """,
        Kind.HELP: """
            =aide | =aide moi | =aidez moi | =à l aide | =au secours | =besoin d aide
            =j ai besoin d aide | =commandes | quelles commandes | que peux tu faire
            que sais tu faire | qu est ce que tu peux faire | qu est ce que tu sais faire
            tu sais faire quoi | tu peux faire quoi | comment tu marches | comment ça marche
            comment fonctionnes tu | comment tu fonctionnes | =qui es tu | =tu es qui | =t es qui
            =es tu un bot | =mode d emploi | =peux tu m aider | =tu peux m aider
            comment t utiliser
        """,
        Kind.STATUS: """
            =statut | =état | =es tu là | =tu es là | =t es là | =tu es encore là
            =toujours là | =tu marches | =es tu en ligne | =il y a quelqu un | mes abonnements
            qu est ce que je suis | à quoi suis je abonné* | que fais tu pour moi
            que sais tu de moi | =es tu vivant | =tu es vivant | quels hashtags je suis
        """,
        Kind.DIGEST: """
            le digest | dernier digest | =les nouvelles | =les infos | =les actus | =actualités
            =actus | =l actu | =quoi de neuf aujourd hui | digest du jour | digest de maintenant
            digest d aujourd hui | le condensé | condensé du jour | =que se passe t il
            =qu est ce qui se passe | =les actualités
        """,
        Kind.SUMMARIZE: """
            résumer | =résume | =résumé | =résumez | résume ça | résume ce | résume cette
            résume moi | résumez moi | résumez ce | résumez cette | résume le | résume la
            résume les | résume tout | un résumé | le résumé | ce résumé | résumé du fil
            résumé de | résumé du | en résumé | du résumé | un résume | petit résumé | bref résumé
            court résumé | résumé court | résumé plus | résumé en | résumé publi* | résumé détaillé
            résume en | résume ça | résume stp | résume svp | résume publi* | un récap | =récap
            récapitul* | un recap | synthèse | synthétise | faire un point | fais le point
            de quoi ça parle | de quoi parle | de quoi il s agit | de quoi s agit il
            qu est ce qui se dit | que disent les gens | qu ont dit les gens | ça parle de quoi
            qu est ce que j ai raté | qu ai je raté | j ai raté quoi | qu est ce que j ai loupé
            trop long pas lu | trop long à lire | l essentiel | les points clés | en gros
            les points principaux | =ce fil | =ça | =ce thread | en bref | les grandes lignes
            mets moi au courant | c est quoi le sujet | c est quoi l histoire | résumé stp
            résumé svp | résumé s il | résume le fil | résumé rapide
        """,
        Kind.ABOUT: """
            que disent les gens de | que disent les gens sur | qu ont dit les gens sur
            que dit on de | que dit on sur | qu est ce qui se dit sur | que pensent les gens de
            que pensent ils de | qu est ce qu on dit de | qu est ce qu on dit sur
            qu est ce que les gens disent | est ce que quelqu un | quelqu un parle
            quelqu un a t il | qui a dit | qui dit | qui pense | qui parle de | quels arguments
            qu en est il | que disent ils de | qu ont ils dit de | que disent ils sur
        """,
        Kind.QUESTION: """
            ^que | ^qu | ^qui | ^quoi | ^quel | ^quelle | ^quels | ^quelles | ^pourquoi | ^comment
            ^combien | ^est ce que | ^y a t il | ^où est | ^où sont | ^à quel | ^à quoi
            ^est ce qu | ^de qui | ^et pourquoi | ^quand est | ^c est quoi
        """,
        Kind.THANKS: """
            merci | merci beaucoup | mille mercis | merci bien | grand merci | merci pour le résumé
            merci pour ce résumé | merci pour l aide | merci pour ton aide | bon bot | gentil bot
            super bot | brave bot | =bravo | =super | =génial | =parfait | =excellent | =top
            =bien joué | =beau travail | =bon travail | =cool | =très bien | =formidable
            =bon résumé | =super résumé | =excellent résumé | =très bon résumé | =chouette
            =c est super | =c est génial | =très utile | =utile | =j adore | =bien vu | =impeccable
            =nickel | =trop bien
        """,
        Kind.CHAT: """
            ton résumé est | le résumé est | ce résumé est | mauvais résumé | résumé est faux
            ton résumé oublie | votre résumé est
        """,
        Kind.SHORTER: """
            plus court | plus courte | court | courte | bref | brève | brièvement | en bref
            en une phrase | en deux phrases | en quelques mots | en trois phrases
            en quelques phrases | très court | concis | rapidement | plus bref | petit
        """,
        Kind.LONGER: """
            plus long | plus longue | long | détaillé | détaillée | en détail | en détails
            plus de détails | plus détaillé | plus détaillée | avec des détails | approfondi
            complet | =plus | longuement | exhaustif
        """,
        Kind.PUBLIC: """
            publiquement | en public | réponse publique | résumé public | de façon publique
            de manière publique | visible par tous | visible de tous | visible pour tous
        """,
        Kind.PRIVATE: """
            en privé | privé | privée | en mp | par mp | en dm | en message privé | secrètement
            en message direct | seulement à moi | juste pour moi | seulement pour moi | que pour moi
            pour moi seul | pour moi seule | discrètement | directement
        """,
        Kind.DAY: """
            dernier jour | dernière journée | dernières 24 heures | dernières 24h | 24 dernières
            aujourd hui | depuis hier | du jour | les dernières vingt quatre heures
        """,
        Kind.NEW: """
            depuis ton dernier | depuis le dernier | depuis votre dernier | depuis la dernière fois
            quoi de neuf | qu est ce qui a changé | ce qui a changé | quoi de nouveau
            du nouveau | des nouvelles | les nouveautés | nouveautés | uniquement le nouveau
            seulement les nouveaux | que les nouveaux | nouveaux messages | nouvelles réponses
            depuis ta dernière | ce qui est nouveau | ce qu il y a de neuf | mise à jour
        """,
        Kind.DAILY: "tous les jours | chaque jour | quotidien* | par jour | une fois par jour",
        Kind.WEEKLY: """
            chaque semaine | toutes les semaines | hebdomadaire* | par semaine
            une fois par semaine | hebdo | tous les lundis | tous les dimanches
        """,
        Kind.POLITE: """
            s il te plaît | s il vous plaît | s il te plait | stp | svp | siouplait | sil te plait
            sil vous plait | bonjour | bonsoir | salut | coucou | hello | oui | ok | d accord
            cher bot | merci d avance | si possible | si tu peux | si vous pouvez | désolé | pardon
            excuse moi | excusez moi | allez | donc | alors | peut être | juste | ouais | dis
            mon ami | s t p | s v p
        """,
        Kind.FILLER: """
            ce | cet | cette | ces | ça | cela | le | la | les | l | un | une | des | de | du | d
            me
            moi | nous | mon | ton | tu | je | j | peux | pouvez | pourrais | pourriez | vous | veux
            voudrais | aimerais | fais | faire | faites | fait | donne | donner | envoie | écris
            réponds | répondre | répondez | publie | fil | thread | discussion | conversation
            messages | ici | en | pour | à | au | aux | et | tout | tous | toute | est | il | y | a
            avoir | besoin | moyen | sur | plus | s | t | qu | que | on | dessus | pouet | pouets
            échanges | seulement
        """,
        Kind.NEGATION: """
            ne | n | pas | non | jamais | sans | aucun | aucune | ni | plutôt que | point
        """,
    },
    {
        "en": "anglais",
        "de": "allemand",
        "fr": "français | francais",
        "es": "espagnol",
        "pt": "portugais",
        "it": "italien",
        "nl": "néerlandais",
        "pl": "polonais",
        "ru": "russe",
        "ja": "japonais",
        "zh": "chinois | mandarin",
        "ko": "coréen",
        "ar": "arabe",
        "uk": "ukrainien",
        "tr": "turc",
        "sv": "suédois",
        "da": "danois",
        "no": "norvégien",
        "fi": "finnois",
        "cs": "tchèque",
        "el": "grec",
        "he": "hébreu",
        "hi": "hindi",
        "ca": "catalan",
        "hu": "hongrois",
        "ro": "roumain",
        "eo": "espéranto",
        "fa": "persan",
        "eu": "basque",
        "br": "breton",
    },
    "en {} | ={} | dans la langue {}",
)
