"""Portuguese."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "pt",
    {
        Kind.EXCLUDE: """
            me deixar de fora | me excluir | me tirar | me remover | deixar me de fora
            me deixe de fora | me deixa de fora | deixa me de fora | deixe me de fora
            me deixe fora
            me deixa fora | me deixe em paz | me deixa em paz | deixa me em paz | me esqueça
            me esquece | esquece me | esqueça me | sem mim | me exclua | me exclui | exclui me
            exclua me | exclua minhas | exclua meus | me tire | me tira | tira me | me remova
            remove me | remova meus | apague meus | me ignore | ignora me | não me inclua
            não me inclui | não me cite | não me cita | não me resuma | não resuma meus
            não resuma minhas | não use meus | não use minhas | não leia meus | não quero que
            não quero ser | não quero aparecer | não quero estar | não quero fazer parte
            não pode me citar | não podes citar me | não autorizo | não dou permissão
            não dei permissão | não consenti | sem minha permissão | sem a minha permissão
            sem meu consentimento | pare de me citar | para de me citar | pare de me resumir
            não me siga | pare de me seguir | todos menos eu
            =não citar | =sem citar | =não me citar
        """,
        Kind.MAYBE_EXCLUDE: "menos eu | exceto eu | =eu não",
        Kind.KEEP: """
            não me deixar de fora | não me excluir | não me tirar | não me remover
            não me deixe de fora | não me deixa de fora | não me deixes de fora | não me exclua
            não me esqueça | não me esquece | não sem mim | não quero ficar de fora
            não quero ser excluído | não quero ser excluída | não me ignore | não se esqueça de mim
            não me remova | não me tire
        """,
        Kind.NOT_HERE: """
            =aqui não | =não aqui | =neste fio não | =nesta thread não | =não | =não obrigado
            =não obrigada | =agora não | não resuma | não resumas | não resume | =sem resumo
            =sem resumos | não responda aqui | não respondas aqui | não poste aqui | =cala a boca
            =cale se | =cala te | =silêncio | =vai embora | =vá embora | =sai daqui | =sai fora
            sem bots aqui | =sem bots | fique fora | fica fora disto | pare de resumir
        """,
        Kind.STOP_ALL: """
            =pare | =parar | =para | =pára | =chega | =cancelar | =cancela | =cancele | =basta
            =descadastrar | =desinscrever | =me descadastre | =cancelar inscrição | cancele tudo
            cancela tudo | cancelar tudo | cancele minhas | cancelar minhas | cancelar subscri*
            não me envie mais | não me mande mais | não me manda mais | não me envies mais
            pare de me enviar | pare de me mandar | chega de mensagens | =sair
            =para tudo | =parar tudo | =pare tudo | =pare com tudo
        """,
        Kind.UNFOLLOW_TAG: """
            deixe de seguir ~ # | deixa de seguir ~ # | deixar de seguir ~ # | pare de seguir ~ #
            não siga ~ # | chega de # | cancele # | cancela # | não quero mais #
            pare # | pare com #
        """,
        Kind.UNFOLLOW_THREAD: """
            deixe de seguir est* | deixa de seguir est* | pare de seguir est* | =deixar de seguir
            =deixe de seguir | não siga mais est* | não me avise mais | deixar de seguir est*
            pare de acompanhar
        """,
        Kind.FOLLOW_TAG: """
            siga ~ # | segue ~ # | seguir ~ # | acompanhe ~ # | acompanha ~ # | inscreva me ~ #
            me inscreva ~ # | # para mim | # pra mim | me envie ~ # | me mande ~ # | me manda ~ #
            envia me ~ # | # todo dia | # todos os dias | # diariamente | # toda semana
            # semanalmente | # uma vez por semana | # diário | # semanal | siga ~ hashtag $
            segue ~ hashtag $ | # por semana
        """,
        Kind.FOLLOW_THREAD: """
            siga est* | segue est* | siga o fio | segue o fio | siga a thread | seguir est*
            =seguir | =siga | =segue | acompanhe est* | acompanha est* | me avise | me avisa
            avisa me | avise me | me notifique | notifica me | me mantenha informad*
            mantém me informad* | me inscreva nest* | me diga quando | diz me quando
            me mantenha atualizad*
        """,
        Kind.INCLUDE: """
            me inclua | me inclui | inclui me
            inclua me | pode me citar | podes citar me
            você pode me citar | pode citar me | me cite
            pode me incluir | quero ser incluído | quero ser incluída
            pode citar meus posts | me inclua de novo
        """,
        Kind.HELP: """
            =ajuda | =me ajuda | =ajuda me | =socorro | =preciso de ajuda | =comandos
            =instruções | o que você faz | o que você pode fazer | o que sabes fazer
            o que podes fazer | o que vc faz | como você funciona | como funciona você
            como te uso | como usar | =quem é você | =quem és tu | =o que é você | =você é um bot
            =pode me ajudar | =podes ajudar me | quais comandos
        """,
        Kind.STATUS: """
            =estado | =você está aí | =está aí | =tá aí | =estás aí | =ainda está aí
            =tem alguém aí
            =vc tá aí | minhas inscrições | minhas subscrições | minhas assinaturas
            o que você faz por mim | o que eu sigo | o que estou seguindo | o que sabe sobre mim
            =está funcionando | =está vivo | =tá vivo | quais hashtags eu sigo
        """,
        Kind.DIGEST: """
            o digest | último digest | =notícias | =as notícias | resumo do dia | resumo de hoje
            digest de hoje | =o que está acontecendo | =o que tá rolando | =novidades de hoje
            =manchetes | o boletim | =o que se passa | =as últimas
        """,
        Kind.SUMMARIZE: """
            resumo | resumir | resuma | =resume | resume isto | resume isso | resume est*
            resume o fio | resume a thread | resume aí | resume pra mim | resumão | resuminho
            resumão aí | resumida | me resume | o que as pessoas disseram | o que estão dizendo
            o que as pessoas estão dizendo | o que foi dito | do que se trata | sobre o que é
            do que falam | o que perdi | o que eu perdi | pontos principais | sintetize
            sintetiza | síntese | me atualiza | me atualize | põe me a par | =este fio
            =esta thread | =essa thread | =isto | =isso | muito longo não li | em resumo
            o que tá rolando aqui | o essencial
        """,
        Kind.ABOUT: """
            o que as pessoas disseram sobre | o que as pessoas dizem sobre | o que disseram sobre
            o que dizem sobre | o que foi dito sobre | o que estão dizendo sobre
            o que se diz sobre | o que acham | o que as pessoas acham | o que pensam
            o que as pessoas pensam | alguém disse | alguém falou | alguém mencionou
            alguém menciona | quem disse | quem falou | quem acha | quais argumentos
            quais os argumentos
        """,
        Kind.QUESTION: """
            ^o que | ^quem | ^qual | ^quais | ^como | ^quando | ^onde | ^por que | ^porque
            ^por quê | ^quanto | ^quanta | ^quantos | ^quantas | ^alguém | ^há alguém | ^de quem
            ^que argumentos
        """,
        Kind.THANKS: """
            obrigado | obrigada | muito obrigado | muito obrigada | valeu | vlw | brigado | brigada
            obg | grato | grata | obrigado pelo resumo | obrigada pelo resumo
            obrigado pela ajuda | obrigada pela ajuda | bom bot | ótimo bot | =ótimo | =perfeito
            =excelente | =legal | =muito bom | =massa | =fixe | =show | =top | =bom trabalho
            =maravilha | =bom resumo | =ótimo resumo | =excelente resumo | =incrível | =útil
            =muito útil | =adorei | =amei | =te amo | =mandou bem | =parabéns | =show de bola
        """,
        Kind.CHAT: "seu resumo está | o resumo está | resumo ruim | mau resumo | o teu resumo",
        Kind.SHORTER: """
            mais curto | mais curta | curto | curta | breve | brevemente | mais breve
            em uma frase | numa frase | em duas frases | em poucas palavras | curtinho | rapidinho
            em três frases | conciso | bem curto
        """,
        Kind.LONGER: """
            mais longo | mais longa | longo | longa | detalhado | detalhada | em detalhe
            em detalhes | com detalhes | mais detalhes | com mais detalhes | mais detalhado
            completo | =mais | mais comprido
        """,
        Kind.PUBLIC: """
            publicamente | em público | resposta pública | resumo público | de forma pública
            visível para todos | visível a todos
        """,
        Kind.PRIVATE: """
            em privado | privado | no privado | por dm | em particular | particular
            mensagem direta | só para mim
            apenas para mim | somente para mim | só pra mim | privadamente
        """,
        Kind.DAY: "último dia | últimas 24 horas | últimas 24h | hoje | desde ontem | de hoje",
        Kind.NEW: """
            desde o seu último | desde o teu último | desde o último | desde seu último
            desde a última vez | o que mudou | o que há de novo | o que tem de novo
            alguma novidade | novidades | algo novo | só o novo | só as novas | só o que mudou
            o que é novo | novas respostas | =atualização | =atualiza | só o que é novo
        """,
        Kind.DAILY: "todo dia | todos os dias | diariamente | diário | por dia | cada dia",
        Kind.WEEKLY: """
            toda semana | todas as semanas | semanalmente | semanal | por semana
            uma vez por semana | cada semana
        """,
        Kind.POLITE: """
            por favor | pf | pfv | pfvr | por gentileza | se faz favor | sff | olá | oi | bom dia
            boa tarde | boa noite | sim | ok | tá | querido bot | se puder | se possível
            desculpe | desculpa | e aí | aí | faz favor | então | opa | fazendo favor
        """,
        Kind.FILLER: """
            este | esta | isto | esse | essa | isso | o | a | os | as | um | uma | de | do | da
            dos | das | me | mim | meu | minha | te | nos | você | vc | tu | eu | pode | podes
            poderia | podia | quero | queria | gostaria | preciso | dá | dê | faz | faça | fazer
            fazes | envie | escreva | responda | responde | responder | publique | fio | thread
            conversa | discussão | posts | mensagens | aqui | em | no | na | para | pra | por
            com | e | que | tudo | todo | toda | só | mais | é | agora | tem | há | neste | nesta
        """,
        Kind.NEGATION: "não | nao | nunca | jamais | sem | nem | nada | em vez de | ñ",
    },
    {
        "en": "inglês",
        "de": "alemão",
        "fr": "francês",
        "es": "espanhol",
        "pt": "português",
        "it": "italiano",
        "nl": "holandês | neerlandês",
        "pl": "polonês | polaco",
        "ru": "russo",
        "ja": "japonês",
        "zh": "chinês",
        "ko": "coreano",
        "ar": "árabe",
        "uk": "ucraniano",
        "tr": "turco",
        "gl": "galego",
        "eo": "esperanto",
    },
    "em {} | para {} | ={} | no idioma {}",
)
