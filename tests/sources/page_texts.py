"""Short pages of our own in many languages, by what they are; a line of each for a block of the page."""

TEASER = {
    "en": "The harbour council met on Monday evening and heard how the east pier is to be mended before the winter. "
    "The engineer named a sum that surprised most of those present. ",
    "de": "Der Hafenrat kam am Montagabend zusammen und hörte, wie die Ostmole vor dem Winter repariert werden soll. "
    "Die Ingenieurin nannte eine Summe, die viele überraschte. ",
    "fr": "Le conseil du port s'est réuni lundi soir pour entendre comment la jetée sera réparée avant l'hiver. "
    "L'ingénieure a cité une somme qui a surpris la plupart des présents. ",
}
ARTICLE = TEASER["en"] * 16
LEGAL = (
    "We and our partners store and access information such as cookies on your device. "
    "With your consent, partners may use precise location data. You can withdraw your consent at any time. "
)

CAPTCHA = [
    "Just a moment...\nChecking your browser before accessing harbour.example",
    "Verify you are human by completing the action below.\nharbour.example reviews your connection.",
    "Are you a robot?\nPlease press and hold to confirm.",
    "Pardon our interruption...\nAs you were browsing, something about your browser made us think you were a bot.",
    "Our systems have detected unusual traffic from your computer network.\nI'm not a robot",
    "Enable JavaScript and cookies to continue",
    "Attention Required!\nComplete the security check to access the page.",
    "Please complete the CAPTCHA",
    "Bitte bestätigen Sie, dass Sie kein Roboter sind.",
    "Sicherheitsüberprüfung\nIch bin kein Roboter",
    "Ihr Browser wird überprüft. Ungewöhnlicher Datenverkehr aus Ihrem Netz.",
    "Veuillez vérifier que vous n’êtes pas un robot.",
    "Je ne suis pas un robot\nVérification de sécurité en cours",
    "Verifique que usted es humano para continuar.",
    "No soy un robot",
    "Verifica di essere umano\nNon sono un robot",
    "Confirme que você é humano\nVerificação de segurança",
    "Bevestig dat u een mens bent.\nIk ben geen robot",
    "אני לא רובוט\nבדיקת אבטחה של הדפדפן",
    "أنا لست برنامج روبوت",
    "يرجى التحقق من أنك إنسان",
    "Подтвердите, что вы не робот",
    "Potwierdź, że jesteś człowiekiem",
]
CONSENT_WALL = [
    "We value your privacy\n" + LEGAL * 3 + "\nAccept all\nReject all\nManage options",
    "Before you continue to the Harbour Post\nWe use cookies and data for our services.\nAccept all\nMore options",
    "This website uses cookies\nAccept all cookies\nCookie settings",
    "We and our 812 partners store and access personal data on your device.\nAgree and close\nYour privacy choices",
    "Ihre Privatsphäre ist uns wichtig\nWir und unsere 214 Partner verwenden Cookies.\nAlle akzeptieren",
    "Mit Werbung weiterlesen\nBesuchen Sie uns wie gewohnt mit Werbung und Tracking.\nAkzeptieren und weiter",
    "Nous et nos 164 partenaires utilisons des cookies.\nTout accepter\nContinuer sans accepter",
    "Le respect de votre vie privée est notre priorité\nAccepter et fermer\nParamétrer les cookies",
    "Nosotros y nuestros 310 socios almacenamos datos.\nAceptar todo\nRechazar todo",
    "Valoramos tu privacidad\nUtilizamos cookies propias y de terceros.\nAceptar y continuar",
    "Noi e i nostri 98 partner utilizziamo i cookie.\nAccetta tutto\nContinua senza accettare",
    "Nós e os nossos parceiros utilizamos cookies.\nAceitar tudo\nGerir preferências",
    "Wij en onze 77 partners gebruiken cookies.\nAlles accepteren\nCookie-instellingen",
    "אתר זה משתמש בעוגיות\nאשר הכל",
    "نحن وشركاؤنا نستخدم ملفات تعريف الارتباط\nقبول الكل",
    "Мы и наши партнёры используем файлы cookie\nПринять все",
    "Szanujemy Twoją prywatność\nMy i nasi partnerzy\nAkceptuj wszystkie",
]
PAYWALL_STUB = [
    TEASER["en"] + "\nSubscribe to continue reading\nAlready a subscriber? Log in",
    TEASER["en"] + "\nThis article is for subscribers only.\nStart your free trial",
    TEASER["en"] + "\nTo continue reading, register for free.",
    TEASER["en"] + "\nYou've reached your limit of free articles this month.",
    TEASER["en"] * 5 + "\nThe rest of this story is available to our subscribers.",
    TEASER["en"] + "\nSign in to read the full story\nMost read\nPier closed\nFerry late\nMayor resigns",
    "Exclusive to members\nUnlock this article",
    TEASER["de"] + "\nJetzt weiterlesen mit Plus-Abo",
    TEASER["de"] + "\nDieser Artikel ist nur für Abonnenten.\nSchon Abonnent? Anmelden",
    TEASER["de"] + "\nUm diesen Artikel weiterzulesen, schließen Sie ein Abo ab.",
    TEASER["fr"] + "\nIl vous reste 82% de cet article à lire. La suite est réservée aux abonnés.",
    TEASER["fr"] + "\nArticle réservé aux abonnés\nDéjà abonné ? Se connecter",
    TEASER["fr"] + "\nAbonnez-vous pour lire la suite",
    "El consejo del puerto se reunió el lunes.\nContenido exclusivo para suscriptores",
    "El consejo del puerto se reunió el lunes.\nSuscríbete para seguir leyendo",
    "Il consiglio del porto si è riunito lunedì.\nContenuto riservato agli abbonati",
    "Il consiglio del porto si è riunito lunedì.\nAbbonati per continuare a leggere",
    "O conselho do porto reuniu-se na segunda-feira.\nConteúdo exclusivo para assinantes",
    "De havenraad kwam maandag bijeen.\nAlleen voor abonnees\nWord abonnee om verder te lezen",
    "מועצת הנמל התכנסה ביום שני.\nכתבה זו זמינה למנויים בלבד",
    "اجتمع مجلس الميناء يوم الاثنين.\nهذا المحتوى متاح للمشتركين فقط",
    "Совет порта собрался в понедельник.\nТолько для подписчиков",
]
SOFT_404 = [
    "404\nPage not found",
    "Oops!\nThat page can't be found.",
    "Sorry, the page you requested could not be found.",
    "The article you are looking for is no longer available.\nBack to the home page",
    "We can't find the page you're looking for. It may have been moved or deleted.",
    "This content has been removed.",
    "Error 404\nTry the search\n" + "\n".join(f"Story number {number} of the week" for number in range(40)),
    "Page not found\nMost read\nPier closed after storm\nFerry late again\nMayor resigns over bridge",
    "Die Seite wurde nicht gefunden.",
    "Der Artikel ist leider nicht mehr verfügbar.\nZur Startseite",
    "Die gesuchte Seite existiert nicht.",
    "Page introuvable\nRetour à l'accueil",
    "Cette page n’existe plus.",
    "Erreur 404",
    "Página no encontrada\nVolver al inicio",
    "La noticia que buscas ya no está disponible.",
    "Pagina non trovata",
    "L'articolo richiesto non è più disponibile.",
    "Página não encontrada",
    "Pagina niet gevonden",
    "הדף שחיפשת אינו קיים",
    "העמוד לא נמצא",
    "الصفحة غير موجودة",
    "لم يتم العثور على الصفحة المطلوبة",
    "Страница не найдена",
    "Nie znaleziono strony",
    "Sayfa bulunamadı",
    "Sidan kunde inte hittas",
]
PARKED = [
    "harbour.example\nThis domain is for sale!\nMake an offer for this domain",
    "The domain harbour.example may be for sale.\nRelated searches: ferries, piers, loans",
    "This domain has expired.\nRenew now",
    "This domain name is parked free, courtesy of a registrar.",
    "Buy this domain",
    "Diese Domain steht zum Verkauf",
    "Ce nom de domaine est à vendre",
    "Este dominio está en venta",
    "Questo dominio è in vendita",
    "Este domínio está à venda",
    "Dit domein is te koop",
    "הדומיין למכירה",
    "هذا النطاق معروض للبيع",
    "Домен продаётся",
]
SCRIPT_ONLY = [
    "You need to enable JavaScript to run this app.",
    "Bitte aktivieren Sie JavaScript.",
    "Activez JavaScript pour continuer.",
    "Debe habilitar JavaScript.",
    "Questa applicazione richiede JavaScript.",
    "Ative o JavaScript para continuar.",
    "Schakel JavaScript in.",
    "יש להפעיל את JavaScript",
    "يرجى تفعيل جافا سكريبت",
]
ARTICLES = [
    "The council met on Monday.",
    "Short but real: the ferry will not run in May.",
    TEASER["en"],
    TEASER["de"],
    TEASER["fr"],
    ARTICLE + "\nWe value your privacy\nAccept all\nManage cookies\nSubscribe to continue reading our letters",
    TEASER["en"] * 3 + "\nThis website uses cookies\nAccept all\nReject all",
    TEASER["en"] * 4 + "\nPage not found errors were common that week, the office said.",
    TEASER["en"] * 4 + "\nBuy this domain, said the letter that the council received.",
    "Visitors to the ministry's site on Monday read the words “page not found” where the report had stood, and the "
    "office gave no reason for it. An archived copy shows that the report named 412 arrivals.",
    "Regulators fined three publishers because their “accept all” button was larger than the one to refuse, the "
    "authority said on Tuesday. The fines come to 1.2 million, and the publishers have thirty days to answer.",
    "Researchers asked 400 people to prove that they are human. Nearly half failed the captcha at the first attempt, "
    "and one in ten gave up, according to the study, which was published in May.",
    "The paper put its whole archive behind a wall: since March, only those who subscribe can read on, and the number "
    "of subscribers rose by 9 per cent. " + TEASER["en"] * 14,
    "The party let its domain expire, and a broker now offers the name for 3,000. A spokesman called it an oversight, "
    "and said that the party's pages had moved long before the vote of 12 May.",
    "Das Ministerium löschte den Bericht; wer ihn sucht, liest seit Montag nur noch, die Seite sei nicht gefunden "
    "worden. Eine Sprecherin sagte, man prüfe die Gründe, und nannte keinen Termin für eine neue Fassung.",
    "La autoridad multó a tres editores porque sus páginas no dejaban rechazar las cookies con la misma facilidad con "
    "la que se aceptaban. Las multas suman 1,2 millones y pueden recurrirse durante treinta días.",
    "Le site du ministère affichait lundi une page introuvable au lieu du rapport, sans que le service de presse en "
    "donne la raison. Une copie conservée montre que le rapport citait 412 arrivées au mois de mai.",
    "המשרד הסיר את הדוח מאתרו ביום שני, ומי שחיפש אותו קרא שהדף לא נמצא. דובר המשרד אמר שהסיבה נבדקת, ולא נקב במועד "
    "לפרסום מחדש של הנתונים על 412 הכניסות בחודש מאי.",
    "ذكرت الوزارة يوم الاثنين أن التقرير حُذف من موقعها وأن من يبحث عنه يقرأ أن الصفحة غير موجودة، ولم تذكر سببا لذلك. "
    "وتظهر نسخة محفوظة أن التقرير ذكر 412 حالة وصول في شهر مايو.",
    "Flight 404 left the harbour airport at noon with 412 people on board and landed an hour late.",
    "404 people were counted at the gate on Monday, nine more than the year before, the office said.",
    "Table 4\nArrivals\t412\nDepartures\t398\nError\t4",
    "JavaScript is required reading for the council's new web team, the mayor joked on Monday as the team began.",
]
