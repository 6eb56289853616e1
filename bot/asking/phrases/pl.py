"""Polish."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "pl",
    {
        Kind.EXCLUDE: """
            mnie pominąć | mnie wykluczyć | pominąć mnie | wykluczyć mnie | mnie usunąć
            pomiń mnie | pomijaj mnie | zapomnij o mnie | zostaw mnie | beze mnie | bez mnie
            wyklucz mnie | usuń mnie | usuń moje | wypisz mnie z podsumowań | ignoruj mnie
            nie cytuj mnie | nie cytuj moich | nie uwzględniaj mnie | nie włączaj mnie
            nie streszczaj mnie | nie podsumowuj mnie | nie podsumowuj moich
            nie streszczaj moich | nie używaj moich | nie czytaj moich | nie możesz mnie cytować
            nie wolno mnie cytować | nie chcę być | nie chcę żebyś | nie chcę brać udziału
            nie zgadzam się | nie wyrażam zgody | nie wyraziłem zgody | nie wyraziłam zgody
            bez mojej zgody | przestań mnie cytować | nie obserwuj mnie | nie śledź mnie
            wszyscy oprócz mnie | trzymaj mnie z dala
            =nie cytować | =nie cytuj
        """,
        Kind.MAYBE_EXCLUDE: "oprócz mnie | poza mną | =nie ja | =mnie nie",
        Kind.KEEP: """
            mnie nie pomijać | nie pomijać mnie | mnie nie wykluczać
            nie pomijaj mnie | nie wykluczaj mnie | nie zapominaj o mnie | nie zapomnij o mnie
            nie beze mnie | nie chcę być pomijan* | nie chcę być pominięt*
            nie chcę być wykluczon* | nie usuwaj mnie | nie ignoruj mnie | nie usuwaj moich
            nie zostaw mnie | nie zostawiaj mnie
        """,
        Kind.NOT_HERE: """
            =nie tutaj | =nie tu | =tutaj nie | =tu nie | =nie w tym wątku | =nie | =nie dziękuję
            =nie dzięki | =nie teraz | nie podsumowuj | nie streszczaj | =bez podsumowań
            =bez streszczeń | nie odpowiadaj tu* | nie pisz tu* | =cicho | =cisza | =bądź cicho
            =milcz | =zamknij się | =idź sobie | =spadaj | =idź stąd | bez botów | =żadnych botów
            nie odzywaj się
        """,
        Kind.STOP_ALL: """
            =stop | =przestań | =dość | =koniec | =wypisz mnie | =wypisz | =anuluj
            =zrezygnuj | =rezygnuję | anuluj wszystko | anuluj wszystkie | anuluj moje
            wypisz mnie ze wszystkiego | zakończ wszystko | zakończ subskrypcje
            anuluj subskrypcj* | nie wysyłaj mi | nie pisz do mnie | nie przysyłaj mi
            =odsubskrybuj | =wystarczy | =zatrzymaj
            =zatrzymaj wszystko | =zakończ wszystko | =koniec ze wszystkim
        """,
        Kind.UNFOLLOW_TAG: """
            przestań obserwować ~ # | przestań śledzić ~ # | nie obserwuj ~ # | nie śledź ~ #
            odsubskrybuj ~ # | wypisz mnie ~ # | anuluj # | dość # | stop #
            przestań #
        """,
        Kind.UNFOLLOW_THREAD: """
            przestań obserwować ten | przestań śledzić ten | nie obserwuj tego | nie śledź tego
            =przestań obserwować | =przestań śledzić | nie obserwuj już | nie powiadamiaj
            wypisz mnie z tego wątku
        """,
        Kind.FOLLOW_TAG: """
            obserwuj ~ # | śledź ~ # | subskrybuj ~ # | zapisz mnie ~ # | # dla mnie
            wysyłaj mi ~ # | przysyłaj mi ~ # | # codziennie | # co tydzień | # raz w tygodniu
            # co dzień | # tygodniowo | codziennie # | co tydzień #
            obserwuj ~ hashtag $ | śledź ~ hashtag $ | # każdego dnia
        """,
        Kind.FOLLOW_THREAD: """
            obserwuj ten | obserwuj wątek | śledź ten | śledź wątek | =obserwuj | =śledź
            subskrybuj ten | =subskrybuj | daj znać | daj mi znać | powiadom mnie
            powiadamiaj mnie | informuj mnie | poinformuj mnie | powiedz mi kiedy
            powiedz mi gdy | trzymaj mnie na bieżąco
        """,
        Kind.INCLUDE: """
            uwzględnij mnie | włącz mnie | możesz mnie cytować
            cytuj mnie | możesz cytować moje wpisy | chcę być cytowany
            chcę być cytowana | uwzględniaj mnie | możecie mnie cytować
        """,
        Kind.HELP: """
            =pomoc | =pomocy | =pomóż | =pomóż mi | =potrzebuję pomocy | =komendy | =polecenia
            =instrukcja | co potrafisz | co umiesz | co możesz zrobić | jak działasz
            jak cię używać | jak z ciebie korzystać | =kim jesteś | =czym jesteś
            =jesteś botem | =czy jesteś botem | =co robisz | =możesz mi pomóc
        """,
        Kind.STATUS: """
            =jesteś tam | =jesteś | =żyjesz | =działasz | =czy działasz | =czy jesteś
            =jest tu ktoś | =jesteś tu | moje subskrypcje | co dla mnie robisz | co obserwuję
            co subskrybuję | co o mnie wiesz | jakie hashtagi obserwuję | =stan
        """,
        Kind.DIGEST: """
            dzisiejszy digest | ostatni digest | =wiadomości | =aktualności | =nowości
            podsumowanie dnia | przegląd dnia | =co się dzieje | =co słychać w świecie
            =przegląd | przegląd wiadomości | digest z dzisiaj | =newsy
        """,
        Kind.SUMMARIZE: """
            podsumuj | podsumowanie | podsumować | podsumowania | podsumujesz | podsumujcie
            streszczenie | streść | streścić | streszcz | streścisz | streszczenia | skrót
            w skrócie | skrócie | co ludzie mówią | co ludzie powiedzieli | co mówią ludzie
            o czym to jest | o czym jest ten | o co chodzi | o co tu chodzi | o czym mowa
            co mnie ominęło | co przegapiłem | co przegapiłam | najważniejsze punkty
            =ten wątek | =to | za długie nie czytałem | za długie nie czytałam | sedno | esencja
            co tu się dzieje | w pigułce
        """,
        Kind.ABOUT: """
            co ludzie mówią o | co ludzie powiedzieli o | co mówią o | co mówią ludzie o
            co powiedziano o | co napisano o | co ludzie myślą | co sądzą | co ludzie sądzą
            czy ktoś | ktoś powiedział | ktoś wspomniał | kto powiedział | kto mówi | kto uważa
            kto wspomniał | jakie argumenty | jakie są argumenty | jakie są opinie
        """,
        Kind.QUESTION: """
            ^co | ^kto | ^kogo | ^jaki | ^jaka | ^jakie | ^który | ^która | ^które | ^dlaczego
            ^czemu
            ^jak | ^kiedy | ^gdzie | ^ile | ^ilu | ^czy | ^skąd | ^o czym | ^po co
        """,
        Kind.THANKS: """
            dziękuję | dzięki | dziękuje | dzieki | dzięki wielkie | bardzo dziękuję | dziękówka
            wielkie dzięki | dzięki za podsumowanie | dziękuję za podsumowanie
            dzięki za streszczenie | dziękuję za streszczenie | dzięki za pomoc
            dziękuję za pomoc | dobry bot | grzeczny bot | świetny bot | kochany bot | =świetnie
            =super | =super robota | =dobra robota | =brawo | =ekstra | =doskonale | =fajnie
            =wspaniale | =pomocne | =przydatne | =dobre podsumowanie | =świetne podsumowanie
            =kocham | =idealnie | =spoko | =fajne | =świetna robota
        """,
        Kind.CHAT: "twoje podsumowanie jest | to podsumowanie jest | złe podsumowanie",
        Kind.SHORTER: """
            krócej | krótko | krótsze | krótszy | krótkie | krótki | w jednym zdaniu | zwięźle
            w dwóch zdaniach | w kilku słowach | w kilku zdaniach | w trzech zdaniach
            jednym zdaniem | króciutko | zwięzłe
        """,
        Kind.LONGER: """
            dłużej | dłuższe | dłuższy | szczegółowo | szczegółowe | szczegółowy | ze szczegółami
            więcej szczegółów | dokładniej | =więcej | obszernie | obszerne | dokładnie | długie
            bardziej szczegółowo
        """,
        Kind.PUBLIC: """
            publicznie | publiczna odpowiedź | publiczne podsumowanie | widoczne dla wszystkich
        """,
        Kind.PRIVATE: """
            prywatnie | na priv | priv | tylko dla mnie | tylko mnie | w wiadomości prywatnej
            bezpośrednio | na priva | tylko mi | w dm
        """,
        Kind.DAY: """
            ostatni dzień | ostatniego dnia | ostatnie 24 godziny | ostatnich 24 godzin | dzisiaj
            dziś | od wczoraj | z dzisiaj | ostatniej doby | dzisiejsze
        """,
        Kind.NEW: """
            od twojego ostatniego | od ostatniego | od ostatniej | od ostatniego razu
            co się zmieniło | co nowego | tylko nowe | tylko nowości | nowe wpisy
            nowe odpowiedzi | coś nowego | =aktualizacja | co jest nowego | tylko to co nowe
        """,
        Kind.DAILY: "codziennie | każdego dnia | co dzień | dziennie | raz dziennie",
        Kind.WEEKLY: """
            co tydzień | tygodniowo | raz w tygodniu | każdego tygodnia | raz na tydzień
            cotygodniowo | w tygodniu
        """,
        Kind.POLITE: """
            proszę | prosze | poproszę | prosiłbym | prosiłabym | cześć | czesc | hej | witaj
            siema | dzień dobry | dobry wieczór | tak | ok | okej | dobra | drogi bocie | bocie
            jeśli możesz | jak możesz | przepraszam | no | uprzejmie | z góry dzięki
            jeśli to możliwe | a | ej
        """,
        Kind.FILLER: """
            to | ten | ta | te | tego | tę | tej | tym | mi | mnie | mój | moje | twoje | ty | ja
            możesz | możecie | mógłbyś | mogłabyś | mógłby | chcę | chciałbym | chciałabym | zrób
            zrobić | napisz | daj | wyślij | odpowiedz | odpowiedzieć | pokaż | wątek | wątku
            dyskusję | dyskusja | dyskusji | rozmowę | rozmowa | rozmowy | wpisy | tutaj | tu
            dla | z | w | na | po | o | i | do | od | wszystko | cały | całą | tylko | się | jest
            czy | mogę | prosić | teraz | za | całość
        """,
        Kind.NEGATION: "nie | nigdy | bez | żaden | żadnych | ani | nikt | zamiast | wcale",
    },
    {
        "en": "angielsku",
        "de": "niemiecku",
        "fr": "francusku",
        "es": "hiszpańsku",
        "pt": "portugalsku",
        "it": "włosku",
        "nl": "niderlandzku | holendersku",
        "pl": "polsku",
        "ru": "rosyjsku",
        "ja": "japońsku",
        "zh": "chińsku",
        "ko": "koreańsku",
        "ar": "arabsku",
        "uk": "ukraińsku",
        "cs": "czesku",
        "tr": "turecku",
        "sv": "szwedzku",
        "eo": "esperancku",
    },
    "po {}",
)
