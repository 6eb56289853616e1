"""Spanish."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "es",
    {
        Kind.EXCLUDE: """
            dejarme fuera | dejarme afuera | sacarme | excluirme | olvidarme
            déjame fuera | dejame afuera | déjenme fuera | déjeme fuera | déjame en paz
            déjame tranquilo | déjame tranquila | sin mí | sin mis | olvídame | olvídate de mí
            exclúyeme | excluyeme | excluye mis | excluirme | sácame | quítame | ignórame
            bórrame | borra mis | omíteme | no me cites | no me cite | no me citen
            no puedes citarme | no me incluyas | no me resumas | no me metas | no resumas mis
            no uses mis | no leas mis | no quiero que | no quiero aparecer | no quiero salir
            no quiero estar | no quiero ser | no doy permiso | no doy mi permiso
            no doy mi consentimiento | no he dado | no he consentido | sin mi permiso
            sin mi consentimiento | deja de citarme | deja de resumirme | no me sigas
            deja de seguirme | todos menos yo | todos menos a mí
            =no citar | =sin citar | =no citarme
        """,
        Kind.MAYBE_EXCLUDE: "menos yo | excepto yo | =yo no",
        Kind.KEEP: """
            no dejarme fuera | no excluirme | no sacarme | no olvidarme
            no me dejes fuera | no me excluyas | no me olvides | no sin mí | no te olvides de mí
            no me ignores | no me saques | no quiero quedar fuera | no quiero quedarme fuera
            no quiero ser excluido | no quiero ser excluida | no me borres
        """,
        Kind.NOT_HERE: """
            =aquí no | =no aquí | =acá no | =no acá | =en este hilo no | =no en este hilo | =no
            =no gracias | =ahora no | no resumas | no lo resumas | =sin resumen | =sin resúmenes
            no respondas aquí | no contestes aquí | no publiques aquí | =cállate | =callate
            =silencio | =vete | =lárgate | =fuera | =fuera de aquí | sin bots aquí | =sin bots
            no quiero bots aquí | mantente fuera | deja de resumir
        """,
        Kind.STOP_ALL: """
            =para | =parar | =alto | =basta | =detente | =stop | =cancelar | =cancela
            =darme de baja | =dame de baja | dame de baja de todo | =baja | =desuscribir
            =desuscribirme | desuscríbeme | cancela todo | cancela mis | cancelar mis
            cancela todas | no me envíes más | no me mandes más | no más mensajes
            deja de escribirme | deja de enviarme | deja de mandarme | =ya basta
            =quiero darme de baja
            =para todo | =parar todo | =detener todo | =detén todo
        """,
        Kind.UNFOLLOW_TAG: """
            deja de seguir ~ # | dejar de seguir ~ # | no sigas ~ # | desuscríbeme ~ # | no más #
            cancela # | para # | dame de baja ~ # | ya no ~ # | stop #
        """,
        Kind.UNFOLLOW_THREAD: """
            deja de seguir este | deja de seguir el hilo | =dejar de seguir | =deja de seguir
            no sigas este | desuscríbeme de este | no me avises | dejar de seguir este
            deja de seguir esta
        """,
        Kind.FOLLOW_TAG: """
            sigue ~ # | seguir ~ # | suscríbeme ~ # | suscribirme ~ # | # para mí | envíame ~ #
            mándame ~ # | vigila ~ # | # cada día | # cada semana | # todos los días | # diario
            # semanal | # diariamente | # semanalmente | # una vez por semana
            # una vez a la semana | sigue ~ etiqueta $ | sigue ~ hashtag $ | avísame de #
        """,
        Kind.FOLLOW_THREAD: """
            sigue este hilo | sigue el hilo | seguir este hilo | sigue esta | =sigue | =seguir
            suscríbeme a este | =suscríbeme | =suscribirme | avísame | avísenme | notifícame
            mantenme al tanto | mantenme informado | mantenme informada | mantenme al día
            dime cuando | dime si hay más | seguir el hilo
        """,
        Kind.INCLUDE: """
            inclúyeme | incluyeme | puedes citarme
            me puedes citar | cítame | puedes incluirme
            quiero que me incluyas | puedes citar mis mensajes | inclúyeme de nuevo
            inclúyeme otra vez
        """,
        Kind.HELP: """
            =ayuda | =ayúdame | =ayudame | =socorro | =necesito ayuda | =comandos | =instrucciones
            qué puedes hacer | qué sabes hacer | cómo funcionas | cómo se usa | cómo te uso
            =quién eres | =qué eres | =eres un bot | =qué haces | =puedes ayudarme
            =me puedes ayudar | qué comandos | =me ayudas
        """,
        Kind.STATUS: """
            =estado | =estás ahí | =sigues ahí | =estás vivo | =estás viva | =funcionas
            =hay alguien | =estás | mis suscripciones | qué haces por mí | a qué estoy suscrit*
            qué sigo | qué sabes de mí | =estás en línea | qué etiquetas sigo
        """,
        Kind.DIGEST: """
            el digest | último digest | =noticias | =las noticias | =novedades de hoy
            =qué pasa hoy | resumen de hoy | resumen del día | =qué hay hoy | digest de hoy
            el boletín | =boletín | =titulares | =qué está pasando
        """,
        Kind.SUMMARIZE: """
            resumen | resumir | resume esto | resume este | resume el hilo | resume la | resumeme
            resúmeme | resúmelo | resumelo | resumirlo | resumirme | resumes | resuma | resumas
            =resume | =resumí | resumí esto | resumime | resumen plis | qué dice la gente
            qué dijo la gente | qué se dice | qué ha dicho la gente | de qué va | de qué trata
            de qué se trata | de qué hablan | qué me perdí | qué me he perdido | en resumen
            puntos clave | lo esencial | sintetiza | síntesis | ponme al día | =este hilo | =esto
            demasiado largo | muy largo no leí | resumidas cuentas | resumencito | resume en
            resume publi* | resume públi* | qué está pasando aquí | hazme un resumen
        """,
        Kind.ABOUT: """
            qué dice la gente de | qué dice la gente sobre | qué dijo la gente sobre
            qué dijo la gente de | qué se dice sobre | qué se dice de | qué dijeron sobre
            qué dijeron de | qué dicen sobre | qué dicen de | qué opina la gente
            qué opinan | qué piensan | qué piensa la gente | alguien ha dicho | alguien dijo
            alguien dice | alguien menciona | alguien mencionó | quién dijo | quién dice
            quién menciona | qué argumentos
        """,
        Kind.QUESTION: """
            ^qué | ^quién | ^quiénes | ^cuál | ^cuáles | ^cómo | ^cuándo | ^dónde | ^por qué
            ^cuánto | ^cuánta | ^cuántos | ^cuántas | ^hay alguien que | ^alguien | ^a quién
            ^de qué | ^de quién
        """,
        Kind.THANKS: """
            gracias | muchas gracias | mil gracias | gracias por el resumen | gracias por la ayuda
            gracias por tu ayuda | buen bot | gran bot | lindo bot | =genial | =perfecto
            =excelente | =bravo | =muy bien | =buen trabajo | =estupendo | =qué bueno | =guay
            =fantástico | =bien hecho | =buen resumen | =gran resumen | =muy útil | =útil
            =te quiero | =me encanta | =maravilloso | =chévere | =excelente resumen | =mola
            =qué buen resumen | =te amo | =de lujo
        """,
        Kind.CHAT: """
            tu resumen es | el resumen es | mal resumen | este resumen es | resumen está mal
        """,
        Kind.SHORTER: """
            más corto | más corta | corto | corta | breve | brevemente | más breve | en una frase
            en dos frases | en pocas palabras | en una oración | en tres frases | cortito | conciso
            brevísimo | rápido
        """,
        Kind.LONGER: """
            más largo | más larga | largo | detallado | detallada | en detalle | con detalle
            con detalles | con más detalle | más detalles | más detallado | completo | extenso
            =más | a fondo
        """,
        Kind.PUBLIC: """
            públicamente | en público | respuesta pública | resumen público | de forma pública
            de manera pública | visible para todos | a la vista de todos
        """,
        Kind.PRIVATE: """
            en privado | privado | privada | por privado | por dm | por md | mensaje directo
            solo para mí | sólo para mí | nada más para mí
            solo a mí | privadamente | discretamente
        """,
        Kind.DAY: """
            último día | últimas 24 horas | últimas 24h | hoy | desde ayer | de hoy
            últimas veinticuatro horas
        """,
        Kind.NEW: """
            desde tu último | desde el último | desde la última vez | qué ha cambiado | qué cambió
            qué hay de nuevo | qué hay nuevo | algo nuevo | novedades | solo lo nuevo
            solo los nuevos | mensajes nuevos | respuestas nuevas | actualización | =actualiza
            qué novedades | lo nuevo
        """,
        Kind.DAILY: "cada día | todos los días | diario | diariamente | a diario | al día",
        Kind.WEEKLY: """
            cada semana | semanal | semanalmente | una vez por semana | una vez a la semana
            todas las semanas | por semana | todos los lunes | todos los domingos
        """,
        Kind.POLITE: """
            por favor | porfa | porfis | plis | porfavor | x favor | xfa | xfavor | hola | buenas
            buenos días | buenas tardes | buenas noches | sí | ok | vale | querido bot | oye | ey
            si puedes | si es posible | de antemano | gracias de antemano | perdón | perdona
            disculpa | disculpe | amigo | bueno | pues | che | amable | sería tan amable | anda
        """,
        Kind.FILLER: """
            este | esta | esto | estos | estas | ese | esa | eso | el | la | los | las | lo | un
            una | de | del | me | mi | tu | te | nos | tú | yo | puedes | podrías | puede | podés
            podría | quiero | quisiera | necesito | dame | da | haz | hazme | hacer | haces | hace
            envía | escribe | responde | responder | publica | hilo | discusión | conversación
            debate | mensajes | aquí | acá | en | para | por | a | al | con | y | que | todo | toda
            todos | más | solo | sólo | es | hay | se | ahora | su | toots
        """,
        Kind.NEGATION: "no | nunca | jamás | sin | ni | tampoco | nada | en vez de",
    },
    {
        "en": "inglés",
        "de": "alemán",
        "fr": "francés",
        "es": "español | castellano",
        "pt": "portugués",
        "it": "italiano",
        "nl": "neerlandés | holandés",
        "pl": "polaco",
        "ru": "ruso",
        "ja": "japonés",
        "zh": "chino | mandarín",
        "ko": "coreano",
        "ar": "árabe",
        "uk": "ucraniano",
        "tr": "turco",
        "sv": "sueco",
        "ca": "catalán",
        "eu": "euskera | vasco",
        "gl": "gallego",
        "el": "griego",
        "hu": "húngaro",
        "ro": "rumano",
        "eo": "esperanto",
    },
    "en {} | al {} | ={} | en idioma {}",
)
