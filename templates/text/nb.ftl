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
hours-at = kl. { $start }
hours-from-to = kl. { $start }–{ $end }
hours-to-come = klokkeslett kommer
when-day-hours = { $date } { $hours }
when-day-to-come = { $date }, { $hours }
when-across-days = { $first } { $start } til { $last } { $end }

## Calendar files and feeds

calendar-title-cancelled = AVLYST: { $title }
calendar-title-postponed = UTSATT: { $title }
calendar-title-tentative = { $title } (foreløpig dato)
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
