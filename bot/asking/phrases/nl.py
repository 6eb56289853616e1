"""Dutch."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "nl",
    {
        Kind.EXCLUDE: """
            mij erbuiten laten | me erbuiten laten | mij uitsluiten | me uitsluiten | mij weglaten
            laat me erbuiten | laat mij erbuiten | laat me eruit | laat mij eruit
            laat me er buiten | laat mij er buiten | laat me met rust | laat mij met rust
            vergeet mij | vergeet me | zonder mij | zonder mijn | sluit me uit | sluit mij uit
            haal me eruit | haal mij eruit | haal me weg | verwijder mij | verwijder me
            verwijder mijn | negeer mij | negeer me | sla mij over | sla me over
            citeer me niet | citeer mij niet | mij niet citeren | me niet citeren
            mag mij niet | mag me niet | neem mij niet op | neem me niet op | vat mij niet samen
            vat me niet samen | vat mijn ~ niet samen | gebruik mijn ~ niet | lees mijn ~ niet
            wil niet dat
            wil er niet in | wil niet opgenomen | wil niet geciteerd | wil niet meedoen
            geen toestemming | zonder mijn toestemming | niet akkoord | niet mijn
            stop met mij | volg mij niet | volg me niet | ontvolg mij | ontvolg me
            iedereen behalve mij | ik wil eruit
            =niet citeren | =niet mij citeren
        """,
        Kind.MAYBE_EXCLUDE: "behalve mij | behalve ik | =ik niet | =mij niet",
        Kind.KEEP: """
            mij niet uitsluiten | me niet uitsluiten | mij er niet buiten laten
            laat me er niet buiten | laat mij er niet buiten | sluit me niet uit
            sluit mij niet uit | vergeet mij niet | vergeet me niet | niet zonder mij
            negeer me niet | negeer mij niet | wil niet buitengesloten worden
            sla mij niet over | sla me niet over | haal me niet weg | verwijder me niet
            verwijder mij niet | wil niet uitgesloten worden
        """,
        Kind.NOT_HERE: """
            =niet hier | =hier niet | =niet in deze draad | =niet in dit draadje | =nee
            =nee bedankt
            =nee dank je | =nee dankje | =nu niet | =niet nu | niet samenvatten
            vat dit niet samen | vat niet samen | =geen samenvatting | =geen samenvattingen
            reageer hier niet | antwoord hier niet | post hier niet | blijf hier weg
            blijf hierbuiten | =stil | =wees stil | =zwijg | =hou je mond | =houd je mond
            =ga weg | =rot op | =hoepel op | geen bots hier | =geen bots | =geen bot
            stop met samenvatten | hou je erbuiten
        """,
        Kind.STOP_ALL: """
            =stop | =stoppen | =hou op | =houd op | =stop ermee | =afmelden | =meld me af
            =meld mij af | =uitschrijven | schrijf me uit | schrijf mij uit | =opzeggen
            zeg alles op
            =annuleren | annuleer alles | stop alles | stop alle | stuur me niets meer
            stuur mij niets meer | stuur niets meer | geen berichten meer | =genoeg | =kappen
            =alles opzeggen
            =stop alles | =stop met alles | =alles stoppen
        """,
        Kind.UNFOLLOW_TAG: """
            ontvolg ~ # | volg ~ # niet meer | volg # niet | # niet meer | # opzeggen
            stop met ~ # | geen # meer | stop # | schrijf me uit ~ # | # ontvolgen
        """,
        Kind.UNFOLLOW_THREAD: """
            ontvolg dit | ontvolg deze | =ontvolg | =ontvolgen | volg dit ~ niet meer
            volg deze ~ niet meer | deze draad niet meer | stop met dit | laat me niet meer weten
            stop met volgen | niet meer volgen
        """,
        Kind.FOLLOW_TAG: """
            volg ~ # | abonneer ~ # | # volgen | # voor mij | stuur me ~ # | stuur mij ~ #
            # dagelijks | # wekelijks | # elke dag | # elke week | # iedere week | # iedere dag
            # per week | dagelijks # | wekelijks # | volg ~ hashtag $ | hou me ~ hoogte van #
            # één keer per week
        """,
        Kind.FOLLOW_THREAD: """
            volg dit | volg deze | volg de draad | volg het draadje | =volg | =volgen
            abonneer me op de* | =abonneer | laat me weten | laat mij weten | laat het me weten
            waarschuw me | waarschuw mij | hou me op de hoogte | houd me op de hoogte
            hou mij op de hoogte | zeg het me als | zeg het als | geef een seintje
            geef me een seintje | meld het als | deze draad volgen
        """,
        Kind.INCLUDE: """
            neem mij op | neem me op | je mag mij citeren
            je mag me citeren | u mag mij citeren | citeer mij
            neem mij weer op | neem me weer op | je mag mij opnemen
            je mag mijn berichten citeren
        """,
        Kind.HELP: """
            =help | =hulp | =help me | =help mij | =ik heb hulp nodig | =hulp nodig
            =commando s | =opdrachten | wat kun je | wat kan je | wat kan jij | hoe werk je
            hoe werkt deze bot | hoe gebruik ik je | =wie ben je | =wat ben je | =ben je een bot
            =wat doe je | =kun je me helpen | =kan je me helpen | =uitleg | =handleiding
            wat kan ik je vragen
        """,
        Kind.STATUS: """
            =ben je daar | =ben je er | =ben je er nog | =leef je nog | =werk je nog
            =ben je wakker | =ben je online | =iemand daar | =iemand thuis | mijn abonnementen
            wat doe je voor mij | wat volg ik | waar ben ik op geabonneerd | wat weet je van mij
            wat weet je over mij | welke hashtags volg ik
        """,
        Kind.DIGEST: """
            de digest | laatste digest | digest van vandaag | =nieuws | =het nieuws
            =laatste nieuws | =het laatste nieuws | overzicht van vandaag | =wat gebeurt er
            =wat speelt er | =wat is er gaande | =dagoverzicht
        """,
        Kind.SUMMARIZE: """
            samenvatting | samenvatten | samenvat | samenvating | vat samen | vat ~ samen
            vatten ~ samen | samengevat | korte versie | overzicht | wat zeggen mensen
            wat zeggen de mensen | wat is er gezegd | wat werd er gezegd | waar gaat dit over
            waar gaat het over | waar gaat deze draad over | waar gaat dit draadje over
            wat heb ik gemist | wat is hier gaande | praat me bij | praat mij bij
            hoofdpunten | kernpunten | de kern | te lang niet gelezen | te lang om te lezen
            =deze draad | =dit draadje | =dit | kort samengevat | strekking | samenvattinkje
        """,
        Kind.ABOUT: """
            wat zeggen mensen over | wat zeggen de mensen over | wat werd er gezegd over
            wat is er gezegd over | wat zeiden mensen over | wat zegt men over
            wat vinden mensen van | wat vinden de mensen van | wat vindt men van | wat vinden ze
            wat denken mensen | heeft iemand | zegt iemand | noemt iemand | wie zei | wie zegt
            wie vindt | welke argumenten | wat zeggen ze over | wat zeiden ze over
        """,
        Kind.QUESTION: """
            ^wat | ^wie | ^welk | ^welke | ^waarom | ^hoe | ^wanneer | ^waar | ^waarover | ^waarvoor
            ^hoeveel | ^heeft iemand | ^is er iemand | ^zijn er | ^van wie | ^en wat | ^en waarom
        """,
        Kind.THANKS: """
            bedankt | dankjewel | dank je wel | dank je | dankje | dank u | dank u wel | merci
            dank
            thanks | hartelijk dank | heel erg bedankt | bedankt voor de samenvatting
            bedankt voor de hulp | dank je voor de samenvatting | goede bot | brave bot
            lieve bot | top bot | =top | =super | =mooi | =geweldig | =perfect | =goed gedaan
            =goed werk | =knap | =handig | =heel handig | =fijn | =prachtig | =lekker bezig
            =goede samenvatting | =mooie samenvatting | =leuk | =fantastisch | =prima | =goed zo
        """,
        Kind.CHAT: """
            je samenvatting is | de samenvatting is | deze samenvatting is | slechte samenvatting
        """,
        Kind.SHORTER: """
            korter | kort | kortere | korte | in één zin | in een zin | in twee zinnen
            in een paar woorden | in het kort | beknopt | beknopter | in drie zinnen | kortjes
            heel kort | bondig
        """,
        Kind.LONGER: """
            langer | langere | lang | uitgebreid | uitgebreider | uitgebreide | gedetailleerd
            gedetailleerder | in detail | met details | meer details | meer detail | =meer
            uitvoerig
        """,
        Kind.PUBLIC: """
            openbaar | in het openbaar | publiekelijk | openbare samenvatting | openbaar antwoord
            zichtbaar voor iedereen | voor iedereen zichtbaar
        """,
        Kind.PRIVATE: """
            privé | prive | per dm | via dm | alleen voor mij | enkel voor mij
             alleen aan mij | stiekem | direct
            rechtstreeks | als dm
        """,
        Kind.DAY: """
            laatste dag | afgelopen dag | laatste 24 uur | afgelopen 24 uur | vandaag
            sinds gisteren | van vandaag
        """,
        Kind.NEW: """
            sinds je laatste | sinds je vorige | sinds de laatste | sinds de vorige
            wat is er veranderd | wat is veranderd | wat is er nieuw | wat is nieuw
            iets nieuws | is er nieuws | alleen het nieuwe | alleen nieuwe | nieuwe berichten
            nieuwe reacties | =update | sinds vorige keer | wat er nieuw is
            wat er veranderd is | sinds de vorige keer
        """,
        Kind.DAILY: "dagelijks | elke dag | iedere dag | per dag | dagelijkse",
        Kind.WEEKLY: """
            wekelijks | elke week | iedere week | per week | wekelijkse | één keer per week
            eens per week | elke maandag | elke zondag
        """,
        Kind.POLITE: """
            alsjeblieft | alstublieft | aub | ajb | svp | graag | hallo | hoi | hey | dag
            goedemorgen | goedemiddag | goedenavond | ja | ok | oké | okay | lieve bot | beste bot
            als het kan | als je kan | als je wilt | sorry | even | eens | gewoon | maar
            bij voorbaat
            s v p | a u b | alvast bedankt
        """,
        Kind.FILLER: """
            dit | deze | dat | die | de | het | een | t | n | mij | me | ons | mijn | jouw | je
            jij
            u | ik | kun | kan | kunt | kunnen | zou | wil | wilt | wou | mag | maak | maken
            schrijf
            geef | stuur | toon | antwoord | reageer | draad | draadje | thread | discussie
            gesprek | berichten | hier | hierboven | voor | van | in | op | aan | met | en | om | te
            alles | alle | hele | er | is | nu | alleen | willen | doe | wat | naar | over | toots
        """,
        Kind.NEGATION: "niet | geen | nooit | nee | zonder | niemand | niets | in plaats van | nie",
    },
    {
        "en": "engels",
        "de": "duits",
        "fr": "frans",
        "es": "spaans",
        "pt": "portugees",
        "it": "italiaans",
        "nl": "nederlands",
        "pl": "pools",
        "ru": "russisch",
        "ja": "japans",
        "zh": "chinees",
        "ko": "koreaans",
        "ar": "arabisch",
        "uk": "oekraïens",
        "tr": "turks",
        "fy": "fries",
        "sv": "zweeds",
        "da": "deens",
        "no": "noors",
        "fi": "fins",
        "eo": "esperanto",
    },
    "in het {} | in {} | naar het {} | ={}",
)
