"""German."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "de",
    {
        Kind.EXCLUDE: """
            mich rauslassen | mich auslassen | mich ausschließen | mich raushalten | nicht mich
            mich rausnehmen | mich herausnehmen | mich weglassen
            lass mich raus | lass mich da raus | lass mich aus | lass mich außen vor
            lass mich draußen | lass mich in ruhe | lasst mich raus | lassen sie mich raus
            lassen sie mich in ruhe | lass mich weg | lass meine ~ raus | lass meine ~ in ruhe
            ohne mich | ohne meine
            vergiss mich | vergiss meine | schließ mich aus | schliess mich aus
            schließe mich aus | nimm mich raus | nimm mich heraus | nimm mich da raus
            streich mich | ignorier mich | ignoriere mich | überspring mich | lösch mich
            lösche mich | lösche meine | lösch meine | zitier mich nicht | zitiere mich nicht
            mich nicht zitieren | mich nicht aufnehmen | mich nicht zusammenfassen
            mich nicht erwähnen | mich nicht einbeziehen | =mich nicht | nicht zitiert werden
            nicht vorkommen
            nicht aufgenommen werden | nimm mich nicht auf | nimm mich nicht rein
            fass mich nicht zusammen | meine beiträge nicht | meine posts nicht
            meine toots nicht | nicht meine | keine zitate von mir | will raus | möchte raus
            will nicht dabei sein | möchte nicht dabei sein | will da nicht | widerspreche
            nicht zugestimmt | keine zustimmung | keine erlaubnis | ohne meine zustimmung
            ohne meine erlaubnis | nicht erlaubt mich | darfst mich nicht | nicht von mir
            ich möchte nicht dass du | ich will nicht dass du | entferne mich | entferne meine
            entfolge mir | folge mir nicht | folg mir nicht | hör auf mich | alle außer mir
            alle ausser mir | alle außer mich
            =nicht zitieren | =das nicht zitieren | =kein zitieren | =keine zitate
        """,
        Kind.MAYBE_EXCLUDE: "außer mir | =nicht ich",
        Kind.KEEP: """
            mich nicht rauslassen | mich nicht auslassen | mich nicht ausschließen
            mich nicht weglassen | mich nicht rausnehmen
            lass mich nicht raus | lass mich nicht aus | lass mich nicht außen vor
            lass mich nicht weg | vergiss mich nicht | nicht ohne mich | schließ mich nicht aus
            schliess mich nicht aus | schließe mich nicht aus | ignorier mich nicht
            ignoriere mich nicht | nicht ausgeschlossen werden | lösch mich nicht
            will nicht raus | möchte nicht raus | stört mich nicht | interessiert mich nicht
            verstehe mich nicht | kenne mich nicht | wundert mich nicht | ich habe mich nicht
            nimm mich nicht raus
        """,
        Kind.NOT_HERE: """
            =nicht hier | =hier nicht | =bitte nicht hier | =nicht in diesem thread | =nein
            =nicht in meinem thread | =nein danke | =nö | =nee | =ne danke | =lass das
            =lass es | =bitte nicht | =nicht jetzt | nicht zusammenfassen
            fass das nicht zusammen | fasse das nicht zusammen | fass nicht zusammen
            fass diesen thread nicht zusammen | =keine zusammenfassung | =keine zusammenfassungen
            keine zusammenfassung hier | bleib hier weg | bleib hier raus | halt dich hier raus
            halt dich raus | halt dich da raus | =sei still | =sei ruhig | =ruhe | =halt die klappe
            =klappe | =schnauze | =geh weg | =hau ab | =verschwinde | =verpiss dich
            antworte hier nicht | hier nicht antworten | nicht hier antworten | keine bots hier
            hier keine bots | =keine bots | =kein bot | poste hier nicht | schweig hier | =schweig
            hör auf zusammenzufassen
        """,
        Kind.STOP_ALL: """
            =stopp | =stop | =halt | =hör auf | =hör auf damit | =aufhören | =abbestellen
            alles abbestellen | =abmelden | melde mich ab | meld mich ab | =abbrechen | =schluss
            beende alles | beende alle | alle abos | bestell alles ab | bestelle alles ab
            schick mir nichts mehr | schicke mir nichts mehr | keine nachrichten mehr
            keine dms mehr | schreib mir nicht mehr | schreibe mir nicht mehr | =genug
            =es reicht | =reicht | =nichts mehr | kündige | =abo beenden | =abos beenden
            =alles stoppen | =stoppe alles | =stopp alles | =alles beenden | =alles abbrechen
        """,
        Kind.UNFOLLOW_TAG: """
            entfolge ~ # | # nicht mehr | # abbestellen | # entfolgen | bestell ~ # ab
            bestelle ~ # ab | kein # mehr | keine # mehr | folge ~ # nicht mehr
            folge # nicht mehr | folg # nicht mehr | # ~ abbestellen | stopp # | beende #
            nicht mehr # | hashtag $ abbestellen | entfolge ~ hashtag $
        """,
        Kind.UNFOLLOW_THREAD: """
            entfolge diesem | =entfolgen | =entfolge | diesem thread nicht mehr
            diesen thread nicht mehr | folge ~ thread nicht mehr | folg ~ thread nicht mehr
            thread ~ abbestellen | sag mir nicht mehr bescheid | nicht mehr bescheid
            hier nicht mehr folgen | nicht mehr verfolgen
        """,
        Kind.FOLLOW_TAG: """
            folge ~ # | folg ~ # | abonniere ~ # | # ~ abonnieren | # für mich | # folgen
            verfolge ~ # | beobachte ~ # | schick mir ~ # | schicke mir ~ # | # täglich
            # wöchentlich | # jede woche | # jeden tag | täglich # | wöchentlich #
            halt mich über # | folge ~ hashtag $ | abonniere ~ hashtag $ | # einmal pro woche
            informiere mich über # | folg ~ hashtag $
        """,
        Kind.FOLLOW_THREAD: """
            folge diesem | folge dem thread | folg diesem | folg dem thread | =folgen
            =folge dem | verfolge diesen | verfolge den thread | beobachte diesen
            beobachte den thread | abonniere diesen | abonniere den thread | thread abonnieren
            =abonnieren | sag bescheid | sag bescheid wenn | sag mir bescheid | gib bescheid
            gib mir bescheid | bescheid wenn | sag mir wenn | sage mir wenn | melde dich wenn
            meld dich wenn | halt mich auf dem laufenden | halte mich auf dem laufenden
            auf dem laufenden | informiere mich wenn | benachrichtige mich
            benachrichtig mich | thread folgen | diesem thread folgen
        """,
        Kind.INCLUDE: """
            nimm mich auf | nimm mich rein | nimm mich wieder auf
            nimm mich wieder rein | du darfst mich zitieren | du darfst mich wieder zitieren
            ihr dürft mich zitieren | sie dürfen mich zitieren | du darfst meine beiträge zitieren
            du darfst meine posts zitieren | du darfst mich aufnehmen | zitier mich
            zitiere mich
        """,
        Kind.HELP: """
            =hilfe | =hilf mir | =brauche hilfe | =ich brauche hilfe | =befehle | =anleitung
            =kommandos | was kannst du | wie funktionierst du | wie benutze ich dich
            wie benutzt man dich | =wer bist du | =was bist du | =bist du ein bot | =was machst du
            =kannst du mir helfen | =kannst du helfen | was kann ich dich fragen
            welche befehle | wie geht das hier | =hülfe | =erklär dich | wer betreibt dich
        """,
        Kind.STATUS: """
            =bist du da | =bist du noch da | =bist du online | =bist du wach | =lebst du noch
            =lebst du | =noch da | =jemand da | =läufst du | =läufst du noch | =funktionierst du
            meine abos | meine abonnements | was machst du für mich | was habe ich abonniert
            was hab ich abonniert | wem folge ich | was folge ich | welchen hashtags folge ich
            was weißt du über mich | was speicherst du | =zustand | =bist du wach
        """,
        Kind.DIGEST: """
            der digest | den digest | aktueller digest | aktuellen digest | neuester digest
            heutigen digest | heutiger digest | digest von heute | =nachrichten | =neuigkeiten
            =die nachrichten | =was ist los | =was gibt es | =tagesüberblick | den überblick
            =überblick von heute | =was ist heute los | =was ist gerade los | =überblick
            die nachrichten von heute | digest von jetzt
        """,
        Kind.SUMMARIZE: """
            fass zusammen | fasse zusammen | fass ~ zusammen | fasse ~ zusammen | fassen ~ zusammen
            zusammenfassung | zusammenfassen | zusamenfassung | zusammenfasung | zusammfassung
            zusammenfssung | zusammenfass | zusammengefasst | zsfg | zsf | kurzfassung | überblick
            übersicht | was wurde gesagt | was sagen die leute | was haben die leute gesagt
            worum geht es | worum gehts | worum geht s | um was geht es | um was gehts
            um was geht s | was ist hier los | was geht hier ab | was hab ich verpasst
            was habe ich verpasst | was haben wir verpasst | kurz und knapp | das wichtigste
            die wichtigsten punkte | kernpunkte | kernaussagen | bring mich auf den stand
            bring mich auf stand | klär mich auf | zu lang nicht gelesen | zu lang zum lesen
            =diesen thread | =das hier | =den thread | =mach mal | =mach dein ding | resümee
            quintessenz | was ist der stand | kurzversion | was steht hier
            wer hat was gesagt | zusammenfaßung
        """,
        Kind.ABOUT: """
            was sagen die leute über | was sagen die leute zu | was wurde über | was wurde zu
            was haben die leute über | was haben die leute zu | was sagen sie über
            was sagen sie zu | was denken die leute über | was denken sie über
            hat jemand etwas | hat jemand was | hat jemand | sagt jemand | erwähnt jemand
            gibt es meinungen zu | was meinen die leute zu | was meint ihr zu | wer hat gesagt
            wer sagt | wer meint | wer findet | welche argumente | was steht hier über
            was wird über | was wird zu
        """,
        Kind.QUESTION: """
            ^was | ^wer | ^wen | ^wem | ^wessen | ^welche | ^welcher | ^welches | ^welchen
            ^warum | ^wieso | ^weshalb | ^wie | ^wann | ^wo | ^woher | ^wohin | ^worüber
            ^womit | ^wozu | ^hat jemand | ^gibt es | ^gab es | ^sagt jemand | ^und was | ^und wer
            ^und warum | ^wieviel | ^wofür | ^wogegen
        """,
        Kind.THANKS: """
            danke | danke schön | dankeschön | danke dir | vielen dank | herzlichen dank
            besten dank | merci | dankeee | lieben dank | tausend dank | danke sehr
            danke für die zusammenfassung | danke für die hilfe | danke für deine hilfe
            danke fürs zusammenfassen | guter bot | braver bot | toller bot | bester bot
            netter bot | lieber bot | =gut gemacht | gute arbeit | =super | =toll | =klasse
            =prima | =perfekt | =cool | =genial | =spitze | =großartig | =sehr gut | =wunderbar
            =hilfreich | =sehr hilfreich | =gute zusammenfassung | =tolle zusammenfassung
            =super zusammenfassung | =sehr gute zusammenfassung | =schöne zusammenfassung
            =das ist toll | =das hilft | =das hat geholfen | =ich liebe es | =geil | =mega
            =du bist toll | =du bist super | =du bist der beste | =schön | =gut | =hammer
        """,
        Kind.CHAT: """
            deine zusammenfassung ist | die zusammenfassung ist | schlechte zusammenfassung
            zusammenfassung stimmt nicht | zusammenfassung ist falsch | falsche zusammenfassung
        """,
        Kind.SHORTER: """
            kürzer | kurz | knapp | ganz kurz | in einem satz | in zwei sätzen | in wenigen worten
            in drei sätzen | in ein paar sätzen | kürzere | kurze | kurzen | knappe
            fasse dich kurz
            fass dich kurz | möglichst kurz | ein satz | knapper
            etwas kürzer | bisschen kürzer
        """,
        Kind.LONGER: """
            länger | ausführlich | ausführlicher | ausführliche | detailliert | detaillierter
            detaillierte | im detail | mehr details | mit details | längere | lange | genauer
            =mehr | umfassend | umfangreich | umfassende | in aller länge
            etwas länger | bisschen länger | etwas ausführlicher
        """,
        Kind.PUBLIC: """
            öffentlich | oeffentlich | in der öffentlichkeit | für alle sichtbar
            sichtbar für alle | öffentliche antwort | öffentliche zusammenfassung
        """,
        Kind.PRIVATE: """
            privat | private | direkt | per dm | als dm | nur mir | nur für mich | heimlich
            vertraulich | per direktnachricht | nichtöffentlich | unöffentlich | diskret
        """,
        Kind.DAY: """
            letzten tag | letzter tag | letzte 24 stunden | letzten 24 stunden | heute
            seit gestern | von heute | den letzten tag | des letzten tages | heutigen
            letzten tages
        """,
        Kind.NEW: """
            seit deiner letzten | seit der letzten zusammenfassung | seit dem letzten mal
            seit letztem mal | was ist neu | was gibts neues | was gibt s neues
            was gibt es neues | was hat sich geändert | was hat sich getan | nur das neue
            nur neues | nur die neuen | neue beiträge | neue antworten | =neues | =update
            etwas neues | gibt es neues | gibts was neues | gibt es was neues | was neues
            seit dem letzten | nur neue | was sich geändert hat | was neu ist | irgendwas neues
        """,
        Kind.DAILY: "täglich | jeden tag | einmal am tag | pro tag | tägliche",
        Kind.WEEKLY: """
            wöchentlich | jede woche | einmal die woche | einmal pro woche | pro woche
            wöchentliche | jeden montag | jeden sonntag | in der woche
        """,
        Kind.POLITE: """
            bitte | bitteschön | bidde | hallo | hi | moin | moinsen | servus | grüezi | hey
            guten tag
            guten morgen | guten abend | grüß gott | ja | jo | ok | okay | lieber bot | liebe
            mal | doch | einfach | kurz mal | gerne | gern | wenn du magst | wenn möglich
            wenn es geht | wenns geht | wenn du kannst | entschuldigung | sorry | danke im voraus
            ma | halt mal | so | also | naja | na | ey | eben | eh | vielleicht | tach
        """,
        Kind.FILLER: """
            das | dies | diese | dieser | diesen | dieses | den | der | die | dem | des | ein | eine
            einen | einem | mir | uns | mich | du | ich | kannst | könntest | könnten | würdest
            willst | magst | möchte | will | hätte | brauche | mach | mache | machen | erstelle
            schreib | schreibe | schick | gib | zeig | antworte | antworten | thread | faden
            diskussion | unterhaltung | gespräch | hier | oben | für | zu | von | vom | im | in
            auf | und | alle | alles | ganze | ganzen | es | beiträge | tröts | mit | sie | euch
            bis | jetzt | hast | haben | nur | was | wir | sich | was hier | ist | zum | zur | ne
            nen
        """,
        Kind.NEGATION: """
            nicht | kein | keine | keinen | nie | niemals | nein | ohne | nich | ned | net | nix
            statt
        """,
    },
    {
        "en": "englisch | englische | englischer sprache",
        "de": "deutsch | deutsche | deutscher sprache",
        "fr": "französisch | franzoesisch | französische | französischer sprache",
        "es": "spanisch | spanische",
        "pt": "portugiesisch",
        "it": "italienisch",
        "nl": "niederländisch | holländisch",
        "pl": "polnisch",
        "ru": "russisch",
        "ja": "japanisch",
        "zh": "chinesisch",
        "ko": "koreanisch",
        "ar": "arabisch",
        "uk": "ukrainisch",
        "tr": "türkisch",
        "sv": "schwedisch",
        "da": "dänisch",
        "no": "norwegisch",
        "fi": "finnisch",
        "cs": "tschechisch",
        "el": "griechisch",
        "he": "hebräisch",
        "hi": "hindi",
        "ca": "katalanisch",
        "hu": "ungarisch",
        "ro": "rumänisch",
        "eo": "esperanto",
        "fa": "persisch",
    },
    "auf {} | ins {} | in {} | ={} | auf gut {} | auf einfachem {}",
)
