"""Words by which a text denies, hedges, or says one thing and not its opposite, by language.

A line names what its words do; "a | b" are opposites. "*" stands for any ending, "_" for a space.
Opposites with "!" are such that who says the second denies ("forbids" is "does not allow").
Only plain words are listed: a wrong cue costs a true sentence.
"""

from collections.abc import Mapping

CUES: Mapping[str, str] = {
    "en": """
deny: not no never none nobody nothing neither nor cannot no_longer no_one hardly barely
lacks: without
undo: doubt* deny denies denied denying lack lacks lacked lacking unable refuse* fails_to failed_to
idle: not_only no_doubt why_not not_least no_wonder no_matter nothing_but or_not not_to_mention
hedge: might could perhaps maybe possibl* probabl* likely seem* apparently suspect* not_sure unsure
hedge: may
suppose: think* thought believ* fear* expect* hope* suggest* worr* wonder* ask* question* whether
suppose: propos* warn* assum* estimat* predict* doubt* can potential* guess* if would should
suppose: consider*
that: that whether
says: according says said say writes wrote notes argues claims reports explains adds
says: points_out replies
join: but because although though while whereas which who since so when if
permit!: allow* permit permits | forbid* prohibit* ban bans
permit!: permitted permissible | banned may_not disallow* outlaw*
accept!: accept* approv* adopt* voted_for | reject* turned_down voted_against
support: support* favour favours favor | against oppose* opposing
support: favors in_favour in_favor endors* | objects_to objected
grow: increas* rise rises rising | decreas* fall falls fell shrink* dropped
grow: rose grow* gain* | drops lose loses lost losing
more: more | less fewer
fast: fast* quick* | slow*
good: better best improve* | worse worst worsen*
cheap: cheap* | expensive costl*
safe: safe secure* safer | dangerous unsafe insecure
legal: legal lawful | illegal unlawful
true: true | false untrue incorrect wrong
easy: easy easier easily | hard harder difficult
agree: agree agrees agreed agreeing | disagree* contradict*
possible!: possible able | impossible unable
likely!: likely | unlikely
add: add adds added adding | remov* delet*
open: open opens opened | closed closes
""",
    "de": """
deny: nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder kaum
deny: keinesfalls nirgends
lacks: ohne
undo: bezweifel* bestreite* zweifel* fehlt fehlen verweiger* unmöglich
idle: nicht_nur nicht_zuletzt ob_nicht
hedge: vielleicht möglicherweise könnte* wahrscheinlich vermutlich womöglich eventuell wohl
hedge: scheint anscheinend
suppose: denk* glaub* fürchte* befürchte* erwarte* hoff* vermut* frag* ob schlägt warn* kann
suppose: können meint würde* sollte*
that: dass daß ob
says: sagt sagte schreibt meint findet berichtet erklärt laut
join: aber sondern weil obwohl während wenn denn damit welche* der_die
permit!: erlaub* gestatte* zulässig zulassen lässt_zu | verbiet* verbot* untersag* unzulässig
accept!: angenommen annehm* nimmt_an | abgelehnt ablehn* lehnt*
accept!: akzeptier* billig* zugestimmt | zurückgewiesen verworfen
support: dafür unterstütz* befürworte* | dagegen gegen
grow: steig* stieg* wächst wachs* | sink* sank* fällt_um abnehm*
grow: zunehm* zugenommen gewinn* gewonnen | verlier* verlor* verloren
more: mehr | weniger
fast: schnell* | langsam*
good: besser beste* | schlechter schlimmer schlechteste*
cheap: günstig* billiger billig | teuer teurer teure*
safe: sicher* | unsicher* gefährlich*
legal: legal | illegal
true: wahr richtig stimmt | falsch unwahr
easy: leicht leichter einfacher | schwer schwerer schwierig*
open: offen offene offenes geöffnet | geschlossen* schließ*
""",
    "fr": """
deny: pas jamais rien personne_n personne_ne aucun aucune ni guère nul n_est_plus
lacks: sans
undo: refus* dout* manqu* impossible
idle: pas_seulement non_seulement sans_doute pourquoi_pas
hedge: pourrait pourraient peut_être possible possiblement probablement sans_doute semble*
hedge: sembl* apparemment
suppose: peut peuvent pens* croi* crain* espèr* suppos* doute* demand* si propos* prévoi* estim*
suppose: avert* puisse* imagin*
that: que qu si
says: dit écrit note remarque selon répond annonce
join: mais parce car quoique bien_que tandis lorsque puisque où qui dont
permit!: permet permett* permis permise autoris* | interdi* interdit* prohib* défend
accept!: accept* approuv* adopt* voté_pour | refus* rejet* voté_contre repouss*
support: soutien* favorable* en_faveur | contre oppos* défavorable*
grow: augment* hausse* gagn* croî* | baiss* diminu* perd* perdu* recul*
more: davantage plus_de | moins
fast: rapide* vite | lent* ralenti*
good: mieux meilleur* | pire* pis
cheap: gratuit* bon_marché moins_cher | cher chère chers coûteu*
safe: sûr sûre sûrs | dangereu*
legal: légal* | illégal*
true: vrai vraie juste exact* | faux fausse inexact*
easy: facile* | difficile*
open: ouvert* ouvr* | ferm*
""",
    "es": """
deny: no nunca jamás nadie nada ninguno ningún ninguna ni tampoco
lacks: sin
undo: duda* niega* negó carece* imposible falta
idle: no_solo no_sólo no_obstante
hedge: quizás quizá tal_vez puede_que podría* acaso posible* posiblemente probablemente parece*
hedge: seguramente
suppose: cree* creo piensa* teme* espera* supone* duda* pregunta* si propone* advierte* puede
suppose: pueden sugiere*
that: que si
says: dice dijo escribe según responde señala
join: pero porque aunque mientras cuando sino pues donde
permit!: permit* autoriz* | prohíb* prohib* veta*
accept!: acepta* aprueb* aprob* adopt* votó_a_favor | rechaz* votó_en_contra deneg*
support: apoya* a_favor favorable* | en_contra opone* contra
grow: aumenta* sube* crec* gana* | baja* disminu* pierde* perd* reduc*
more: más_de | menos
fast: rápid* | lent*
good: mejor* | peor*
cheap: barat* gratis | caro cara caros caras
safe: segur* | peligros* insegur*
legal: legal* | ilegal*
true: cierto verdad verdader* correct* | fals* incorrect* mentira
easy: fácil* | difícil*
open: abiert* abre* abri* | cerrad* cierra* cerra*
""",
    "pt": """
deny: não nunca jamais ninguém nada nenhum nenhuma nem
lacks: sem
undo: duvid* nega* impossível falta
idle: não_só não_apenas
hedge: talvez poderia* possível possivelmente provavelmente parece* quiçá
suppose: acha* acredit* pensa* teme* espera* supõe* duvida* pergunta* se propõe* pode podem sugere*
that: que se
says: diz disse escreve segundo conforme
join: mas porque embora enquanto quando pois onde
permit!: permit* autoriz* | proíb* proib* veda*
accept!: aceit* aprov* | rejeit* recus*
support: apoia* a_favor | contra opõe*
grow: aument* sobe* subi* cresc* ganh* | diminu* cai caiu perd* reduz*
more: mais_de | menos
fast: rápid* | lent*
good: melhor* | pior*
cheap: barat* grátis | caro cara caros caras
safe: segur* | perigos* insegur*
true: certo verdade* corret* | fals* errad*
open: abert* abre* abri* | fechad* fecha*
""",
    "it": """
deny: non mai nessuno nessuna niente nulla né neanche
lacks: senza
undo: dubita* nega* impossibile manca
idle: non_solo
hedge: forse potrebbe* possibile possibilmente probabilmente sembra* pare
suppose: crede* credo pensa* teme* spera* suppone* dubita* chiede* se propone* può possono
suppose: suggerisce*
that: che se
says: dice scrive secondo sostiene
join: ma perché benché mentre quando però dove
permit!: permett* permess* consent* autorizz* | vieta* vietat* proib*
accept!: accett* approv* accolt* | respint* respinge* rifiut* bocciat*
support: appoggia* favorevol* a_favore | contro oppone* contrar*
grow: aument* cresc* sale guadagn* | diminu* cala* perd* perso scende*
more: più_di | meno
fast: veloc* rapid* | lent*
good: meglio miglior* | peggio peggior*
cheap: economic* gratis gratuit* | caro cara cari costos*
safe: sicur* | pericolos* insicur*
true: vero vera giusto corrett* | falso falsa sbagliat*
open: apert* apre | chius* chiude*
""",
    "nl": """
deny: niet geen nooit niemand niets noch nauwelijks
lacks: zonder
undo: betwijfel* twijfel* ontbreekt weiger* onmogelijk
idle: niet_alleen
hedge: misschien mogelijk wellicht waarschijnlijk zou zouden kan_zijn lijkt blijkbaar
suppose: denkt denken gelooft vreest verwacht* hoop* vermoed* vraagt of stelt kan kunnen
that: dat of
says: zegt schrijft vindt volgens
join: maar omdat hoewel terwijl als want wanneer die
permit!: toestaa* toegestaan staat_toe staat laat_toe toelaat | verbied* verbod* verboden
accept!: aangenomen aanvaard* goedgekeurd | afgewezen verworpen wijst_af
support: ervoor voorstander* steunt steunen | tegen ertegen tegenstander*
grow: stijg* steeg groei* toenem* wint gewonnen | daal* afnem* verlies* verlor*
more: meer | minder
fast: snel* | langzaam trager langzamer traag
good: beter beste | slechter erger
cheap: goedkop* gratis | duur duurder dure
safe: veilig* | gevaarlijk* onveilig*
true: waar juist klopt | onwaar onjuist fout
open: open geopend | gesloten sluit*
""",
    "pl": """
deny: nie nigdy nikt nic żaden żadna żadnego ani
lacks: bez
undo: wątpi* zaprzecza* brakuje niemożliw*
idle: nie_tylko
hedge: może możliwe prawdopodobnie chyba zapewne wydaje być_może mógłby mogłaby
suppose: myśli sądzi boi obawia* spodziewa* przypuszcza* pyta* czy proponuje* mogą uważa*
that: że czy żeby
says: mówi pisze twierdzi
join: ale bo ponieważ chociaż podczas gdy kiedy więc który która które
permit!: pozwala* zezwala* dozwolon* wolno | zabrania* zakaz* zabronion* niedozwolon*
accept!: przyję* akceptuj* zatwierdz* | odrzuc* odmaw* odmówi*
support: popiera* poparł* za_tym | przeciw* sprzeciwia*
grow: rośnie wzrasta* wzrósł zyskuj* zyska* | spada* spadł* maleje traci* strac*
more: więcej | mniej
fast: szyb* | woln*
good: lepsz* lepiej | gorsz* gorzej
cheap: tan* darmow* | drog* droż*
safe: bezpieczn* | niebezpieczn*
true: prawd* racja | fałsz* nieprawd*
open: otwart* otwiera* | zamknię* zamyka*
""",
    "ru": """
deny: не ни никогда никто ничего нет нельзя никому
lacks: без
undo: сомнева* отрица* отсутству* невозможно отказ*
idle: не_только
hedge: возможно может_быть пожалуй вероятно наверное мог_бы могла_бы похоже кажется видимо
suppose: дума* счита* боит* боюс* опаса* ожида* надея* предполага* спрашива* ли предлага* может
suppose: могут предупрежда*
that: что ли чтобы
says: говорит пишет сообщает словам
join: но а потому хотя пока когда если который которая которые поэтому
permit!: разреш* позволя* допуска* | запрещ* запрет*
accept!: приня* принял* одобр* утверд* | отклон* отверг*
support: поддерж* за_это | против*
grow: раст* вырос* увелич* выигра* | пада* упал* уменьш* сниж* потеря* теря*
more: больше_чем более | меньше менее
fast: быстр* | медлен*
good: лучш* | хуж*
cheap: дешев* дешёв* бесплатн* | дорог* дорож*
safe: безопасн* | опасн* небезопасн*
true: верно правда прав | неверно неправда ложь
open: открыт* открыв* | закрыт* закрыв* закро*
""",
    "ja": """
deny: ない ません なかっ ずに
idle: に違いない なければならない なければなりません しかない
idle: 少ない 少なく 危ない 違いない ではないか ないといけない
hedge: かもしれない かもしれません かもしれなく かもしれ 可能性
hedge: たぶん おそらく 多分 だろう でしょう ようです 恐れ
suppose: 思う 思って 考え 心配 期待 予想 尋ね 質問 提案 できる 推測 見込み 警告
permit!: 許可 認め 許され | 禁止 禁じ
accept!: 承認 可決 受け入れ 採択 | 拒否 却下 否決 断っ
support: 賛成 支持 | 反対
grow: 増え 増加 上が 伸び 値上げ | 減り 減る 減少 減っ 下が 値下げ
fast: 速い 速く 高速 早い | 遅い 遅く 低速
good: 良く 改善 優れ | 悪い 悪く 悪化
cheap: 安い 安く 無料 | 高い 高価 有料
safe: 安全 | 危険
legal: 合法 | 違法
true: 正しい | 間違 誤り
open: 開け 開い 開館 | 閉め 閉じ 閉まる 閉館
says: と言う と述べ によると
""",
    "zh": """
deny: 不 没 無 无 未 非 别
idle: 不过 不同 不仅 不但 不少 不断 非常 没错 无论 不管
idle: 不得不 不只 未来 是不是 特别 别人 分别 区别 差不多
hedge: 可能 也许 或许 大概 似乎 好像 恐怕
suppose: 认为 觉得 担心 希望 预计 猜测 询问 问 是否 建议 可以 怀疑
permit!: 允许 准许 | 禁止 禁用 不准
accept!: 接受 批准 | 拒绝 否决 驳回
support: 支持 赞成 | 反对
grow: 增加 上升 增长 上涨 | 减少 下降 下跌
more: 更多 | 更少
fast: 快 | 慢
good: 更好 改善 | 更差 更糟 恶化
cheap: 便宜 免费 | 昂贵 贵
safe: 安全 | 危险
legal: 合法 | 非法 违法
true: 正确 属实 | 错误 虚假
open: 开放 打开 | 关闭 封闭
says: 说
""",
    "ko": """
deny: 않 없 못 아니 안_
idle: 뿐만_아니라 뿐_아니라 틀림없 않을까
hedge: 지도_모르 아마 가능성 것_같 듯 않을까
suppose: 수_있 생각 걱정 기대 예상 물 질문 제안 추측 우려
permit!: 허용 허락 허가 | 금지 금하
accept!: 승인 수락 통과 받아들 | 거부 거절 부결
support: 찬성 지지 | 반대
grow: 증가 늘어 늘었 오르 올랐 | 감소 줄어 줄었 떨어
fast: 빠르 빨라 빠른 빨리 | 느리 느려 느린
good: 좋아 개선 나아 | 나빠 나쁘 악화
cheap: 저렴 무료 | 비싸 비싼 유료
safe: 안전 | 위험
legal: 합법 | 불법
true: 사실이 옳 | 거짓 틀리 틀렸
open: 열었 열린 개방 | 닫았 닫힌 폐쇄
says: 고_말
""",
    "ar": """
deny: لا ليس ليست لم لن
lacks: بدون دون
idle: لا_فقط ليس_فقط
hedge: ربما لعل يحتمل محتمل
suppose: قد يعتقد تعتقد يظن تظن يخشى تخشى يأمل تأمل يسأل تسأل هل يقترح تقترح يمكن
that: أن إن بأن
says: تقول يقول قال قالت
join: لكن ولكن لأن بينما عندما إذا
permit!: تسمح يسمح سمح سمحت مسموح تجيز يجيز | تمنع يمنع منع منعت ممنوع تحظر يحظر محظور
accept!: قبل قبلت يقبل تقبل وافق وافقت يوافق توافق | رفض رفضت يرفض ترفض
support: يؤيد تؤيد مع_القرار | ضد يعارض تعارض
grow: زاد زادت يزيد ارتفع يرتفع | انخفض تنخفض ينخفض خسر يخسر
more: أكثر | أقل
fast: سريع أسرع | بطيء أبطأ
good: أفضل أحسن | أسوأ
cheap: رخيص أرخص مجاني | غالي أغلى
safe: آمن آمنة | خطير خطر
true: صحيح | خطأ خاطئ
""",
}

ELSEWHERE = """
deny: no not never none nobody nothing neither nor cannot without ohne nicht kein keine keinen
deny: nie niemals ne pas jamais aucun aucune sans rien nunca ningún ninguna nada sin não nem
deny: sem non mai nessuno niente senza niet geen nooit zonder nigdy żaden bez не нет ни
deny: никогда без لا ليس لم لن
"""
"""Words that deny in a text of any other language, or of an unknown one."""
