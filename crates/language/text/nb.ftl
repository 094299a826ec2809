# Interface texts in bokmål. en.ftl has the same keys; a test compares them.
# A key is used as t.say("key") in templates and words.say("key") in code.

## Days, months, dates

weekday-1 = mandag
weekday-2 = tirsdag
weekday-3 = onsdag
weekday-4 = torsdag
weekday-5 = fredag
weekday-6 = lørdag
weekday-7 = søndag
weekday-short-1 = man
weekday-short-2 = tir
weekday-short-3 = ons
weekday-short-4 = tor
weekday-short-5 = fre
weekday-short-6 = lør
weekday-short-7 = søn
month-1 = januar
month-2 = februar
month-3 = mars
month-4 = april
month-5 = mai
month-6 = juni
month-7 = juli
month-8 = august
month-9 = september
month-10 = oktober
month-11 = november
month-12 = desember
month-short-1 = jan
month-short-2 = feb
month-short-3 = mars
month-short-4 = april
month-short-5 = mai
month-short-6 = juni
month-short-7 = juli
month-short-8 = aug
month-short-9 = sep
month-short-10 = okt
month-short-11 = nov
month-short-12 = des
month-of-year = { $month } { $year }
week-number = uke { $week }

# «7.», «7. mars», «7. mars 2027», «lørdag 7. mars 2027»
date-day = { $day }.
date-day-month = { $day }. { $month }
date-day-month-year = { $day }. { $month } { $year }
date-with-weekday = { $weekday } { $date }
# «6.–15. august», «30. juli–2. august»: the first part comes ready made.
dates-range = { $first }–{ $last }
dates-range-weekdays = { $first } til { $last }

# The clock is given as its parts; hour12 and half serve languages that count to twelve.
clock = { $hour }.{ $minute }
clock-midnight-end = 24.00
hours-at = kl.{"\u00A0"}{ $start }
hours-from-to = kl.{"\u00A0"}{ $start }–{ $end }
hours-clocks-back = { $hours } (klokka stilles tilbake)
hours-to-come = klokkeslett kommer
when-day-hours = { $date } { $hours }
when-day-to-come = { $date }, { $hours }
when-across-days = { $first } { $start } til { $last } { $end }

## Repetition

ordinal-1 = første
ordinal-2 = andre
ordinal-3 = tredje
ordinal-4 = fjerde
ordinal-last = siste
repeat-days = { $interval ->
    [1] hver dag
    [2] annenhver dag
   *[other] hver { $interval }. dag
 }
repeat-workdays = mandag til fredag
repeat-weekdays = { $interval ->
    [1] hver { $days }
    [2] annenhver { $days }
   *[other] hver { $interval }. uke på { $days }
 }
repeat-month-day = { $interval ->
    [1] den { $day }. i hver måned
    [2] den { $day }. i annenhver måned
   *[other] den { $day }. i hver { $interval }. måned
 }
repeat-month-day-if-any = den { $day }. i hver måned som har så mange dager
repeat-month-last-day = { $interval ->
    [1] den siste dagen i hver måned
    [2] den siste dagen i annenhver måned
   *[other] den siste dagen i hver { $interval }. måned
 }
repeat-month-weekday = { $interval ->
    [1] den { $nth } { $weekday }en i hver måned
    [2] den { $nth } { $weekday }en i annenhver måned
   *[other] den { $nth } { $weekday }en i hver { $interval }. måned
 }
repeat-year-date = hvert år { $date }
repeat-year-weekday = den { $nth } { $weekday }en i { $month } hvert år
repeat-general = flere ganger
repeat-hours = { $often } { $hours }
repeat-until = { $said } til { $date }
repeat-count = { $said }, { $count ->
    [one] én gang
   *[other] { $count } ganger
 }
repeat-except = { $said }, ikke { $dates }
repeat-except-some = { $said }, med noen unntak
repeat-also = { $said }, og dessuten { $dates }
repeat-also-some = { $said }, og noen dager til

## Calendar files and feeds

calendar-title-cancelled = AVLYST: { $title }
calendar-title-postponed = UTSATT: { $title }
calendar-title-tentative = { $title } (foreløpig dato)
push-tickets = Billetter
push-free = Gratis
push-title-rescheduled = Ny tid: { $title }
push-title-online = På nett: { $title }
push-many-dates = Arrangementet har flere datoer. Her står den neste; alle datoer: { $url }
calendar-cancelled = Avlyst.
calendar-postponed = Utsatt. Ny dato er ikke bestemt.
calendar-tentative = Foreløpig dato, ikke bekreftet av arrangøren.
calendar-moved = Flyttet. Tidligere tidspunkt: { $when }.
calendar-moved-online = Flyttet til nett.
calendar-hours-to-come = Klokkeslett kommer.
calendar-online = På nett
calendar-online-at = På nett: { $url }
calendar-also-at = Også her: { $places }
calendar-organizer = Arrangør: { $name }
calendar-audience = Passer for: { $names }
calendar-free = Gratis
calendar-tickets = Billetter: { $offer }
calendar-page = Mer om arrangementet: { $url }
calendar-website = Nettsted: { $url }
calendar-credit = Kilde: { $credit }
calendar-added = Lagt inn { $date }.
calendar-changed-cancelled = Sist endret { $date }: avlyst.
calendar-changed-postponed = Sist endret { $date }: utsatt.
calendar-changed-online = Sist endret { $date }: flyttet til nett.
calendar-changed-confirmed = Sist endret { $date }: bekreftet.
calendar-changed-time = Sist endret { $date }: nytt tidspunkt.
calendar-changed-place = Sist endret { $date }: nytt sted.
calendar-changed-details = Sist endret { $date }: nye opplysninger.
feed-dates = Datoer:
feed-date-differs = { $when }: { $what }
dates-more = Flere datoer følger.
dates-none = Ingen datoer

## Around every page

skip-to-content = Hopp til innholdet
nav-label = Hovedmeny
nav-agenda = Kalender
nav-series = Hvert år
nav-places = Steder
nav-organizers = Arrangører
nav-partners = Samarbeidspartnere
nav-subscribe = Abonner
nav-about = Om kalenderen
language-name = Norsk
footer-file = Kalenderfil (.ics)
footer-publisher = Utgitt av { $name }.
footer-licence = Opplysningene kan brukes fritt etter lisensen
footer-licence-url = https://creativecommons.org/licenses/by/4.0/deed.no
footer-privacy = Her er ingen informasjonskapsler og ingen sporing.
text-in = { $language ->
    [nb] { "" }
    [nn] { "" }
    [en] Teksten er på engelsk.
   *[other] Teksten er på et annet språk.
}
list-and = { $first } og { $last }

## What has changed

status-tentative = Foreløpig dato
status-cancelled = Avlyst
status-postponed = Utsatt
status-rescheduled = Flyttet
status-moved-online = Flyttet til nett
status-not-held = Ikke holdt
banner-before = Tidligere tid:
meaning-tentative = Datoen er ikke bekreftet. Sjekk igjen før du bestiller reise eller overnatting.
meaning-cancelled = Arrangementet blir ikke holdt.
meaning-postponed = Arrangementet er utsatt. Ny dato er ikke bestemt.
meaning-rescheduled = Arrangementet har fått ny tid. Det er tiden som står her, som gjelder.
meaning-moved-online = Arrangementet holdes på nett og ikke på stedet.
was-before = før { $when }

## The agenda

agenda-heading = Det skjer i { $places }
agenda-description = Kalender for { $places }: hva som skjer, når og hvor. Abonner, så kommer datoene i din egen kalender.
today = i dag
today-is = I dag er det { $date }, { $week }
running-now = Pågår nå
running-day = Dag { $day } av { $days }
running-until = til { $date }
all-day = hele dagen
place-and-more = { $place } og flere steder
running-then = Pågår { $date }
count-next = De neste { $count } arrangementene
count-events = { $count ->
    [0] Ingen arrangementer
    [one] Ett arrangement
   *[other] { $count } arrangementer
 }
tag-free = Gratis
find-words = Søk etter arrangement, sted eller arrangør
find-button = Søk
find-more = Velg tid, sted og tema
find-period = Tid
find-from = Fra og med
find-to = Til og med
find-municipality = Kommune
find-category = Tema
find-audience = For hvem
find-place-price = Sted og pris
find-place = Sted
find-any-place = Alle steder
find-free = Bare det som er gratis
find-show = Vis arrangementene
quick-label = Snarveier
quick-all = Alt som kommer
quick-today = I dag
quick-weekend = I helgen
quick-month = Neste 30 dager
quick-free = Gratis
chips-label = Valgte filtre
chip-remove = Fjern filteret
chip-from = fra { $date }
chip-to = til { $date }
chip-words = «{ $words }»
chips-clear = Fjern alle
empty-heading = Ingen treff
empty-text = Ingen arrangementer passer med det du har valgt. Prøv et annet tidsrom, fjern et filter eller se etter en annen skrivemåte.
empty-all = Se alt som skjer
empty-earlier = Se tidligere arrangementer
empty-later = Se senere arrangementer
empty-series = Se de faste arrangementene
empty-subscribe = Abonner på dette utvalget, så får du vite det når noe kommer
turn-label = Bla i kalenderen
turn-earlier = Tidligere
turn-later = Senere
take-heading = Få det i din egen kalender
take-all = Abonner på alt som skjer, så kommer nye datoer og endringer av seg selv.
take-selection = Abonner på dette utvalget, så kommer nye datoer og endringer av seg selv.
take-this = Abonner, så kommer nye datoer og endringer av seg selv.
take-subscribe = Abonner
take-file = Hent som kalenderfil (.ics)
series-strip = Hvert år
series-all = Se alle de faste arrangementene

## An event

event-dates = De neste gangene
event-parts = Delarrangementer
event-take-heading = Husk datoen
event-take-text = Legg arrangementet i din egen kalender.
event-take-file = Legg i kalenderen
event-take-all = Abonner på hele kalenderen
event-changed = Sist endret { $date }.
event-over = Dette er over.
event-source = Kilde: { $name }
fact-where = Sted
fact-municipality = { $name } kommune
fact-map = Åpne i kart
fact-online = På nett
fact-organizer = Arrangør
fact-price = Pris
fact-tickets = Billetter
fact-audience = Passer for
fact-accessibility = Tilgjengelighet
fact-series = Fast arrangement
fact-part-of = Del av
fact-website = Nettsted
price-free = Gratis
price-paid = Det koster noe å være med. Prisen er ikke oppgitt.
price-foreign = { $currency } { $amount }
price-amount = { $amount } kr

accessible-step-free = Trinnfri adkomst
accessible-hearing-loop = Teleslynge
accessible-toilet = Tilgjengelig toalett
accessible-parking = Parkering for forflytningshemmede
accessible-sign-language = Tegnspråktolkning
accessible-captions = Teksting
accessible-quiet-space = Stille rom
accessible-assistance-dogs = Førerhunder er velkomne

## Series

date-to-come = Dato kommer
series-heading = Hvert år
series-lead = De store begivenhetene som kommer igjen, med neste dato og alle årene vi kjenner.
series-dated = Med dato
series-undated-text = For disse har ingen ennå kunngjort en dato. Vi gjetter ikke.
series-date-to-come = Ingen har kunngjort en dato ennå. Den kommer her når den er kjent.
series-editions = År for år
series-year = År
series-when = Tid
series-source = Kilde
series-no-date = Ingen dato kjent
series-usual = Pleier å være
series-aliases = Også kalt
series-take-heading = Gå ikke glipp av neste gang
series-take-text = Abonner, så kommer hver dato i din egen kalender når den er kjent.

## Places and organizers

coming-heading = Det som kommer
coming-none = Ingen kommende arrangementer er registrert her.
place-degrees = { $north }° N, { $east }° Ø
place-position = Posisjon
places-heading = Steder
places-lead = Hallene, scenene, torgene og museene der det skjer.
places-elsewhere = Andre steder
organizers-heading = Arrangører
organizers-lead = De som står bak arrangementene.
organizer-email = E-post
organizer-telephone = Telefon
organizer-number = Organisasjonsnummer
partners-heading = Samarbeidspartnere
partners-lead = De som deler arrangementene sine med kalenderen, og hvor ferskt det er.
partners-connected = Koblet til kalenderen
partners-none-connected = Ingen er koblet til ennå.
partners-planned = Nevnt i planene, ikke koblet til ennå
partner-by-hand = Arrangementene er lagt inn for hånd.
partner-not-connected = Ikke koblet til ennå.
partner-sends = Sender arrangementene sine selv.
partner-not-yet = Er ikke spurt ennå.
partner-never-answered = Har ikke svart ennå.
partner-in-step = I takt { $date } kl. { $time }.
partner-troubled = Sist i takt { $date } kl. { $time }; etter det har vi ikke fått svar vi kan bruke.
partner-terms = Vilkår
partner-credit = Kilden oppgis: { $credit }.
partner-licence = Lisens: { $licence }.
partner-not-passed-on = Arrangementene står bare her, ikke i abonnementer og grensesnitt.
partner-not-indexed = Søkemotorer bes om ikke å vise sidene.

## Subscribing

subscribe-heading = Abonner på kalenderen
subscribe-lead = Da ligger arrangementene i din egen kalender, på telefonen eller på datamaskinen. Flyttes eller avlyses noe, endres det hos deg også.
subscribe-everything = Alt som skjer
subscribe-everything-lead = Alle arrangementer i { $places }.
subscribe-selection-lead = Arrangementene som passer med det du valgte.
subscribe-long = Adressen til dette utvalget er så lang at noen kalenderprogrammer ikke tar imot den. Lag en kort adresse, så virker den i alle.
subscribe-shorten = Lag en kort adresse
subscribe-short = Arrangementene som passer med det du valgte, under en kort adresse som alle kalenderprogrammer tar imot.
subscribe-rather-all = Vis heller hele kalenderen
ways-own = Åpne i kalenderen min
ways-google = Google Kalender
ways-outlook = Outlook.com
ways-file = Hent fil (.ics)
ways-formats = Andre formater:
ways-address = Adresse til å kopiere
ways-address-of = Adresse til å kopiere: { $name }
how-heading = Slik gjør du
how-apple = iPhone, iPad og Mac
how-apple-text = Velg «Åpne i kalenderen min», og svar ja til å abonnere.
how-google = Google Kalender og Android
how-google-text = Velg «Google Kalender» på en datamaskin, og legg til. Da kommer kalenderen på telefonen også.
how-outlook = Outlook
how-outlook-text = Velg «Outlook.com», eller kopier adressen og velg «Legg til kalender» og «Abonner fra nettet» i Outlook.
how-other = Andre programmer
how-other-text = Kopier adressen, og lim den inn der programmet lar deg abonnere på en kalender.
how-good-to-know = Det er kalenderprogrammet som bestemmer hvor ofte det ser etter nytt. Google kan bruke et døgn. En fil du henter, blir ikke oppdatert.
choose-heading = Bare det du er ute etter
choose-text = Hvert utvalg har sin egen kalender. Du kan abonnere på flere.
choose-category = Etter tema
choose-audience = Etter hvem det er for
choose-municipality = Etter kommune
choose-series = Ett fast arrangement

## About

about-heading = Om kalenderen
about-lead = Kalenderen samler det som skjer i { $region }, så det er lett å finne og lett å ta med seg.
about-dates = Hvor sikre er datoene?
about-dates-text = En dato står her først når vi vet hvor den kommer fra. Alt som er endret eller usikkert, er merket:
about-tentative = Datoen er regnet ut fra når arrangementet pleier å være, eller ikke bekreftet av arrangøren.
about-moved = Arrangementet har fått ny tid. Den gamle står ved siden av.
about-cancelled = Arrangementet blir ikke holdt. Det blir stående, så ingen kommer til lukket dør.
about-to-come = Ingen har kunngjort en dato ennå.
about-sources = Hvor kommer opplysningene fra?
about-sources-text = Fra arrangørene selv, fra åpne kilder og fra samarbeidspartnere. Kilden står på siden til hvert arrangement.
about-use = Bruk kalenderen videre
about-use-text = Opplysningene kan brukes fritt etter lisensen Creative Commons Navngivelse 4.0 når kilden oppgis, med de unntak som står på det enkelte arrangementet.
about-use-link = Slik abonnerer du
about-privacy = Personvern
about-privacy-text = Kalenderen bruker ingen informasjonskapsler, sporer ingen og henter ingenting fra andre nettsteder. Den virker uten JavaScript.

## Mails

mail-footer = Sendt av { $site }, { $url }. Ingen leser svar på denne e-posten.
mail-open = Åpne siden:
mail-remark = Melding:
mail-code-subject = { $code } er koden din til { $site }
mail-code-text = Skriv koden på siden der du ba om den. Den gjelder i 15 minutter og kan brukes én gang.
mail-code-link = Du kan også åpne denne siden. I nettleseren der du ba om koden, logger du inn med ett trykk:
mail-code-ignore = Hvis du ikke har bedt om en kode, trenger du ikke å gjøre noe. Gi ikke koden til andre.
mail-invited-subject = Du har fått tilgang: { $subject }
mail-invited-text = Du har fått tilgang til { $subject } i { $site }. Logg inn med denne e-postadressen. Du trenger ikke passord: Du får en kode på e-post.
mail-invited-editors = redaksjonen
mail-invited-organizers = registrering av arrangementer
mail-membership-requested-subject = Vil bli med: { $subject }
mail-membership-requested-text = { $sender } ber om å bli med i { $subject }. Godkjenn eller avvis på siden under.
mail-membership-approved-subject = Godkjent: { $subject }
mail-membership-approved-text = Du er nå med i { $subject } og kan registrere arrangementer.
mail-received-subject = Mottatt: { $subject }
mail-received-text = Redaksjonen har mottatt «{ $subject }». Du får en e-post når den har svart. Du trenger ikke å gjøre noe nå.
mail-approved-subject = Godkjent: { $subject }
mail-approved-text = «{ $subject }» er publisert i { $site }. Du trenger ikke å gjøre noe mer.
mail-changes-wanted-subject = Trenger endringer: { $subject }
mail-changes-wanted-text = Redaksjonen ber deg om å endre «{ $subject }». Rett det som står under, og send det til godkjenning igjen.
mail-rejected-subject = Avvist: { $subject }
mail-rejected-text = «{ $subject }» blir ikke publisert.
mail-cancelled-subject = Avlyst: { $subject }
mail-cancelled-text = { $sender } har avlyst «{ $subject }». Siden og kalenderfilene er oppdatert. Du trenger ikke å gjøre noe.
mail-postponed-subject = Utsatt: { $subject }
mail-postponed-text = { $sender } har meldt at «{ $subject }» er utsatt. Siden og kalenderfilene er oppdatert. Du trenger ikke å gjøre noe.
mail-rescheduled-subject = Nytt tidspunkt: { $subject }
mail-rescheduled-text = { $sender } har flyttet «{ $subject }» til et nytt tidspunkt. Siden og kalenderfilene er oppdatert. Du trenger ikke å gjøre noe.
mail-as-planned-subject = Som planlagt: { $subject }
mail-as-planned-text = { $sender } har meldt at «{ $subject }» blir som planlagt. Siden og kalenderfilene er oppdatert. Du trenger ikke å gjøre noe.
mail-former-time = Opprinnelig tid: { $when }
mail-organisation-approved-subject = Godkjent: { $subject }
mail-organisation-approved-text = { $subject } er godkjent som arrangør i { $site }. Du trenger ikke å gjøre noe.
mail-organisation-refused-subject = Ikke godkjent: { $subject }
mail-organisation-refused-text = { $subject } er ikke godkjent som arrangør i { $site }. Grunnen står under.
mail-reminder-subject = Påminnelse: { $subject }
mail-reminder-text = «{ $subject }» er snart, og er ikke sendt til godkjenning. Gjør kladden ferdig og send den, eller trekk den.
mail-changes-reminder-subject = Påminnelse: { $subject } trenger endringer
mail-changes-reminder-text = Redaksjonen har bedt deg om å endre «{ $subject }». Rett det som står på siden, og send det til godkjenning igjen.
mail-editor-digest-subject = Venter på deg: { $subject }
mail-editor-digest-text = Dette venter på redaksjonen i { $site }:
digest-count = { $count ->
    [one] én sak
   *[other] { $count } saker
 }
digest-more = { $count ->
    [one] og én sak til
   *[other] og { $count } saker til
 }
digest-organisation = Ny organisasjon: { $name }
digest-request = Ubesvart ønske om å bli med i { $name }
digest-partners = { $count ->
    [one] Én sak fra samarbeidspartnere
   *[other] { $count } saker fra samarbeidspartnere
 }

## Signing in

form-error-title = Feil: { $title }
form-errors = Dette må rettes
login-heading = Logg inn
login-lead = Vi sender en kode til e-postadressen din. Du trenger ikke passord. Er du her for første gang, lager vi en konto.
login-email = E-postadresse
login-email-hint = For eksempel navn@eksempel.no
login-email-error = Skriv en hel e-postadresse, for eksempel navn@eksempel.no
login-send = Send kode
login-do = Logg inn
login-cookie = Når du logger inn, lagrer nettleseren en informasjonskapsel som bare brukes til innloggingen.
login-no-mail = Denne kalenderen kan ikke sende e-post ennå, så ingen kan logge inn med kode. Spør dem som driver kalenderen.
code-heading = Skriv koden
code-lead = Vi har sendt en kode til { $email }. Den gjelder i { $minutes } minutter.
code-label = Kode
code-hint = Åtte sifre
code-wrong =
    { $left ->
        [one] Koden er feil. Du har ett forsøk igjen.
       *[other] Koden er feil. Du har { $left } forsøk igjen.
    }
code-none = Ingen e-post? Se i mappen for søppelpost, eller vent et par minutter.
code-again = Be om en ny kode
code-ended-heading = Koden gjelder ikke lenger
code-ended-text = En kode gjelder i 15 minutter, kan brukes én gang og må skrives i nettleseren der du ba om den. Etter fem feil må du be om en ny.
confirm-heading = Logg inn
confirm-lead = Du logger inn som { $email }.
show-code-heading = Skriv koden der du ba om den
show-code-text = Du ba om koden i en annen nettleser, kanskje på en annen enhet. Skriv denne koden der:
show-code-ignore = Hvis du ikke har bedt om en kode, kan du lukke siden. Gi ikke koden til andre.
invitation-heading = Bli redaktør
invitation-lead = Lenken gjør deg til redaktør. Den kan brukes én gang. Vi sender en kode til e-postadressen din.
invitation-lead-without-mail = Lenken gjør deg til redaktør og logger deg inn. Den kan brukes én gang. Kalenderen kan ikke sende e-post ennå, så skriv adressen nøyaktig.
invitation-ended-heading = Lenken gjelder ikke lenger
invitation-ended-text = En slik lenke gjelder i ett døgn og kan brukes én gang. Be den som ga deg lenken, om en ny.
account-bar = Kontoen din
account-heading = Kontoen din
account-email = Du er logget inn som { $email }.
account-editor-all = Du er redaktør for alle arrangementer.
account-editor-places = Du er redaktør for arrangementer i { $places }.
account-name = Navnet ditt
account-name-hint = Valgfritt. Redaksjonen og de andre i foreningen din ser det.
account-save = Lagre
account-sessions = Her er du logget inn
account-session-this = denne nettleseren
account-session-times = Logget inn { $begun }, sist brukt { $seen }
account-session-end = Logg ut her
account-session-end-label = Logg ut { $browser }
account-sessions-end = Logg ut alle andre steder
account-logout = Logg ut
account-browser = { $browser } på { $system }
account-browser-unknown = Ukjent nettleser

## When something goes wrong: a heading and a text for each kind of problem

problem-not-found = Siden finnes ikke
problem-not-found-text = Adressen kan være skrevet feil, eller siden kan ha fått en ny. Arrangementer beholder adressen sin, også når de er flyttet eller avlyst.
problem-invalid-parameters = Vi forstod ikke hva du ba om
problem-invalid-parameters-text = Noe i adressen eller skjemaet er ikke slik det skal være. Rett det som står under, og prøv igjen.
problem-bad-request = Vi forstod ikke hva du ba om
problem-bad-request-text = Adressen eller det som ble sendt, er ikke slik det skal være.
problem-from-elsewhere = Det må gjøres herfra
problem-from-elsewhere-text = Skjemaet ble sendt fra et annet nettsted. Åpne siden her i kalenderen, og prøv igjen.
problem-sign-in-needed = Du er ikke logget inn
problem-sign-in-needed-text = Innloggingen kan ha gått ut. Logg inn på nytt i en annen fane, og prøv igjen her.
problem-editors-only = Siden er for redaktører
problem-editors-only-text = Kontoen din er ikke redaktør. Spør dem som driver kalenderen hvis den skal være det.
problem-form-expired = Siden har stått åpen for lenge
problem-form-expired-text = Ingenting ble lagret. Gå tilbake, last siden på nytt, og prøv igjen.
problem-https-needed = Her kan du ikke logge inn
problem-https-needed-text = Innlogging krever en kryptert forbindelse. Åpne kalenderen på adressen som begynner med https.
problem-conflict = Noen andre kom deg i forkjøpet
problem-conflict-text = Det du ville endre, er endret i mellomtiden. Se på den nye utgaven, og prøv igjen.
problem-key-needed = Her trengs en nøkkel
problem-key-needed-text = Adressen er for programmer som har fått en nøkkel, og nøkkelen manglet eller er ikke gyldig.
problem-key-refused = Nøkkelen gjelder ikke her
problem-key-refused-text = Nøkkelen er gyldig, men åpner ikke denne adressen.
problem-media-type = Det var ikke i riktig format
problem-media-type-text = Adressen tar imot JSON. Si fra om det med Content-Type.
problem-invalid-event = Arrangementet kan ikke tas imot
problem-invalid-event-text = Noe i det som ble sendt er ikke som det skal. Rett det som er listet opp, og send det igjen.
problem-precondition-failed = Det er ikke lenger slik du tror
problem-precondition-failed-text = Arrangementet er endret siden du hentet det. Hent det på nytt, og prøv igjen.
problem-too-many-requests = Litt for fort
problem-too-many-requests-text = Det kom uvanlig mange forespørsler på kort tid. Vent litt, og prøv igjen.
problem-too-large = Det var for stort
problem-too-large-text = Det som ble sendt, er større enn vi tar imot. Send mindre om gangen.
problem-method-not-allowed = Det går ikke
problem-method-not-allowed-text = Denne adressen tar ikke imot det som ble sendt.
problem-too-many-filters = Vent litt
problem-too-many-filters-text = Det er laget uvanlig mange korte adresser den siste timen. Prøv igjen om en stund. Alle adresser som er laget, virker som før.
problem-filters-full = Det er ikke plass til flere korte adresser
problem-filters-full-text = Velg litt færre filtre, så virker den vanlige adressen i alle kalenderprogrammer. Korte adresser som er laget, virker som før.
problem-storage-full = Det er ikke plass til mer
problem-storage-full-text = Endringen ble ikke lagret, fordi lageret er fullt. Kalenderen kan fortsatt leses.
problem-unavailable = Kalenderen er stengt en liten stund
problem-unavailable-text = Prøv igjen om noen minutter. Kalendere du abonnerer på, beholder det de har.
problem-internal = Noe gikk galt hos oss
problem-internal-text = Feilen er notert. Prøv igjen om litt.
error-problems = Dette må rettes
fault-unknown = Finnes ikke. Disse finnes: { $known }
fault-too-long = Er for lang. { $limit } byte er det meste som leses.
fault-too-many = Det er for mange. { $limit } er det meste som leses.
fault-not-one-of = Må være en av disse: { $allowed }
fault-nothing-called = Her er ingenting som heter «{ $word }».
fault-not-a-date = Er ikke en dato. Skriv den slik: 2027-03-04
fault-before-start = Ligger før fra-datoen.
fault-not-a-name = Kan bare ha små bokstaver fra a til z, sifre og bindestrek.
error-onward = Gå videre
error-places = Se alle steder
error-request = Oppgi dette nummeret hvis du melder fra:

## Organizers and editors

problem-not-yours = Dette hører til andre
problem-not-yours-text = Siden er for medlemmer av organisasjonen, eller for redaktører i den kommunen. Be om å bli med, eller logg inn med en annen adresse.
work-mine = Mine arrangementer
work-editor = Redaksjon
work-new-event = Registrer arrangement
work-edit-event = Endre arrangement
work-edit-public = Endre publisert arrangement
work-check = Sjekk opplysningene
work-conflicts = Velg mellom to endringer
work-untitled = Uten tittel
work-is-edit = Endring av publisert arrangement
work-invited = Du er invitert til en organisasjon
work-alone = { $name } har bare én administrator. Inviter en til.
work-start = Registrer det første arrangementet. Du trenger bare å vite hva som skjer, når og hvor.
work-public = Publisert
work-history = Hva som har skjedd
work-approve = Godkjenn
work-reject = Avvis
group-changes-wanted = Trenger endringer
group-draft = Kladder
group-submitted = Til godkjenning
group-approved = Avgjort
state-draft = Kladd
state-submitted = Til godkjenning
state-changes-wanted = Trenger endringer
state-approved = Publisert
state-rejected = Avvist
state-withdrawn = Trukket
next-draft = Bare organisasjonen din ser kladden. Send den til godkjenning når den er klar.
next-submitted = Du får svar på e-post. Du trenger ikke gjøre noe nå.
next-changes-wanted = Endre det redaktøren ber om, og send på nytt.
next-approved = Alle kan se arrangementet.
next-rejected = Arrangementet blir ikke publisert. Grunnen står under.
next-withdrawn = Ingen ser på forslaget lenger.
wait-minutes = Halvparten får svar innen { $count } minutter.
wait-hours = Halvparten får svar innen { $count } timer.
wait-days = Halvparten får svar innen { $count } dager.
notice-saved = Kladden er lagret.
notice-sent = Arrangementet er sendt til godkjenning.
notice-published = Arrangementet er publisert.
notice-withdrawn = Arrangementet er trukket.
notice-decided = Avgjørelsen er lagret.
notice-registered = Organisasjonen er registrert. En redaktør godkjenner den sammen med det første arrangementet.
notice-requested = Ønsket om å bli med er sendt.
notice-members = Medlemslisten er endret.
notice-status = Endringen er publisert.
notice-undone = Endringen er angret. Ingen får e-post om den.
notice-restored = Feltet er satt tilbake og publisert.
notice-changed = Noen har endret dette i mellomtiden. Se på det på nytt før du går videre.
notice-state = Det er allerede avgjort.
notice-pending = Organisasjonen er ikke godkjent ennå. Godkjenn den først.
notice-exists = Organisasjonen finnes allerede. Søk etter den og be om å bli med.
notice-text = Teksten mangler eller er for lang. Skriv den på nytt.
notice-admin = En organisasjon må ha en administrator. Gi rollen til en annen først.
notice-address = E-postadressen er ikke riktig. Skriv den slik: navn@eksempel.no.
notice-time = Skriv ny dato eller nytt klokkeslett når arrangementet får nytt tidspunkt, og la feltene stå tomme ellers. Datoen skrives slik: 8.6.2027.
notice-series = En hel serie kan bare få nytt klokkeslett her. Velg én dato, eller bruk «Endre opplysningene» for å flytte serien til en annen dag.
notice-many = Det er for mange som venter. Vent til noen er avgjort.
notice-too-late = Endringen kan ikke angres lenger. Gjør en ny endring i stedet.
notice-invitations = Du har invitert mange på kort tid, eller denne adressen nettopp. Prøv igjen i morgen.
organisations-heading = Organisasjoner
organisations-lead = Arrangementer registreres av et lag, en forening eller en bedrift, med eller uten organisasjonsnummer.
organisations-invited = Du er invitert til { $name }.
organisations-member = Du er med i
organisations-requested = Du har bedt om å bli med i
organisations-find = Finn eller registrer
organisations-query = Navn eller organisasjonsnummer
organisations-search = Søk
organisations-none = Ingen treff. Registrer organisasjonen hvis den er ny.
organisation-pending = Venter på godkjenning
organisation-approved = Godkjent
organisation-refused = Ikke godkjent
organisation-accept = Bli med
organisation-join = Be om å bli med
organisation-claim = Dette er oss
organisation-trusted = Organisasjonen publiserer uten godkjenning.
organisation-alone = Inviter en til, så dere ikke er avhengige av én person.
organisation-requests = Vil bli med
organisation-admit = Slipp inn
organisation-deny = Avslå
organisation-members = Medlemmer
organisation-admin = Administrator
organisation-promote = Gjør til administrator
organisation-demote = Gjør til vanlig medlem
organisation-remove = Fjern
organisation-invite = Inviter
organisation-email = E-postadresse
organisation-send-invitation = Send invitasjon
organisation-uninvite = Trekk tilbake invitasjonen
organisation-leave = Forlat organisasjonen
register-heading = Registrer organisasjon
register-claim = Du ber om å få ansvaret for en arrangør som allerede står i kalenderen. En redaktør avgjør det.
register-name = Navn på lag, forening eller bedrift
register-number = Organisasjonsnummer (valgfritt)
register-number-hint = Ni sifre. La feltet stå tomt hvis dere ikke har nummer.
register-send = Registrer
register-name-missing = Skriv navnet på organisasjonen.
register-name-too-long = Navnet er for langt. Skriv høyst 200 tegn.
register-number-wrong = Nummeret stemmer ikke. Skriv ni sifre, eller la feltet stå tomt.
form-edit-lead = Nytt tidspunkt og nytt sted blir synlig med en gang. Endrede tekster venter på en redaktør.
form-conflict = Et annet medlem har endret de samme feltene mens du skrev. Det de skrev, står ved feltet. Velg hva som skal stå, og lagre på nytt.
form-asked = Redaktøren ber om endring:
form-stored = Et annet medlem skrev:
form-organisation = Hvem arrangerer?
form-what = Hva
form-when = Når
form-where = Hvor
form-title-languages = Tittel på nynorsk og engelsk (valgfritt)
form-several-days = Det varer flere dager
form-repeats = Det gjentas
form-dates = Disse datoene skal tas bort
form-dates-hint = De neste datoene. Kryss av for dem det ikke skjer noe på.
form-moved-dates = Datoer som flyttes (valgfritt)
form-show-dates = Vis datoene
form-no-place = Velg sted
form-other-place = Stedet står ikke i listen
form-no-municipality = Velg kommune
form-online = Det er mulig å delta på nett
form-more = Mer om arrangementet
form-more-lead = Alt her er valgfritt. Det hjelper folk å finne arrangementet og å vite om det passer for dem.
form-text-languages = Tekst på nynorsk og engelsk (valgfritt)
form-programme = Program (valgfritt)
form-programme-hint = En rad for hver del. Uten dato er delen på første dag.
form-more-rows = Flere rader
form-private = Beredskap (valgfritt)
form-private-hint = Bare redaktørene ser dette. Det erstatter ikke søknad eller melding til politi og brannvesen.
form-continue = Gå videre
form-save = Lagre kladd
form-saved = Lagret kl.{"\u00A0"}{ $time }
form-offline = Ikke lagret: ingen forbindelse. Vi prøver igjen. Det du har skrevet, står her så lenge siden er åpen.
form-changed = Et annet medlem har endret skjemaet mens du skrev. Lagre kladden for å se begge versjonene.
form-not-saved = Kladden kan ikke lagres av seg selv. Velg «Lagre kladd».
form-signed-out = Du er logget ut. Det du har skrevet, står her. Logg inn i en ny fane, så lagrer vi igjen.
check-empty = Ikke oppgitt
check-change = Endre
check-publishes = Organisasjonen din publiserer uten godkjenning.
check-edit = Nytt tidspunkt og sted blir synlig med en gang. Resten venter på en redaktør.
check-waits = En redaktør ser på arrangementet før det blir publisert.
check-publish = Publiser
check-send = Send til godkjenning
check-back = Tilbake til skjemaet
check-preview = Slik blir siden
submission-check = Sjekk og send
submission-edit = Endre
submission-public = Se siden
submission-manage = Avlys, flytt eller endre
submission-withdraw = Trekk arrangementet
conflicts-lead = Arrangementet ble endret mens du redigerte. Velg hva som skal gjelde for hvert felt.
conflicts-own = Din endring:
conflicts-public = Det som er publisert:
published-edit = Endre opplysningene
published-status = Avlys, utsett eller flytt
published-occurrence = Hvilken dato gjelder det?
published-all = Alle datoene
published-new-status = Hva har skjedd?
published-date = Ny dato (bare ved nytt tidspunkt)
published-time = Nytt klokkeslett (bare ved nytt tidspunkt)
published-notice = Melding til publikum (valgfritt)
published-notice-hint = En setning om hvorfor, og hva de som har kjøpt billett skal gjøre.
published-save = Publiser endringen
published-undo = Angre
published-undo-text = Den siste endringen er publisert. Du kan angre den til klokken { $time }. Etter det får de andre i organisasjonen og redaktørene e-post om den.
published-now = Opplysningene nå
history-link = Tidligere versjoner
history-lead = Her ser du hva som er endret, når og av hvem. Velg en versjon for å sammenligne den med det som er publisert nå.
history-version = Versjonen fra
history-changes = Dette ble endret
history-since = Dette er endret siden
history-same = Ingenting er endret siden.
history-restore = Sett tilbake
history-versions = Alle versjoner
history-current = Publisert nå
history-oldest = Den eldste versjonen som er lagret
history-back = Tilbake til arrangementet
history-by-other = En redaktør eller et tidligere medlem
history-by-calendar = Kalenderen selv
history-by-files = Kalenderens datafiler
history-by-operator = Drift av kalenderen
set-cancelled = Avlyst
set-postponed = Utsatt, ny dato er ikke klar
set-rescheduled = Nytt tidspunkt
set-scheduled = Som planlagt
status-name-scheduled = Som planlagt
status-name-tentative = Foreløpig dato
status-name-cancelled = Avlyst
status-name-postponed = Utsatt
status-name-rescheduled = Nytt tidspunkt
status-name-moved-online = På nett
queue-heading = Redaksjon
queue-empty = Ingenting venter på deg.
queue-since = Venter siden { $date }
queue-new = Nytt arrangement
queue-edit = Endring
queue-live = Endring, tid eller sted er allerede synlig
queue-partner = Nytt fra samarbeidspartner
queue-suggestion = Partneren har andre opplysninger
queue-duplicate = Kan være samme arrangement
queue-take = Bruk partnerens
queue-keep = Behold våre
queue-same = Samme arrangement
queue-different = To arrangementer
queue-organisations = Organisasjoner til godkjenning
queue-requests = Vil bli med i en organisasjon
queue-requests-text = Ingen administrator har svart på tre dager, så redaktører kan svare.
queue-held = Partnere som er stanset
queue-held-text = Siste henting så feil ut og ble ikke brukt.
queue-release = Slipp gjennom
review-organisation-pending = Organisasjonen er ny og ikke godkjent ennå.
review-claims = Den sier at den er
review-claims-check = Godkjenn den bare hvis du vet at det stemmer: Da kan den endre og avlyse arrangementene til arrangøren.
review-live = Allerede synlig:
review-approve-organisation = Godkjenn organisasjonen samtidig
review-add-place = Legg stedet til i listen over steder
review-keep-edit = Bruk endringen
review-keep-public = Behold det som er publisert
review-ask = Be om endringer
review-comment-whole = Om arrangementet
review-reason = Grunn
review-templates = Sett inn en tekst, og rett på den hvis du vil:
review-template-duplicate = Arrangementet står allerede i kalenderen.
review-template-scope = Arrangementet er utenfor regionen.
review-template-facts = Vi fant ikke ut hvem som arrangerer.
reply-time = Vi mangler klokkeslettet. Skriv når arrangementet starter.
reply-place = Vi mangler stedet. Skriv hvor folk skal møte opp.
reply-summary = Vi mangler en kort tekst om hva som skjer.
reply-price = Vi mangler prisen. Skriv hva det koster, eller at det er gratis.
reply-title = Tittelen sier ikke hva arrangementet er. Skriv det så de som ikke kjenner dere, forstår det.
review-previous = Forrige i køen
review-next = Neste i køen
keys-heading = Hurtigtaster
keys-use = Bruk hurtigtaster
keys-next = Neste i køen
keys-previous = Forrige i køen
keys-approve = Gå til knappen som godkjenner. Trykk Enter for å godkjenne.
help-link = Hjelp
help-heading = Hjelp for arrangører
help-lead = Slik får du et arrangement inn i kalenderen. Alt kan gjøres på en telefon.
help-sign-in = Logg inn
help-sign-in-text = Skriv e-postadressen din. Du får en kode på e-post og skriver den inn. Du trenger ikke passord.
help-organisation = Finn organisasjonen din
help-organisation-text = Arrangementer registreres av et lag, en forening eller en bedrift. Søk etter navnet først. Finnes organisasjonen, ber du om å bli med, og de som er med fra før, svarer. Finnes den ikke, registrerer du den, med eller uten organisasjonsnummer. En redaktør godkjenner den sammen med det første arrangementet.
help-form = Fyll ut skjemaet
help-form-text = Hva, når og hvor er nok. Resten er valgfritt og kan legges til senere. Datoer skriver du som du vil, for eksempel 8.6.2027 eller 8. juni. Kladden lagres mens du skriver. Blir du avbrutt, finner du den under «Mine arrangementer».
help-form-alt = Skjemaet på en telefon, med felt for tittel og dato.
help-repeat = Det som gjentas, og program
help-repeat-text = Åpne «Det gjentas» for noe som skjer flere ganger. Du ser de neste datoene og kan ta bort eller flytte dem. Har arrangementet flere deler, skriver du en rad for hver del under «Program».
help-check = Sjekk og send
help-check-text = Før du sender, ser du alle opplysningene og siden slik den blir. Velg «Endre» ved det som skal rettes. En redaktør ser på arrangementet før det blir publisert, og du får svar på e-post.
help-check-alt = Siden «Sjekk opplysningene», med en linje for hver opplysning og en lenke for å endre den.
help-changes = Når redaktøren ber om endringer
help-changes-text = Du får en e-post om hva som mangler. Det står også ved feltene i skjemaet. Endre det, og send på nytt.
help-mine = Følg med
help-mine-text = «Mine arrangementer» viser det som trenger endringer, kladder, det som venter på en redaktør, og det som er publisert.
help-mine-alt = Siden «Mine arrangementer», med arrangementer som trenger endringer, kladder og arrangementer til godkjenning.
help-status = Avlys, utsett eller flytt
help-status-text = Åpne det publiserte arrangementet under «Mine arrangementer», og velg hva som har skjedd. Skriv gjerne en melding til publikum. Endringen er synlig med en gang, også for dem som abonnerer på kalenderen. Gjentas arrangementet, kan du velge én dato.
help-status-alt = Skjemaet for å avlyse, utsette eller flytte, med valg av dato og ny status.
help-edit = Endre noe som er publisert
help-edit-text = Nytt tidspunkt og nytt sted er synlig med en gang. Endrede tekster venter på en redaktør.
help-private = Det bare redaktørene ser
help-private-text = Vaktkontakt og forventet publikum er bare for redaktørene. Det vises aldri offentlig, og det erstatter ikke søknad eller melding.
help-editor-heading = Hjelp for redaktører
help-editor-lead = Hva som venter, hvordan du avgjør det, og hva arrangøren får vite.
help-queue = Køen
help-queue-text = Alt som venter, står i én liste etter datoen for arrangementet: nye arrangementer, endringer av publiserte arrangementer og opplysninger fra samarbeidspartnere. Nye organisasjoner står under.
help-queue-alt = Køen med to arrangementer og en organisasjon som venter på godkjenning.
help-review = Se hva som er nytt
help-review-text = Ved en endring står det publiserte og forslaget i samme tekst. Det som er tatt bort, er strøket over. Det som er nytt, er understreket. Nytt tidspunkt og nytt sted er synlig allerede.
help-review-alt = En endring av et arrangement, der nye ord er understreket og gamle er strøket over.
help-approve = Godkjenn
help-approve-text = Når du godkjenner, er arrangementet på siden sin og i kalenderne med en gang. En ny organisasjon kan du godkjenne samtidig. Avgjørelsen gjelder den versjonen du så. Har arrangøren endret noe i mellomtiden, ser du det først.
help-ask = Be om endringer eller avvis
help-ask-text = Skriv ved feltet det gjelder, eller sett inn en ferdig tekst. Arrangøren får det på e-post og ser det i skjemaet. Avvis bare det som ikke hører hjemme i kalenderen, og skriv hvorfor.
help-ask-alt = Skjemaet for å be om endringer, med ferdige tekster og et felt for hver opplysning.
help-trust = Organisasjoner som publiserer selv
help-trust-text = På siden til en organisasjon kan du la den publisere uten godkjenning. Du kan kreve godkjenning igjen.
help-keys = Hurtigtaster
help-keys-text = Tasten j går til neste i køen, k til forrige og a til knappen som godkjenner. Ingenting er godkjent før du trykker på knappen. Tastene slår du av under køen.
review-text-missing = Skriv hva som skal endres, eller hvorfor arrangementet avvises.
review-text-too-long = Teksten er for lang. Skriv høyst 2 000 tegn.
review-conflicts = Arrangementet ble endret etter at endringen ble sendt. Velg hva som skal gjelde.
editor-organizer = Arrangør i kalenderen
editor-trust = La den publisere uten godkjenning
editor-distrust = Krev godkjenning igjen
editor-refuse = Ikke godkjenn
editor-request-early = Administratorene svarer først. Etter tre dager kan redaktører svare.
line-title = Tittel
line-schedule = Når
line-venues = Hvor
line-online-url = På nett
line-organizer = Arrangør
line-status = Status
line-summary = Kort om
line-description = Beskrivelse
line-categories = Tema
line-audiences = Målgruppe
line-admission = Pris
line-accessibility = Universell utforming
line-website = Nettside
line-images = Bilder
line-super-event = Del av
line-publication = Publisering
field-title = Tittel
field-title-nn = Tittel på nynorsk
field-title-en = Tittel på engelsk
field-pattern = Gjentas det?
field-date = Dato
field-end-date = Siste dag
field-hours = Klokkeslett
field-start-time = Starter kl.
field-end-time = Slutter kl. (valgfritt)
field-every = Hvor ofte
field-interval = Hver … uke eller måned (valgfritt)
field-weekday = Ukedager
field-until = Til og med dato
field-count = Antall ganger
field-strike = Datoer som tas bort
field-move-from = Dato som flyttes
field-move-to = Ny dato
field-move-time = Nytt klokkeslett
field-place = Sted
field-place-name = Navn på stedet
field-place-address = Gateadresse (valgfritt)
field-place-postal-code = Postnummer (valgfritt)
field-place-town = Poststed (valgfritt)
field-place-municipality = Kommune
field-online-url = Nettadresse for deltakelse
field-summary = Kort om arrangementet
field-summary-nn = Kort om arrangementet på nynorsk
field-summary-en = Kort om arrangementet på engelsk
field-description = Beskrivelse
field-description-nn = Beskrivelse på nynorsk
field-description-en = Beskrivelse på engelsk
field-category = Tema
field-audience = Målgruppe
field-admission = Hva koster det?
field-price = Pris i kroner
field-ticket-url = Nettadresse for billetter
field-accessibility = Universell utforming
field-website = Arrangementets egen nettside
field-part-id = Del
field-part-title = Tittel
field-part-date = Dato
field-part-start = Starter
field-part-end = Slutter
field-contact-name = Vaktkontakt
field-contact-telephone = Telefon til vaktkontakten
field-attendance = Forventet publikum
field-peak-time = Når er det flest der?
hint-title = Navnet på arrangementet, uten dato og sted.
hint-date = For eksempel 8.6.2027 eller 8. juni.
hint-end-date = For eksempel 10.6.2027.
hint-start-time = For eksempel 18 eller 18.30.
hint-end-time = Slutter det etter midnatt, skriv bare klokkeslettet.
hint-interval = 1 er hver, 2 er annenhver.
hint-weekday = Uten kryss gjelder ukedagen til datoen over.
hint-until = For eksempel 15. juni.
hint-count = Skriv enten siste dato eller antall ganger.
hint-place = Velg i listen, eller åpne «Stedet står ikke i listen».
hint-place-name = Blir offentlig når arrangementet er godkjent.
hint-online-url = Der publikum blir med på nett.
hint-summary = En eller to setninger. De vises i oversikten.
hint-description = Skriv det folk lurer på. En tom linje gir nytt avsnitt.
hint-category = Folk filtrerer på tema.
hint-audience = Kryss av bare hvis det er laget for dem.
hint-price = For eksempel 250.
hint-accessibility = Kryss av bare det dere vet.
hint-contact-name = Den som kan nås mens arrangementet pågår.
hint-contact-telephone = Vises aldri offentlig.
hint-attendance = Omtrent hvor mange til sammen.
hint-peak-time = For eksempel lørdag kl. 20–22.
choice-pattern-once = Nei
choice-pattern-repeated = Ja
choice-hours-at = Klokkeslettet under
choice-hours-all-day = Hele dagen
choice-hours-to-come = Klokkeslett kommer
choice-every-week = Hver uke, på ukedagene under
choice-every-month = Hver måned, samme ukedag i måneden
choice-admission-unknown = Ikke oppgitt
choice-admission-free = Gratis
choice-admission-paid = Inngangspenger
missing-title = Skriv tittelen.
missing-date = Skriv datoen.
missing-start-time = Skriv når det starter, eller velg «Hele dagen» eller «Klokkeslett kommer».
missing-place = Velg et sted, skriv et nytt, eller oppgi en nettadresse.
missing-place-name = Skriv navnet på stedet.
missing-part-title = Skriv tittelen på denne delen.
missing-part-start = Skriv når denne delen starter.
wrong-too-long = Teksten er for lang. Skriv høyst { $limit } tegn.
wrong-date = Datoen er ikke til å forstå. Skriv den slik: 8.6.2027.
wrong-time = Klokkeslettet er ikke til å forstå. Skriv det slik: 18.30.
wrong-past = Datoen { $date } er passert. Skriv en dato fra i dag av.
wrong-end = Sluttiden er før starttiden. Skriv et klokkeslett etter { $time }.
wrong-before-day = Datoen er for tidlig. Skriv en dato fra { $date } av.
wrong-end-needed = Skriv når det slutter den siste dagen, eller velg «Hele dagen».
wrong-choice = Velg noe fra listen.
wrong-number = Skriv et helt tall fra { $least } til { $most }.
wrong-price = Prisen er ikke til å forstå. Skriv den slik: 250.
wrong-address = Nettadressen er ikke riktig. Skriv den slik: https://eksempel.no.
wrong-postal-code = Postnummeret har fire sifre.
wrong-no-end = Skriv siste dato eller antall ganger.
wrong-two-ends = Skriv enten siste dato eller antall ganger, ikke begge.
wrong-no-date-left = Ingen datoer er igjen. Ta bort et kryss, eller velg en senere siste dato.
wrong-no-such-date = Arrangementet er ikke på denne datoen. Velg en av datoene over.
wrong-repeated-days = Det som gjentas, varer én dag. La siste dag stå tom.
