# Interface texts in British English. nb.ftl is the original; a test compares the keys.
# Dates and times follow the GOV.UK style guide.

## Days, months, dates

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
month-of-year = { $month } { $year }
week-number = week { $week }

date-day = { $day }
date-day-month = { $day } { $month }
date-day-month-year = { $day } { $month } { $year }
date-with-weekday = { $weekday } { $date }
dates-range = { $first } to { $last }
dates-range-weekdays = { $first } to { $last }

clock = { $sharp ->
    [midnight] midnight
    [midday] midday
    [hour] { $hour12 }{ $half }
   *[minute] { $hour12 }:{ $minute }{ $half }
 }
clock-midnight-end = midnight
hours-at = { $start }
hours-from-to = { $start } to { $end }
hours-to-come = time to be confirmed
when-day-hours = { $date }, { $hours }
when-day-to-come = { $date }, { $hours }
when-across-days = { $first }, { $start } to { $last }, { $end }

## Calendar files and feeds

calendar-title-cancelled = CANCELLED: { $title }
calendar-title-postponed = POSTPONED: { $title }
calendar-title-tentative = { $title } (provisional date)
calendar-cancelled = Cancelled.
calendar-postponed = Postponed. The new date has not been set.
calendar-tentative = Provisional date, not confirmed by the organiser.
calendar-moved = Moved. Previously: { $when }.
calendar-moved-online = Moved online.
calendar-hours-to-come = Time to be confirmed.
calendar-online = Online
calendar-online-at = Online: { $url }
calendar-also-at = Also at: { $places }
calendar-organizer = Organiser: { $name }
calendar-audience = Suitable for: { $names }
calendar-free = Free
calendar-tickets = Tickets: { $offer }
calendar-page = More about the event: { $url }
calendar-website = Website: { $url }
calendar-credit = Source: { $credit }
calendar-added = Added { $date }.
calendar-changed-cancelled = Last changed { $date }: cancelled.
calendar-changed-postponed = Last changed { $date }: postponed.
calendar-changed-online = Last changed { $date }: moved online.
calendar-changed-confirmed = Last changed { $date }: confirmed.
calendar-changed-time = Last changed { $date }: new time.
calendar-changed-place = Last changed { $date }: new place.
calendar-changed-details = Last changed { $date }: new details.
