"""Italian."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "it",
    {
        Kind.EXCLUDE: """
            lasciarmi fuori | escludermi | togliermi | rimuovermi
            lasciami fuori | lasciatemi fuori | mi lasci fuori | lasciami in pace
            lasciatemi in pace | lasciami stare | dimenticami | dimenticatemi | dimenticati di me
            senza di me | senza me | escludimi | escludetemi | escludi i miei | toglimi | levami
            rimuovimi | cancellami | cancella i miei | ignorami | saltami | non includermi
            non citarmi | non mi citare | non mi includere | non mettermi | non riassumermi
            non mi riassumere | non riassumere i miei | non usare i miei | non leggere i miei
            non voglio essere | non voglio che | non voglio comparire | non voglio apparire
            non puoi citarmi | non mi puoi citare | non acconsento | non ho acconsentito
            non do il permesso | non do il mio | senza il mio permesso | senza il mio consenso
            smetti di citarmi | smettila di citarmi | non seguirmi | smetti di seguirmi
            tutti tranne me
            =non citare | =non citarmi
        """,
        Kind.MAYBE_EXCLUDE: "tranne me | a parte me | =io no | eccetto me",
        Kind.KEEP: """
            non togliermi | non rimuovermi
            non lasciarmi fuori | non escludermi | non dimenticarmi | non dimenticarti di me
            non senza di me | non voglio essere escluso | non voglio essere esclusa
            non ignorarmi | non voglio restare fuori | non mi escludere | non mi lasciare fuori
        """,
        Kind.NOT_HERE: """
            =non qui | =qui no | =non in questo thread | =no | =no grazie | =non ora | =non adesso
            non riassumere | =niente riassunto | =niente riassunti | =nessun riassunto
            non rispondere qui | non scrivere qui | non postare qui | =zitto | =stai zitto
            =sta zitto | =silenzio | =vattene | =vai via | niente bot qui | =niente bot | =fuori
            stanne fuori | =fuori di qui | smetti di riassumere
        """,
        Kind.STOP_ALL: """
            =basta | =ferma | =fermati | =smettila | =stop | =annulla | =disiscrivimi
            =disiscriviti | =cancella iscrizione | disiscrivimi da tutto | annulla tutto
            annulla tutte | annulla le mie | cancella le mie | non mandarmi più | non inviarmi più
            non scrivermi più | basta messaggi | smetti di scrivermi | smetti di mandarmi
            =disdici | disdici tutto | =smetti
            =ferma tutto | =fermare tutto | =smetti tutto | =basta tutto
        """,
        Kind.UNFOLLOW_TAG: """
            smetti di seguire ~ # | non seguire ~ # | basta # | disiscrivimi ~ # | annulla #
            niente più # | non voglio più #
            smetti # | smettila con #
        """,
        Kind.UNFOLLOW_THREAD: """
            smetti di seguire quest* | non seguire più quest* | =smetti di seguire
            disiscrivimi da quest* | non avvisarmi | non seguire quest* | =non seguire più
        """,
        Kind.FOLLOW_TAG: """
            segui ~ # | seguire ~ # | iscrivimi ~ # | # per me | mandami ~ # | inviami ~ #
            # ogni giorno | # ogni settimana | # settimanale | # settimanalmente | # quotidian*
            # tutti i giorni | # tutte le settimane | # una volta alla settimana
            # una volta a settimana | segui ~ hashtag $ | tienimi aggiornat* su #
        """,
        Kind.FOLLOW_THREAD: """
            segui quest* | segui il thread | segui la discussione | =segui | =seguire
            seguire quest* | iscrivimi a quest* | =iscrivimi | avvisami | avvertimi | notificami
            tienimi aggiornat* | tienimi informat* | fammi sapere | dimmi quando | dimmi se ci
        """,
        Kind.INCLUDE: """
            includimi | includetemi | puoi citarmi
            mi puoi citare | citami | puoi includermi
            puoi citare i miei post | includimi di nuovo | voglio essere incluso
            voglio essere inclusa
        """,
        Kind.HELP: """
            =aiuto | =aiutami | =mi aiuti | =ho bisogno di aiuto | =comandi | =istruzioni
            cosa puoi fare | cosa sai fare | che cosa sai fare | come funzioni | come ti uso
            come si usa | =chi sei | =cosa sei | =sei un bot | =puoi aiutarmi | quali comandi
            =che fai | =cosa fai
        """,
        Kind.STATUS: """
            =stato | =ci sei | =sei lì | =sei vivo | =ci sei ancora | =funzioni | =sei online
            =c è qualcuno | le mie iscrizioni | i miei abbonamenti | cosa fai per me | cosa seguo
            a cosa sono iscritt* | cosa sai di me | quali hashtag seguo
        """,
        Kind.DIGEST: """
            il digest | ultimo digest | =notizie | =le notizie | digest di oggi
            riassunto di oggi | riassunto del giorno | =cosa succede | =che succede
            =novità di oggi | il bollettino | =cosa succede oggi | =le ultime
        """,
        Kind.SUMMARIZE: """
            riassunto | riassumi | riassumere | riassumimi | riassumilo | riassumete | riassumeresti
            riassumermi | riassuntino | riassumi tutto | sintesi | sintetizza | riepilogo
            riepiloga | in breve | cosa dice la gente | cosa dicono | cosa ha detto la gente
            cosa si dice | di cosa si parla | di cosa parla | di che si parla | di che parla
            cosa mi sono perso | cosa mi sono persa | che mi sono perso | punti principali
            punti chiave | in sintesi | in poche parole | troppo lungo | aggiornami
            =questo thread | =questo | il succo | il sunto | sunto | che succede qui
        """,
        Kind.ABOUT: """
            cosa dice la gente di | cosa dice la gente su* | cosa ha detto la gente su*
            cosa dicono di | cosa dicono del* | cosa dicono su* | cosa si dice di
            cosa si dice del* | cosa si dice su* | cosa pensa la gente | cosa pensano
            cosa ne pensano | qualcuno ha detto | qualcuno dice | qualcuno parla
            qualcuno ha parlato | qualcuno ha menzionato | chi ha detto | chi dice | chi pensa
            quali argomenti | cosa hanno detto su* | cosa hanno detto del* | che dicono del*
        """,
        Kind.QUESTION: """
            ^cosa | ^che cosa | ^chi | ^quale | ^quali | ^come | ^quando | ^dove | ^perché | ^quanto
            ^quanta | ^quanti | ^quante | ^qualcuno | ^c è qualcuno | ^di chi | ^qual
        """,
        Kind.THANKS: """
            grazie | grazie mille | molte grazie | tante grazie | ti ringrazio
            grazie per il riassunto | grazie del riassunto | grazie per l aiuto | bravo bot
            buon bot | bel bot | =bravo | =ottimo | =perfetto | =fantastico | =grande
            =bel lavoro | =ben fatto | =bello | =eccellente | =utile | =molto utile | =bene
            =molto bene | =bel riassunto | =ottimo riassunto | =ti amo | =meraviglioso | =forte
            =ottimo lavoro | =mi piace
        """,
        Kind.CHAT: "il tuo riassunto è | il riassunto è | questo riassunto è | pessimo riassunto",
        Kind.SHORTER: """
            più corto | più breve | breve | brevemente | corto | in una frase | in due frasi
            in poche parole | in breve | conciso | in tre frasi | sintetico | più conciso | veloce
        """,
        Kind.LONGER: """
            più lungo | lungo | dettagliato | dettagliata | in dettaglio | nel dettaglio
            con dettagli | più dettagli | con più dettagli | più dettagliato | completo
            approfondito | =di più
        """,
        Kind.PUBLIC: """
            pubblicamente | in pubblico | risposta pubblica | riassunto pubblico
            in modo pubblico | visibile a tutti
        """,
        Kind.PRIVATE: """
            in privato | privato | privata | privatamente | per dm | messaggio diretto
            solo a me | solo per me | in dm
        """,
        Kind.DAY: "ultimo giorno | ultime 24 ore | ultime 24h | oggi | da ieri | di oggi",
        Kind.NEW: """
            dal tuo ultimo | dall ultimo | dall ultima volta | cosa è cambiato | che è cambiato
            cosa c è di nuovo | novità | qualcosa di nuovo | solo le novità | solo il nuovo
            solo i nuovi | nuove risposte | =aggiornamento | =aggiorna | cosa è nuovo
            le novità
        """,
        Kind.DAILY: "ogni giorno | tutti i giorni | quotidian* | al giorno | giornalier*",
        Kind.WEEKLY: """
            ogni settimana | settimanale | settimanalmente | tutte le settimane
            una volta alla settimana | una volta a settimana | alla settimana | a settimana
        """,
        Kind.POLITE: """
            per favore | per piacere | per cortesia | perfavore | pf | ciao | salve | buongiorno
            buonasera | sì | ok | va bene | caro bot | se puoi | se possibile | scusa | scusi
            dai | allora | grazie in anticipo | gentilmente | ehi | prego | cortesemente
        """,
        Kind.FILLER: """
            questo | questa | questi | queste | quello | il | lo | la | i | gli | le | l | un | una
            uno | di | del | della | dei | delle | mi | me | ci | mio | tuo | tu | io | puoi | può
            potresti | potrebbe | vorrei | voglio | fai | fare | fa | fammi | dammi | dai | manda
            scrivi | rispondi | rispondere | pubblica | thread | filo | discussione
            conversazione | post | messaggi | qui | sopra | in | per | a | al | alla | con | e | che
            tutto | tutta | solo | più | è | ora | c | nel | su | un po
        """,
        Kind.NEGATION: "non | no | mai | senza | né | niente | nessuno | invece di | nulla",
    },
    {
        "en": "inglese",
        "de": "tedesco",
        "fr": "francese",
        "es": "spagnolo",
        "pt": "portoghese",
        "it": "italiano",
        "nl": "olandese",
        "pl": "polacco",
        "ru": "russo",
        "ja": "giapponese",
        "zh": "cinese",
        "ko": "coreano",
        "ar": "arabo",
        "uk": "ucraino",
        "tr": "turco",
        "eo": "esperanto",
    },
    "in {} | ={} | in lingua {}",
)
