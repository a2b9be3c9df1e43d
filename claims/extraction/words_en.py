"""English: the words that make a sentence worth checking, name a speaker, or mark a page's furniture.

Another language is a module with the same names.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- Who says so --------------------------------------------------------------------------------------------
# Verbs that report a statement whatever follows them.
SAYING = _words(
    "said says say told tells stated insisted insists insist argued argues argue warned warns warn denied denies "
    "deny alleged alleges allege testified testifies reiterated reiterates stressed stresses stress tweeted "
    "asserted asserts assert acknowledged acknowledges acknowledge announced announces claimed estimated "
    "reported believe believes believed cautioned cautions complained emphasised emphasized contended contends "
    "contend maintained maintains declared declares predicted predicts forecast forecasts remarked recalled "
    "recalls commented boasted lamented conceded concedes pledged vowed promised accused accuses accuse "
    "condemned condemns disputed disputes described describes describe suggested "
    "suggests hinted disclosed quipped mused urged urges speculated think thinks "
    "countered retorted tells informed briefed reckons reckon expect expects"
)
# Verbs that also do other work: they report only before "that", a quotation, a comma or an end.
SAYING_THAT = _words(
    "added adds add continued continues noted notes note explained explains explain replied replies agreed agrees "
    "agree admitted admits admit concluded concludes conclude wrote writes write confirmed confirms confirm "
    "revealed reveals reveal observed observes claim claims report reports state states estimate estimates "
    "indicated indicates indicate ruled rules determined determines answered responded proposed signalled "
    "signaled joked hopes hoped expected calculated calculates asked asks pointed heard found finds find "
    "shows showed show demonstrated demonstrates judged discovered learned read reads decided "
    "dismissed rejected posted suspect suspects fear counters pronounced testify remembered feels feel worried worries"
)
# What a document or a body of experts does; with such a subject, these report as they stand.
FINDING = _words("found finds find shows showed show suggests suggested indicates indicated concluded concludes "
                 "estimates reveals revealed confirmed put puts recorded details detailed notes noted identified "
                 "highlighted blamed attributed projects projected listed lists confirms describes")  # fmt: skip
DOCUMENTS = _words(
    "report study survey poll review audit analysis statement data figures statistics paper research bulletin "
    "document documents indictment complaint census forecast letter memo investigation inquiry affidavit ruling "
    "records filing filings minutes assessment index dashboard results accounts budget estimate estimates findings "
    "article press release inspection transcript lawsuit summary"
)
ISSUED = _words("issued released published written commissioned compiled produced prepared seen obtained filed")
QUOTING = _words("quoted quotes cited cites citing quoting")
SAYING_ALONG = _words("saying warning adding noting claiming arguing stating insisting telling reporting stressing "
                      "alleging announcing acknowledging explaining confirming accusing")  # fmt: skip
# Between a subject and its verb.
ADVERBS = _words(
    "also further reportedly explicitly then later once again previously repeatedly has have had earlier recently "
    "publicly already today yesterday never still now often always initially consistently privately simply "
    "clearly subsequently long since wrongly rightly falsely however too both jointly"
)
PRONOUNS_ONE = _words("he she")
PRONOUN_THING = "it"
PRONOUN_MANY = "they"
RELATIVE = _words("who which that whom whose")
NO_SUBJECTS = _words("i we you nobody no-one everyone everybody one people there this these those what who that which "
                     "it's some many others most someone anyone none")  # fmt: skip
BE = _words("is are was were be been being am isn't wasn't aren't weren't isn’t wasn’t aren’t weren’t get gets got")
DETERMINERS = _words("a an the his her its their our this that these those some many several two three four five six "
                     "other both most another one")  # fmt: skip
PREPOSITIONS_KEPT = _words("of for at from with in on to and")
ROLE_NOUNS = _words(
    "spokesman spokeswoman spokesperson minister secretary president chairman chairwoman chair director mayor "
    "adviser advisor analyst analysts professor officer official officials chief governor senator captain coach "
    "manager commissioner ambassador envoy lawyer attorney prosecutor judge justice deputy leader head economist "
    "scientist researcher doctor commander general colonel lieutenant sergeant superintendent inspector detective "
    "veteran author editor founder owner executive treasurer councillor councilor councilman councilwoman lawmaker "
    "representative congressman congresswoman mp member resident neighbour neighbor farmer teacher principal "
    "expert historian engineer epidemiologist virologist geologist biologist ecologist astronomer physicist "
    "constable sheriff coroner magistrate candidate activist campaigner organiser organizer organizer's source "
    "striker midfielder goalkeeper defender daughter son widow widower brother sister husband wife friend "
    "colleague strategist consultant pathologist nurse surgeon paramedic firefighter driver pilot witness "
    "aide reporter correspondent "
    "secretary-general vice-president co-founder co-author technologist hydrologist biographer curator"
)
GROUP_NOUNS = _words(
    "officials analysts critics experts sources police prosecutors authorities researchers scientists economists "
    "lawmakers residents witnesses activists investigators doctors diplomats campaigners lawyers opponents "
    "supporters organisers organizers representatives leaders ministers members democrats republicans unions "
    "doctors engineers detectives firefighters teachers parents councillors auditors inspectors historians "
    "organisers advocates observers bank agency ministry department government council committee company "
    "organisation organization court union association commission office bureau institute university club "
    "hospital party group centre center service authority administration board federation charity firm team "
    "pentagon parliament army military navy force foundation watchdog regulator newspaper broadcaster agencies"
)
TITLES = _words(
    "mr mr. mrs mrs. ms ms. dr dr. prof prof. sir dame lord lady president prime vice minister secretary senator sen. "
    "rep. representative gov. governor gen. general lt. col. colonel capt. captain maj. major sgt. sergeant "
    "judge justice mayor chancellor professor assistant deputy chief councillor cllr cllr. adviser advisor national "
    "security foreign defence defense interior health finance attorney inspector detective superintendent "
    "commissioner admiral adm. king queen prince princess pope archbishop bishop rabbi imam sheikh ambassador "
    "speaker director chairman chairwoman chair spokesman spokeswoman spokesperson congressman congresswoman "
    "police treasury education environment justice home first former acting then constable sheriff coach the a an"
)
HONORIFICS = _words("mr mr. mrs mrs. ms ms. dr dr. sir dame lord lady prof prof. professor")
# What ends a speaker's name read from left to right: "said Ana Roe in a statement".
AFTER_SPEAKER = _words(
    "who which that as when while after before during if because since although though but on in by about "
    "last this earlier later yesterday today monday tuesday wednesday thursday friday saturday sunday to via "
    "whose where speaking following told said is was were are has have had will would at through"
)
# Bits that open a clause inside a sentence: a subject is looked for after them.
CLAUSE_OPENERS = _words("but while although though because since when as if that which so yet whereas after before "
                        "where until unless than and or whether despite")  # fmt: skip

# Left out at the start of a clause before its subject.
LINKS = _words("however meanwhile but and yet although though while whereas then also even still indeed if when "
               "because since that")  # fmt: skip
# After a subject, these go on describing it: "families living near the plant say".
DESCRIBING = _words("based working living close familiar involved led carried conducted speaking covering "
                    "investigating representing opposed opposing running")  # fmt: skip
ADJECTIVES = _words("armed united unnamed red newly-elected elected retired noted respected backed-up")
PLACES = _words("state states north south east west new saint san los us uk mr mrs ms")

# --- What is worth checking -----------------------------------------------------------------------------------
NUMBER_WORDS = _words(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands "
    "million millions billion billions trillion trillions dozen dozens half quarter third thirds double doubled "
    "triple tripled twice zero percent percentage"
)
TIME_WORDS = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april May june july august "
    "september october november december yesterday today ago decade decades year years month months week weeks "
    "since century quarter"
)
CHANGE = _words(
    "rose rise risen rising rises fell fall fallen falling increased increase increases increasing decreased "
    "decrease dropped drop declined decline grew grown growth grow growing cut cuts raised raise lowered lower "
    "doubled tripled halved lost lose losing gained gain higher gone expanded shrank reduced reduction "
    "surged soared plunged climbed slipped created tripling quadrupled peaked widened narrowed slowed"
)
COMPARISON = _words(
    "more less most least fewer highest lowest largest biggest smallest worst first last only record ever higher "
    "lower larger greater worse longest shortest fastest oldest youngest poorest richest average total rate "
    "majority number than"
)
QUANTIFIERS = _words("all every each never none nobody everybody always any entire whole single no")
POLICY = _words(
    "tax taxes taxed jobs job unemployment unemployed deficit deficits debt budget inflation economy trade tariffs "
    "tariff wages wage income poverty medicare medicaid insurance health healthcare welfare immigration immigrants "
    "immigrant border illegal illegally undocumented refugees deported deportation crime crimes criminal murder "
    "murders violence gun guns prison drug drugs abortion education schools school students "
    "treaty deal agreement bill program programme sanctions oil energy coal gas climate emissions "
    "pollution vaccine vaccines spending spend spent billion trillion steel manufacturing factories workers "
    "companies banks bank businesses subsidies pension pensions social rent housing homes election elections vote "
    "votes voted bill law legislation amendment congress senate veto vetoed supreme court nafta obamacare coverage "
    "premiums hospitals patients uninsured police exports imports farmers "
    "dollars funding fund funds money cost costs price prices population rates rate interest plant plants"
)
CONFLICT = _words(
    "military nuclear weapons missile missiles troops war wars terrorism terrorist terrorists attack attacks strike "
    "strikes airstrike airstrikes bombing bombings shelling ceasefire isis"
)
EVENTS = _words(
    "killed died dead injured wounded arrested charged convicted sentenced jailed attacked bombed "
    "shot signed passed voted vetoed approved launched won defeated elected appointed resigned fired "
    "sued fined banned closed opened invaded withdrew withdrawn seized shut born married founded acquired bought "
    "sold merged supported opposed endorsed proposed received raised deployed suspended ordered issued imposed "
    "lifted pulled paid inherited discovered detected collapsed crashed flooded destroyed evacuated infected "
    "recalled tested hired joined left wrote served began ended introduced eliminated rejected expanded confiscated "
    "borrowed donated funded invested built lied admitted promised released published pleaded transported targeted"
)
# Past forms that do not end in -ed and are nothing else.
PAST = _words(
    "was were had did went came took made gave got became began brought bought built caught chose drew drove fell "
    "felt flew fought found grew held kept knew led left lost met paid ran rose said saw sold sent shot spent spoke "
    "stood stole struck taught told thought threw understood won wrote been done gone taken given seen known "
    "fallen risen written withdrew sought swore hid dealt laid lent meant shook slid stuck swept"
)
NOT_PAST = _words("need indeed red bed speed feed seed hundred proceed succeed exceed bleed breed agreed-upon "
                  "sacred united shed sled greed weed need creed wed fed embed unprecedented unchecked "
                  "unarmed unnamed unemployed undecided uninsured unlimited unwanted")  # fmt: skip
FIRST_SINGULAR = _words("i i'm i've i'd i'll i’m i’ve i’d i’ll me my mine myself")
FIRST_PLURAL = _words("we we're we've we'd we'll we’re we’ve we’d we’ll us our ours ourselves let's let’s")
SECOND = _words("you you're you've you'd you'll you’re you’ve you’d you’ll your yours yourself")
THIRD = _words("he she they his her their him them he's she's they're they've he’s she’s they’re they’ve")
OPINION = _words(
    "should must ought believe believes think thinks feel feels hope hopes hopefully opinion wrong right good bad "
    "great wonderful beautiful terrible horrible amazing incredible fantastic tremendous disgrace disgraceful shame "
    "sad sadly proud love hate fair unfair important need needs want wants deserve deserves wish unfortunately "
    "foolish stupid smart ridiculous nice frankly honestly obviously clearly perhaps maybe probably better best "
    "disastrous troubling disturbing annoyed erratic dismay remarkable impossible wise sure agree disagree matter "
    "truth moral values dream heart faith spirit dangerous frightening devastated heartbroken delighted thrilled "
    "pleased grateful honoured honored disappointed shocked worried concerned sense passion tragedy tragic "
    "feelings mood mourn miss exciting excited confident welcome"
)
PREDICTION = _words(
    "will would could may might shall won't won’t wouldn't wouldn’t couldn't couldn’t going gonna likely expect "
    "expects expected plan plans intends intend hope hopes potential potentially future tomorrow 'll predict"
)
PHATIC = _words("thank thanks please welcome hello hi goodbye sorry okay ok yes well look listen yeah sure folks "
                "congratulations god bless ladies gentlemen laughter applause crosstalk wait excuse uh")  # fmt: skip
OFFICIAL = _words(
    "officials ministry department police council court government agency report pentagon minister spokesman "
    "spokeswoman spokesperson prosecutors authorities bureau statistics inspector secretary commission committee "
    "study researchers company embassy bank data audit auditors university hospital office"
)
VOICES = _words("analysts analyst critics critic observers experts commentators supporters opponents many some")
INSTITUTIONS = _words(
    "administration senator governor president countries nations union department court "
    "government ministry council agency federal state senate house congressman republican republicans democrat "
    "democrats nato company companies police army pentagon commission hospital university bank party coalition "
    "militia militias mayor minister vice opponent secretary"
)
DEEDS = _words(
    "did didn't didn’t wasn't wasn’t weren't weren’t hasn't hasn’t took supported opposed voted gave put "
    "went wants sent called vetoed signed raised promised proposed became started ran turned failed worked "
    "indicated tried refused"
)
DEEDS_DENIED = _words("did didn't didn’t wasn't wasn’t weren't weren’t hasn't hasn’t")
NOW = _words("now today currently already since throughout")
AS_FACT = _words("fact actually history")
MANY = _words("many million millions billion billions thousands hundreds per almost nearly")
RELATIONS = _words("against under over within throughout even per by")
STATE = _words("are is isn't isn’t aren't aren’t they're they’re there")
DETAIL = _words("of in by from under against than since within after at during as on per between other")
# A statement of what somebody wants or stands for, not of what happened.
STANCE = _words(
    "goal goals aim aims aimed objective objectives strategy focused seek seeks vision approach "
    "intention intentions priority priorities aspiration aspirations reiterated reiterates stressed stresses"
)
# Past forms that tell no act by themselves.
NO_ACTS = SAYING | SAYING_THAT | _words("was were had did been done got seemed appeared remained wanted needed "
                                        "liked called used based named associated known")  # fmt: skip
# Opens a sentence with a capital without being a name.
OPENERS = _words(
    "there here how why not now they're under over more most between during our even according indeed conversely "
    "unlike yesterday tomorrow today meanwhile however instead nevertheless nonetheless moreover furthermore "
    "besides thus hence therefore former such only just about almost around across among amid against into onto "
    "every each all any no none never some few much less least once again later earlier till following given "
    "including based asked like near behind beyond within without per yes well please let do does did is are was "
    "were has have had will would can could may might shall should must who whom whose be being get go come take "
    "it it's that's he's she's what's"
)
# Known as names even where they open a sentence: countries, peoples and a few houses and powers.
NAMES = _words(
    "afghanistan africa african albania algeria america american americans arab arabs argentina armenia asia asian "
    "athens australia australian austria azerbaijan baghdad bangladesh beijing beirut belarus belgium berlin bolivia "
    "bosnia brazil brazilian britain british brussels bulgaria california cambodia canada canadian chile china "
    "chinese colombia congress croatia cuba cyprus czech damascus denmark dutch ecuador egypt egyptian england "
    "english estonia ethiopia europe european florida france french gaza georgia german germans germany ghana greece "
    "greek hamas hezbollah hungary iceland india indian indonesia iran iranian iranians iraq iraqi iraqis ireland "
    "irish islamic israel israeli israelis italian italy japan japanese jerusalem jewish jews jordan kabul kenya "
    "korea kosovo kurdish kurds kuwait kyiv latvia lebanon libya lithuania london madrid malaysia mali mexico "
    "mexican moldova moscow morocco muslim muslims myanmar nepal netherlands nigeria norway ohio pakistan "
    "palestinian palestinians paris pentagon peru philippines poland polish portugal qatar reuters romania rome "
    "russia russian russians saudi scotland scottish serbia shia shiite singapore slovakia slovenia somalia spain "
    "spanish sudan sunni sunnis sweden swedish swiss switzerland syria syrian syrians taiwan taliban tehran texas "
    "thailand tokyo tunisia turkey turkish ukraine ukrainian ukrainians venezuela vietnam wales washington yemen "
    "zimbabwe"
)
ABILITY = _words("can can't can’t cannot able help let")
VAGUE = _words(
    "something things thing way what how why question issue issues lot here tonight kind somebody "
    "hard tough opportunity freedom strong families together mean know"
)
ARGUING = _words(
    "argue argues argued contend contends contended believe believes believed think thinks fear fears feared hope "
    "hopes hoped expect expects urge urges urged lamented complained insists insist warn warns"
)
SUPPOSING = _words("if whether unless suppose rather until let's let’s")
HEDGES = _words("uncertain unclear perhaps seemingly apparently arguably somewhat essentially fueling fuel dynamics "
                "backdrop scenario")  # fmt: skip

# --- Furniture of a page --------------------------------------------------------------------------------------
MINOR_WORDS = _words("a an the of in on at to for and or but nor as by with from into over near is vs via up than per "
                     "after amid de la von van")  # fmt: skip
# At the start of a line or sentence.
FURNITURE_OPENS = (
    "please let us know|comments are closed|comments (?:are|have been)|read more|read also|also read|"
    "read next|see also|more on this|more from|more stories|"
    "related(?:\\s*$|:| (?:articles?|stories|topics|news|content))|recommended|sign up|sign in|log ?in|"
    "log ?out|subscribe|register (?:now\\b|today\\W|for (?:our|free))|share this|share on|share:|"
    "follow us|follow @\\w+|follow \\w+ on|like us|join us|join our|click here|tap here|advertisement|"
    "advertising|sponsored|skip to|scroll|continue reading|story continues|article continues|copyright|©|"
    "\\(c\\) ?\\d{4}|all rights reserved|terms (?:of|and)|privacy (?:policy|notice)|cookie|"
    "we use cookies|this (?:site|website) uses|by continuing|photo(?:graph)?s?(?: by|:| credit)|"
    "\\(?(?:photo|image|picture|file photo)\\b(?: by|:|\\))|image:|images?:|picture(?:d)?:|credit:|"
    "caption:|file photo|file -|video:|watch:|listen:|graphic:|source:|sources:|reporting by|"
    "additional reporting|editing by|writing by|written by|edited by|compiled by|posted (?:by|on|in|at)|"
    "published(?: on| at)?:?\\s+\\d+|published:|(?:last )?updated(?: on| at)?:?\\s+\\d+\\b(?! [a-z])|"
    "(?:last )?updated:|first published|last modified|"
    "this (?:article|story|report|post|page) (?:was|has been|is|originally|first|appeared)|"
    "an earlier version of this|correction:|clarification:|editor[’']s note|"
    "for more (?:on|information|news|stories)|to (?:contact|reach) the (?:reporter|author|editor)|"
    "contact (?:us|the)|got a (?:tip|story)|do you have a (?:story|tip)|have (?:a|your) say|email us|"
    "write to us|call us|tel:|phone:|e-?mail:|"
    "get (?:the|our|more) (?:latest|news|newsletter|app|daily|free|stories)|download (?:the|our)|"
    "(?:please )?support (?:our (?:journalism|work|reporting|newsroom)|us\\b|independent journalism)|"
    "(?:please )?donate(?:\\W*$| (?:now|today|here|to us))|"
    "(?:please )?consider (?:donating|subscribing|supporting us)\\b|"
    "the views expressed (?:in|here|are)|like what you|become a (?:member|subscriber)|"
    "leave a (?:comment|reply)|post a comment|view comments|\\d+ comments?|\\d+ min(?:ute)?s? read|"
    "tags?:|filed under|topics?:|categor(?:y|ies):|back to top|next (?:article|story)|"
    "previous (?:article|story)|print this|enable javascript|loading|home\\s*[>»/|]|"
    "most (?:read|popular|viewed)|trending|latest news|breaking news|top stories|editor[’']s pick|"
    "please (?:consider )?(?:support|donat|subscrib|shar|follow|lik|join|click)(?:e|ing)?(?: to)? "
    "(?:us|our|this (?:article|story|post|page|site)|here|now|today)\\b|"
    "please (?:donate|subscribe|share|follow)\\W*$|"
    "(?:did you )?(?:like|enjoy)(?:ed)? (?:what you|this (?:article|story|post|page))|"
    "(?:share|tweet|print|e-?mail|save|bookmark) (?:this|it with|with your|on (?:facebook|twitter|x|whatsapp))\\b|"
    "our newsletter|you (?:may|might) also like|"
    "if you (?:have|know|are) (?:any )?(?:information|affected)|anyone with information"
)
# Anywhere in a short sentence.
FURNITURE_HOLDS = (
    "all rights reserved|getty images|/afp|ap photo|reuters/|via (?:getty|ap|reuters)|newsletter|@\\w+\\.\\w|"
    "https?://|www\\.|our (?:privacy|cookie)|terms of (?:use|service)|commenting policy|"
    "not be (?:published|reproduced)|without (?:prior )?permission|contributed to this (?:report|story|article)|"
    "having issues with comment|"
    "(?:please|consider) (?:support(?:ing)?|donat(?:e|ing) to|subscrib(?:e|ing) to|follow(?:ing)?) (?:us|our)\\b|"
    "^\\W*(?:support|follow|like) us (?:on|today|now|here|by)\\b|(?:please|can) (?:support|follow) us\\W*$|"
    'please (?:share|donate|subscribe)\\b[^”",]*[.!]?$|(?:make|making) a donation to (?:us|our)|'
    "subscribe (?:to (?:our|the (?:channel|podcast))|now|today|here)\\W"
)
BYLINE = (
    "(?:by|from|words by|story by|reporting by|text by)\\s+(?-i:[A-Z])[\\w.’'-]+"
    "(?:\\s+(?:(?-i:[A-Z])[\\w.’'-]*|and|de|la|von|van|,|\\||in)){1,12}\\W*$"
)
