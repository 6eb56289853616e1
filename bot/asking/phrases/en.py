"""English."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    "en",
    {
        Kind.EXCLUDE: """
            did you summarize me | you summarized me | did you quote me | you quoted me
            drop me from
            summarised me | why am i in
            leave me out | leave me tf out | leave me alone | leave me be | leave my posts out
            leave my posts alone | leave my account alone | leav me out | leave me the ~ out
            exclude me | exclude my | exclude all my | opt me out | opted out | opt my ~ out
            i opt out | want to opt out | like to opt out | wanna opt out | how ~ i opt out
            can i opt out | let me opt out | want out | count me out | keep me out | take me out
            get me out | cut me out | keep my posts out | take me off | forget me | forget about me
            forget my posts | be left out | be excluded | ignore me | ignore my posts | skip me
            skip my posts | remove me | remove my posts | remove my | delete me | delete my
            not include me | not including me | not include my | not quote me | not quote my
            not cite me | not summarize me | not summarise me | not summarize my
            not summarise my | not use my | not read my | not read me | not touch my | not index me
            not index my | not scrape me | not scrape my | not archive my | not process my
            never include me | never quote me | never quote my | never summarize me
            never summarize my | never use my | never include my | stop quoting me
            stop quoting my | stop summarizing me | stop summarising me | stop summarizing my
            stop summarising my | stop including me | stop using my | stop reading my
            stop scraping | stop following me | stop indexing | unfollow me | not follow me
            not want to be included | not want to be quoted | not want to be in your
            not want to be part | not want to be summarized | not want to be summarised
            not want my | not want you to quote | not want you to use | not want you to read
            not want you to include | not want you to summarize | not be included | not be quoted
            not be summarized | not like to be included | not like to be quoted | not opt in
            not opted in | never opted in | never consented | not consent | no consent
            not have my consent | without my consent | not give permission | not have permission
            not have my permission | without my permission | not allowed to quote
            not allowed to use | may not quote | may not include | may not use | can not quote
            can not include | can not use my | must not quote | not you may quote
            not think you may quote | not think you can quote | not permitted to
            rather not be included | rather not be quoted | rather you not | without me in it
            without my posts | without including me | without quoting me | did not leave me out
            did you not leave me out | why not leave me out | why did you not leave me out
            not left me out | not me in your | i do not want this | anyone but me | everyone but me
            all but me | everybody but me | but not me | keep your hands off my
            =do not quote | =do not quote this | =do not use this | =not quoting | =no quoting
            take down my | take my posts down | take my post down | get my posts off
            get my post off | erase me | erase my data | erase my posts
        """,
        Kind.MAYBE_EXCLUDE: "opt out | optout | opting out | without me | =not me | except me",
        Kind.KEEP: """
            not leave me out | never leave me out | not exclude me | never exclude me
            not forget me | never forget me | not forget about me | not ignore me | not skip me
            not want to be left out | not want to be excluded | not like to be left out
            not wanna be left out | not be left out | not be excluded | not without me
            not remove me | not opt me out | not want to opt out | not leave my posts out
            not count me out | not exclude my | forgot me | left me out | went on without me
            continued without me | happened without me | not delete my | hate to be left out
            hate being left out
        """,
        Kind.NOT_HERE: """
            =not here | =no not here | =not in here | =not in this thread | =not in my thread
            =not in my mentions | =not now | =no | =nope | =no thanks | =no thank you
            =no thx | not summarize | not summarise | never summarize | =no summary
            =no summaries | =no summary here | =no summaries here | no summary of this thread
            stop summarizing | stop summarising | stay out of this | stay out of my thread
            stay out of here | =stay out | not reply here | not reply to this | not answer here
            not post here | not respond here | not in this thread please | stop replying
            stop answering | stop posting here | stop posting in | =shut up | =be quiet
            =be silent | =hush | =quiet | =silence | be quiet here | be silent here
            be silent in this | =go away | =get lost | =piss off | =fuck off | =get out
            =no bots | =no bots here | no bots in this thread | no bots in my | =no bot
            keep out of this | keep quiet | not welcome here | not want you here
            not want a summary here | leave this thread alone | leave us alone
            leave this thread | no ai here | =no ai | =not you | =not today
        """,
        Kind.STOP_ALL: """
            =stop | =stop it | =stop now | =stop all | =stop everything | =stop this | =cancel
            =end | =quit | =unsubscribe | =unsub | =unsubscribe me | =unsubscribe all
            =unsubscribe from all | =unsubscribe from everything | =unsubscribe me from all
            unsubscribe me from everything | cancel everything | cancel all | cancel my subscri*
            end all | end my subscri* | remove all my subscri* | stop all | stop sending me
            stop messaging me | stop dming me | stop writing me | stop writing to me | no more dms
            no more messages | =no more updates | =no more digests | stop the digests
            not send me anything | not send me any more | not message me | not dm me
            stop notifying me | stop the updates | =stop updates | =enough | =stopp | =stop stop
            =unfollow all | =unfollow everything | unfollow all hashtags | =stop please
            =i want to unsubscribe | how ~ i unsubscribe
        """,
        Kind.UNFOLLOW_TAG: """
            unfollow ~ # | unsubscribe ~ # | unsub ~ # | stop ~ # | stop following ~ #
            not follow ~ # | no more # | no more ~ # | cancel ~ # | remove ~ # | drop #
            unfollow ~ hashtag $ | unfollow ~ tag $ | unsubscribe ~ hashtag $ | unwatch #
            stop following ~ hashtag $ | # ~ unsubscribe | # unfollow | # stop | mute #
            not send me # | not want # | not want ~ # | end #
        """,
        Kind.UNFOLLOW_THREAD: """
            unfollow this | unfollow the thread | =unfollow | =unfollow it | =unfollow thread
            stop following this | stop following the thread | stop following it
            stop watching this | stop watching | unwatch this | =unwatch | unsubscribe from this
            unsubscribe me from this | unsubscribe from the thread | unsubscribe this
            mute this thread | not follow this | not tell me when | not notify me
            stop telling me about this | stop notifying me about this
            stop updating me on this | no more updates on this | no more updates from this
            no more updates about this | no longer follow this | stop tracking this
        """,
        Kind.FOLLOW_TAG: """
            follow ~ # | subscribe ~ # | sub ~ # | watch ~ # | track ~ # | send me ~ #
            keep me posted on # | keep me posted about # | keep an eye on # | monitor #
            tell me about # | notify me about # | notify me of # | updates on # | updates about #
            # ~ follow | # for me | # daily | # weekly | # every day | # every week | daily #
            weekly # | # once a week | # once a day | # each week | # each day
            follow ~ hashtag $ | follow ~ tag $ | subscribe ~ hashtag $ | watch ~ hashtag $
            track ~ hashtag $ | daily digest of # | weekly digest of # | daily digest for #
            weekly digest for # | daily summary of # | weekly summary of # | alert me about #
            i want # | dm me #
        """,
        Kind.FOLLOW_THREAD: """
            follow this | follow the thread | follow the conversation | =follow | =follow it
            =follow thread | =follow up | watch this | watch the thread | =watch | =watch it
            track this | subscribe to this | subscribe to the thread | subscribe me to this
            =subscribe | =subscribe me | =sub | tell me when | tell me if | let me know when
            let me know if | let me know about new | notify me when | notify me if | notify me of
            notify me about | =notify me | ping me when | ping me if | dm me when | dm me if
            keep me posted | keep me updated | keep me up to date | keep me informed
            keep me in the loop | keep an eye on this | update me when | =update me
            update me if | alert me when | =keep following | stay on this
        """,
        Kind.INCLUDE: """
            include me | include me again | include my posts
            include my posts again | opt in | opt me in
            opt me back in | opt me in again | i opt in
            i want to opt in | i would like to opt in | you may quote me
            you can quote me | you may include me | you can include me
            you are allowed to quote me | i want to be included | i would like to be included
            quote me | feel free to quote me | you may cite me
            you may use my posts | you can use my posts | you may quote my posts
            you may quote me again | i opt back in
        """,
        Kind.HELP: """
            =help | =help me | =halp | =need help | =i need help | =can you help | =can you help me
            =could you help me | =commands | =command | =command list | list of commands
            what are your commands | =options | =usage | =manual | =instructions | =info | =about
            what can you do | what can i ask you | what can i ask | what can i say
            how do you work | how do i use you | how can i use you | how to use you
            how do i use this bot | how does this bot work | how do i talk to you | =who are you
            =what are you | =who r u | =are you a bot | =are you a human | =are you an ai
            =are you human | who made you | who runs you | who built you | =what do you do
            =what is this bot | =explain yourself | =help pls | =man | =menu | =faq
        """,
        Kind.STATUS: """
            =status | =ping | =are you there | =you there | =are you here | =are you alive
            =are you online | =are you up | =are you awake | =are you working
            =are you still there | =are you ok | =still there | =still alive | =u there
            =you up | =you alive | =r u there | what do you do for me
            what are you doing for me | my subscri* | what do i follow | what am i following
            what am i subscribed to | what did i subscribe to | what do you know about me
            what do you have on me | what do you store about me | what have i subscribed to
            =list my subscri* | =my settings | =what is my status | =my status | =test
            =is this thing on | =anybody there | =anybody home | which hashtags do i follow
            which tags do i follow | =list subscri* | =are you running | =does this work
        """,
        Kind.DIGEST: """
            =digest | the digest | a digest | todays digest | today s digest | current digest
            latest digest | last digest | newest digest | =digest now | digest of now
            digest of today | digest for today | send me the digest | digest of the day
            =news | =the news | =latest news | the latest news | todays news | today s news
            =what is the news | =give me the news | =headlines | =what is going on
            =what is happening | =what is happening now | =what happened today
            =whats happening | =whats going on | =what s going on | =what s happening
            =your digest | =show me the digest | =what is on today | =now
        """,
        Kind.SUMMARIZE: """
            summarize | summarise | summarizing | summarising | summary | summarization | sumarize
            sumarise | summerize | summerise | sumary | summry | sumup | sum up | sum it up
            sum this up | sum that up | sum all this up | sum the thread up | recap | re cap
            what did people say | what do people say | what are people saying | what is being said
            what was said | what people said | what are they saying | what did they say
            what did everyone say | what did i miss | what have i missed | what did we miss
            catch me up | catch us up | fill me in | fill us in | bring me up to speed
            get me up to speed | bring us up to speed | boil this down | boil it down | gist
            short version | long story short | in a nutshell | nutshell | key points | main points
            key takeaways | takeaways | main takeaways | highlights | bullet points | overview
            synopsis | abstract of this | condense | digest this | digest of this | digest it
            digest the thread | digest this thread | what is this about | what is this thread about
            what is it about | whats this about | whats this thread about
            what s this about | what s this thread about | what is it all about
            what is this all about | whats this all about | what s this all about
            what is all this about | what is going on here | whats going on here
            what s going on here | what is happening here | whats happening here
            what happened here | =this | =this thread | =this one | =the thread | =thread
            too long did not read | =too long | =did not read | too long to read | =do it
            =do your thing | =do your magic
            =go | =work your magic | eli5 | the point of this thread | can not read all
            can not read it all | can not be bothered to read | not gonna read | make sense of this
            what is the consensus | =can you read this | give me the short | shorten this
            break this down | break it down | what is the discussion about | ts dr
        """,
        Kind.ABOUT: """
            what did people say about | what do people say about | what are people saying about
            what did they say about | what do they say about | what is said about
            what was said about | what is being said about | what people said about
            what people say about | what they say about | what they said about
            what people think about | what people think of | what do people think
            what do they think about | what did anyone say about | what did anybody say about
            what did everyone say about | did anyone say | did anybody say | did anyone mention
            did anybody mention | has anyone mentioned | does anyone mention | does anyone say
            does anybody say | does anyone know | did someone say | did someone mention
            does anyone talk about | anything about | anyone mention
            any mention of | what about | is there anything about | any opinions on
            what are the opinions on | what is the opinion on | who said | who says | who thinks
            who mentioned | who agrees | who disagrees | what arguments | which arguments
            what are the arguments
        """,
        Kind.QUESTION: """
            ^what | ^who | ^whom | ^whose | ^which | ^why | ^how | ^when | ^where | ^whats | ^whos
            ^did anyone | ^did anybody | ^does anyone | ^does anybody | ^has anyone | ^has anybody
            ^is there | ^are there | ^was there | ^were there | ^did they | ^do they | ^did people
            ^do people | ^is it | ^is anyone | ^how many | ^tell me what | ^tell me who
            ^tell me why | ^tell me how | ^so what | ^and what | ^but what | ^but why | ^so why
        """,
        Kind.THANKS: """
            thanks | thank you | thankyou | thx | thnx | thanx | ty | tysm | tyvm | cheers | ta
            thanks a lot | thank you so much | thank you very much | thanks very much
            thank you a lot | thanks so much | many thanks | much appreciated | appreciated
            i appreciate it | thank u | tnx | thks | thanks for the summary
            thank you for the summary | thanks for that summary | thanks for this summary
            thanks for summarizing | thank you for summarizing | thanks for the recap
            thanks for the tldr | thanks for the digest | thanks for the help
            thank you for your help | thanks for your help | thanks for this
            good bot | great bot | nice bot | best bot | lovely bot | cute bot | awesome bot
            love this bot | i love this bot | i love you | i love this | love it | love this
            love you | well done | nice work | good work | great work | good job | great job
            nice job | nice one | =great summary | =good summary | =nice summary | =lovely summary
            =excellent summary | =awesome summary | =perfect summary | =helpful summary
            =what a great summary | =that was a great summary | =that is a great summary
            =a great summary | =this is a great summary | =very good summary | =useful summary
            =very helpful summary | =very nice summary | =great recap | =nice recap | =good recap
            =great | =nice | =cool | =awesome | =perfect | =excellent | =brilliant | =amazing
            =wow | =lovely | =wonderful | =fantastic | =neat | =sweet | =helpful | =very helpful
            =very useful | =useful | =super helpful | =so helpful | =that helps | =that helped
            =this is great | =this is awesome | =this is amazing | =that is great | =got it
            =you are great | =you are awesome | =you are the best | =youre the best
            =you re the best | =you rock | =yay | =very good | =good | =so cool | =very cool | =lol
            =haha | =thats great | =that s great | =that was helpful | =that was great
            you are a good bot | =i like it | =i like this | =bravo | =kudos | =legend | =you legend
        """,
        Kind.CHAT: """
            your summary is | your summary was | this summary is | the summary is | summary was
            that summary is | bad summary | terrible summary | awful summary | wrong summary
            not a good summary | not a great summary | summary is wrong | summary is incorrect
            summary is bad | summary sucks | your summary sucks | already summarized | resumed
            already a summary | i do not like your summary | your summary misses
            your summary missed | your summaries are | hate summaries | executive summary of my
        """,
        Kind.SHORTER: """
            shorter | short | briefly | brief | in short | in one sentence | in a sentence
            one sentence | in two sentences | in a few words | in a few sentences
            in three sentences | very short | quick | quickly | in one line | one line
            one liner | concise | concisely | tiny | =less | compact | 1 sentence | 2 sentences
            3 sentences | as short as possible | keep it short | more briefly | super short
            shorter version
        """,
        Kind.LONGER: """
            longer | long | in detail | in more detail | with more detail | with details | detailed
            more detail | more details | =more | tell me more | at length | in depth | indepth
            extended | extensive | full length | comprehensive | thorough | thoroughly | in full
            elaborate | more detailed
            longer version | long version
        """,
        Kind.PUBLIC: """
            publicly | publically | in public | public answer | public reply | public summary
            answer public | reply public | make it public | post it public | in the open
            as a public post | as public post | visible to all | visible to everyone
            visible to everybody | for everyone to see | for all to see | for everybody to see
        """,
        Kind.PRIVATE: """
            privately | private | in private | as a dm | in a dm | by dm | via dm | in dm | dm me
            direct message | directly | only me | just me | only for me | just for me | for me only
            for me alone | to me only | to me alone | for my eyes | only to me | just to me | secret
            secretly | unlisted | followers only | followers | quietly | quiet
        """,
        Kind.DAY: """
            last day | past day | last 24 hours | past 24 hours | last 24h | past 24h | 24h
            last twenty four hours | today | todays | since yesterday | since this morning
            last 24 hrs | last 24 hr | from today
        """,
        Kind.NEW: """
            since your last summary | since the last summary | since last summary | since last time
            since your last one | since the last one | since the last time | since your last post
            since your last answer | since your last reply | since then | since you last
            what changed | what has changed | whats changed | what s changed | what is new
            whats new | what s new | anything new | any news | any updates | any update
            only the new | only new | just the new | just new | new posts | new replies
            the new ones | new stuff | news since | =update | =updates | =update please
            only changes | just the changes | the changes since | since i last | =refresh
            update the summary | update your summary | what did i miss since | an update
            only what changed | only whats new | newest posts | newest replies
        """,
        Kind.DAILY: "daily | every day | each day | once a day | per day | everyday | a day",
        Kind.WEEKLY: """
            weekly | every week | each week | once a week | per week | on sundays | on mondays
            every monday | every sunday | every friday | every saturday | once per week
        """,
        Kind.POLITE: """
            please | pls | plz | plss | pleas | plaese | pleease | kindly | hi | hello | hey | heya
            hiya | yo | howdy | good morning | good evening | good afternoon | greetings | yes | yep
            yeah | yea | ok | okay | k | sure | dear bot | dear | hi there | hello there | bot
            if you can | if you could | if possible | if you do not mind | when you can | just
            simply | sorry | excuse me | my friend | friend | buddy | mate | lovely bot | sir
            thanks in advance | in advance | if you would | would you kindly | for the love of god
            omg | oh | ah | um | uh | hmm | well | so | maybe | perhaps | really | would you mind
            robot | dear robot | fedigest
        """,
        Kind.FILLER: """
            this | that | it | these | those | the | a | an | me | us | my | your | our | you | i
            we
            can | could | would | will | do | does | did | may | might | shall | should | want
            need
            like | love | give | make | write | create | get | have | got | post | send | show
            answer | reply | thread | threads | discussion | conversation | debate | posts | post
            replies | toot | toots | comments | here | above | there | for | to | of | in | on
            with | and | as | all | whole | entire | one | some | more | be | is | are | am
            now | up | out | id | ill | d | ll | s | m | ve | re | lets | let | try | time | so
            far | only | but | at | by | from | any | chance | everyone | everything | whats
        """,
        Kind.NEGATION: "not | no | never | without | non | nobody | none | instead of | rather",
    },
    {
        "en": "english",
        "de": "german",
        "fr": "french",
        "es": "spanish",
        "pt": "portuguese | brazilian portuguese",
        "it": "italian",
        "nl": "dutch",
        "pl": "polish",
        "ru": "russian",
        "ja": "japanese",
        "zh": "chinese | mandarin",
        "ko": "korean",
        "ar": "arabic",
        "uk": "ukrainian",
        "tr": "turkish",
        "sv": "swedish",
        "da": "danish",
        "no": "norwegian",
        "fi": "finnish",
        "cs": "czech",
        "el": "greek",
        "he": "hebrew",
        "hi": "hindi",
        "ca": "catalan",
        "hu": "hungarian",
        "ro": "romanian",
        "eo": "esperanto",
        "fa": "persian | farsi",
    },
    "in {} | into {} | to {} | ={} | in plain {} | in simple {} | using {} | {} version",
)
