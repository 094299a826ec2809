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
hours-clocks-back = { $hours } (the clocks go back)
hours-to-come = time to be confirmed
when-day-hours = { $date }, { $hours }
when-day-to-come = { $date }, { $hours }
when-across-days = { $first }, { $start } to { $last }, { $end }

## Repetition

ordinal-1 = first
ordinal-2 = second
ordinal-3 = third
ordinal-4 = fourth
ordinal-last = last
repeat-days = { $interval ->
    [1] every day
    [2] every other day
   *[other] every { $interval } days
 }
repeat-workdays = Monday to Friday
repeat-weekdays = { $interval ->
    [1] every { $days }
    [2] every other { $days }
   *[other] every { $interval } weeks on { $days }
 }
repeat-month-day = { $interval ->
    [1] day { $day } of every month
    [2] day { $day } of every other month
   *[other] day { $day }, every { $interval } months
 }
repeat-month-day-if-any = day { $day } of every month that has so many days
repeat-month-last-day = { $interval ->
    [1] the last day of every month
    [2] the last day of every other month
   *[other] the last day, every { $interval } months
 }
repeat-month-weekday = { $interval ->
    [1] the { $nth } { $weekday } of every month
    [2] the { $nth } { $weekday } of every other month
   *[other] the { $nth } { $weekday }, every { $interval } months
 }
repeat-year-date = every year on { $date }
repeat-year-weekday = the { $nth } { $weekday } of { $month } every year
repeat-general = on several dates
repeat-hours = { $often }, { $hours }
repeat-until = { $said }, until { $date }
repeat-count = { $said }, { $count ->
    [one] once
   *[other] { $count } times
 }
repeat-except = { $said }, except { $dates }
repeat-except-some = { $said }, with some exceptions
repeat-also = { $said }, and also on { $dates }
repeat-also-some = { $said }, and on some other days

## Calendar files and feeds

calendar-title-cancelled = CANCELLED: { $title }
calendar-title-postponed = POSTPONED: { $title }
calendar-title-tentative = { $title } (provisional date)
push-tickets = Tickets
push-free = Free entry
push-title-rescheduled = New time: { $title }
push-title-online = Online: { $title }
push-many-dates = It takes place several times. The date here is the next one; all dates: { $url }
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
feed-dates = Dates:
feed-date-differs = { $when }: { $what }
dates-more = More dates follow.
dates-none = No dates

## Around every page

skip-to-content = Skip to content
nav-label = Main menu
nav-agenda = Calendar
nav-series = Every year
nav-places = Places
nav-organizers = Organisers
nav-partners = Partners
nav-subscribe = Subscribe
nav-about = About this calendar
language-name = English
footer-file = Calendar file (.ics)
footer-publisher = Published by { $name }.
footer-licence = You may reuse the information under the licence
footer-licence-url = https://creativecommons.org/licenses/by/4.0/
footer-privacy = No cookies, no tracking.
text-in = { $language ->
    [en] { "" }
    [nb] This text is in Norwegian (Bokmål).
    [nn] This text is in Norwegian (Nynorsk).
   *[other] This text is in another language.
}
list-and = { $first } and { $last }

## What has changed

status-tentative = Provisional date
status-cancelled = Cancelled
status-postponed = Postponed
status-rescheduled = Moved
status-moved-online = Moved online
status-not-held = Not held
banner-before = Earlier time:
meaning-tentative = This date is not confirmed. Check again before you book travel or a place to stay.
meaning-cancelled = This event will not take place.
meaning-postponed = This event is postponed. There is no new date yet.
meaning-rescheduled = This event has a new time. The time shown here is the right one.
meaning-moved-online = This event takes place online instead of at the venue.
was-before = was { $when }

## The agenda

agenda-heading = What’s on in { $places }
agenda-description = A calendar for { $places }: what’s on, when and where. Subscribe and the dates come to your own calendar.
today = today
today-is = Today is { $date }, { $week }
running-now = On now
running-day = Day { $day } of { $days }
running-until = until { $date }
all-day = all day
place-and-more = { $place } and other places
running-then = On { $date }
count-next = The next { $count } events
count-events = { $count ->
    [0] No events
    [one] One event
   *[other] { $count } events
 }
tag-free = Free
find-words = Search for an event, place or organiser
find-button = Search
find-more = Choose dates, places and subjects
find-period = Dates
find-from = From
find-to = To
find-municipality = Municipality
find-category = Subject
find-audience = For
find-place-price = Place and price
find-place = Place
find-any-place = All places
find-free = Free events only
find-show = Show events
quick-label = Shortcuts
quick-all = Everything to come
quick-today = Today
quick-weekend = This weekend
quick-month = Next 30 days
quick-free = Free
chips-label = Chosen filters
chip-remove = Remove filter
chip-from = from { $date }
chip-to = to { $date }
chip-words = “{ $words }”
chips-clear = Remove all
empty-heading = Nothing found
empty-text = No events match what you have chosen. Try other dates, remove a filter or try another spelling.
empty-all = See everything that’s on
empty-earlier = See earlier events
empty-later = See later events
empty-series = See the annual events
empty-subscribe = Subscribe to this selection and you will know when something turns up
turn-label = Move through the calendar
turn-earlier = Earlier
turn-later = Later
take-heading = Put it in your own calendar
take-all = Subscribe to everything that’s on. New dates and changes arrive by themselves.
take-selection = Subscribe to this selection. New dates and changes arrive by themselves.
take-this = Subscribe, and new dates and changes arrive by themselves.
take-subscribe = Subscribe
take-file = Download a calendar file (.ics)
series-strip = Every year
series-all = See all annual events

## An event

event-dates = Next dates
event-parts = Parts of this event
event-take-heading = Keep the date
event-take-text = Add this event to your own calendar.
event-take-file = Add to calendar
event-take-all = Subscribe to the whole calendar
event-changed = Last changed { $date }.
event-over = This is over.
event-source = Source: { $name }
fact-where = Where
fact-municipality = { $name } municipality
fact-map = Open in a map
fact-online = Online
fact-organizer = Organiser
fact-price = Price
fact-tickets = Tickets
fact-audience = Suitable for
fact-accessibility = Accessibility
fact-series = Annual event
fact-part-of = Part of
fact-website = Website
price-free = Free
price-paid = There is a charge. The price is not given.
price-foreign = { $currency } { $amount }
price-amount = NOK { $amount }

accessible-step-free = Step-free access
accessible-hearing-loop = Hearing loop
accessible-toilet = Accessible toilet
accessible-parking = Accessible parking
accessible-sign-language = Sign language interpreting
accessible-captions = Captions
accessible-quiet-space = Quiet space
accessible-assistance-dogs = Assistance dogs welcome

## Series

date-to-come = Date to be announced
series-heading = Every year
series-lead = The big events that return, with the next date and every year we know of.
series-dated = With a date
series-undated-text = Nobody has announced a date for these yet. We do not guess.
series-date-to-come = Nobody has announced a date yet. It will be here when it is known.
series-editions = Year by year
series-year = Year
series-when = When
series-source = Source
series-no-date = No known date
series-usual = Usually held
series-aliases = Also called
series-take-heading = Do not miss the next one
series-take-text = Subscribe, and each date arrives in your own calendar when it is known.

## Places and organizers

coming-heading = Coming up
coming-none = No coming events are registered here.
place-degrees = { $north }° N, { $east }° E
place-position = Position
places-heading = Places
places-lead = The halls, stages, squares and museums where it happens.
places-elsewhere = Other places
organizers-heading = Organisers
organizers-lead = The people behind the events.
organizer-email = Email
organizer-telephone = Telephone
organizer-number = Organisation number
partners-heading = Partners
partners-lead = Those who share their events with the calendar, and how fresh they are.
partners-connected = Connected to the calendar
partners-none-connected = Nobody is connected yet.
partners-planned = Named in the plans, not connected yet
partner-by-hand = The events were entered by hand.
partner-not-connected = Not connected yet.
partner-sends = Sends its events itself.
partner-not-yet = Has not been asked yet.
partner-never-answered = Has not answered yet.
partner-in-step = In step on { $date } at { $time }.
partner-troubled = Last in step on { $date } at { $time }; since then we have had no answer that we can use.
partner-terms = Terms
partner-credit = The source is named: { $credit }.
partner-licence = Licence: { $licence }.
partner-not-passed-on = The events are shown here only, not in feeds and interfaces.
partner-not-indexed = Search engines are asked not to list the pages.

## Subscribing

subscribe-heading = Subscribe to the calendar
subscribe-lead = The events then appear in your own calendar, on your phone or computer. If something moves or is cancelled, your calendar changes too.
subscribe-everything = Everything that’s on
subscribe-everything-lead = All events in { $places }.
subscribe-selection-lead = The events that match what you chose.
subscribe-long = The address of this selection is too long for some calendar programs. Make a short address, and it works in all of them.
subscribe-shorten = Make a short address
subscribe-short = The events that match what you chose, under a short address that every calendar program takes.
subscribe-rather-all = Show the whole calendar instead
ways-own = Open in my calendar
ways-google = Google Calendar
ways-outlook = Outlook.com
ways-file = Download file (.ics)
ways-formats = Other formats:
ways-address = Address to copy
ways-address-of = Address to copy: { $name }
how-heading = How to do it
how-apple = iPhone, iPad and Mac
how-apple-text = Choose “Open in my calendar” and agree to subscribe.
how-google = Google Calendar and Android
how-google-text = Choose “Google Calendar” on a computer and add it. It then appears on your phone too.
how-outlook = Outlook
how-outlook-text = Choose “Outlook.com”, or copy the address and choose “Add calendar” and “Subscribe from web” in Outlook.
how-other = Other programs
how-other-text = Copy the address and paste it where the program lets you subscribe to a calendar.
how-good-to-know = Your calendar program decides how often it looks for news. Google can take a day. A downloaded file is not updated.
choose-heading = Only what you are looking for
choose-text = Each selection has its own calendar. You can subscribe to several.
choose-category = By subject
choose-audience = By who it is for
choose-municipality = By municipality
choose-series = One annual event

## About

about-heading = About this calendar
about-lead = This calendar gathers what’s on in { $region }, so that it is easy to find and easy to take with you.
about-dates = How certain are the dates?
about-dates-text = A date stands here only when we know where it comes from. Everything that has changed or is uncertain is marked:
about-tentative = The date is worked out from when the event is usually held, or is not confirmed by the organiser.
about-moved = The event has a new time. The old one stands beside it.
about-cancelled = The event will not take place. It stays listed, so that nobody comes to a closed door.
about-to-come = Nobody has announced a date yet.
about-sources = Where does the information come from?
about-sources-text = From the organisers themselves, from public sources and from partners. The source stands on the page of each event.
about-use = Reuse the calendar
about-use-text = You may reuse the information under the Creative Commons Attribution 4.0 licence when you name the source, with the exceptions given for single events.
about-use-link = How to subscribe
about-privacy = Privacy
about-privacy-text = This calendar uses no cookies, tracks nobody and fetches nothing from other sites. It works without JavaScript.

## Mails

mail-footer = Sent by { $site }, { $url }. Nobody reads replies to this mail.
mail-open = Open the page:
mail-remark = Message:
mail-code-subject = { $code } is your code for { $site }
mail-code-text = Type the code on the page where you asked for it. It is valid for 15 minutes and can be used once.
mail-code-link = Or open this page. In the browser where you asked for the code, one tap signs you in:
mail-code-ignore = If you did not ask for a code, you need not do anything. Do not give the code to others.
mail-invited-subject = You have been given access: { $subject }
mail-invited-text = You have been given access to { $subject } in { $site }. Sign in with this mail address. You need no password: you get a code by mail.
mail-invited-editors = the editors’ pages
mail-invited-organizers = adding events
mail-membership-requested-subject = Asks to join: { $subject }
mail-membership-requested-text = { $sender } asks to join { $subject }. Approve or reject on the page below.
mail-membership-approved-subject = Approved: { $subject }
mail-membership-approved-text = You now belong to { $subject } and can add events.
mail-received-subject = Received: { $subject }
mail-received-text = The editors have received “{ $subject }”. You get a mail when they have answered. You need not do anything now.
mail-approved-subject = Approved: { $subject }
mail-approved-text = “{ $subject }” is published in { $site }. You need not do anything more.
mail-changes-wanted-subject = Changes needed: { $subject }
mail-changes-wanted-text = The editors ask you to change “{ $subject }”. Correct what stands below, and submit it for approval again.
mail-rejected-subject = Rejected: { $subject }
mail-rejected-text = “{ $subject }” will not be published.
mail-cancelled-subject = Cancelled: { $subject }
mail-cancelled-text = { $sender } has cancelled “{ $subject }”. The page and the calendar files are updated. You need not do anything.
mail-postponed-subject = Postponed: { $subject }
mail-postponed-text = { $sender } has reported that “{ $subject }” is postponed. The page and the calendar files are updated. You need not do anything.
mail-rescheduled-subject = New time: { $subject }
mail-rescheduled-text = { $sender } has moved “{ $subject }” to a new time. The page and the calendar files are updated. You need not do anything.
mail-as-planned-subject = As planned: { $subject }
mail-as-planned-text = { $sender } has reported that “{ $subject }” takes place as planned. The page and the calendar files are updated. You need not do anything.
mail-former-time = Originally: { $when }
mail-organisation-approved-subject = Approved: { $subject }
mail-organisation-approved-text = { $subject } is approved as an organiser in { $site }. You need not do anything.
mail-organisation-refused-subject = Not approved: { $subject }
mail-organisation-refused-text = { $subject } is not approved as an organiser in { $site }. The reason stands below.
mail-reminder-subject = Reminder: { $subject }
mail-reminder-text = “{ $subject }” is soon, and has not been submitted for approval. Finish the draft and submit it, or withdraw it.
mail-changes-reminder-subject = Reminder: { $subject } needs changes
mail-changes-reminder-text = The editors have asked you to change “{ $subject }”. Correct what stands on the page, and submit it for approval again.
mail-editor-digest-subject = Waiting for you: { $subject }
mail-editor-digest-text = This is waiting for the editors of { $site }:
digest-count = { $count ->
    [one] one matter
   *[other] { $count } matters
 }
digest-more = { $count ->
    [one] and one more
   *[other] and { $count } more
 }
digest-organisation = New organisation: { $name }
digest-request = Unanswered request to join { $name }
digest-partners = { $count ->
    [one] One matter from partners
   *[other] { $count } matters from partners
 }

## Signing in

form-error-title = Error: { $title }
form-errors = Please correct this
login-heading = Sign in
login-lead = We send a code to your mail address. You need no password. If this is your first time, we make an account.
login-email = Mail address
login-email-hint = For example name@example.org
login-email-error = Enter a whole mail address, for example name@example.org
login-send = Send code
login-do = Sign in
login-cookie = When you sign in, your browser keeps a cookie that is used for signing in only.
login-no-mail = This calendar cannot send mail yet, so nobody can sign in with a code. Ask those who run the calendar.
code-heading = Enter the code
code-lead = We have sent a code to { $email }. It is valid for { $minutes } minutes.
code-label = Code
code-hint = Eight digits
code-wrong =
    { $left ->
        [one] The code is wrong. You have one attempt left.
       *[other] The code is wrong. You have { $left } attempts left.
    }
code-none = No mail? Look in the folder for spam, or wait a few minutes.
code-again = Ask for a new code
code-ended-heading = The code is no longer valid
code-ended-text = A code is valid for 15 minutes, can be used once, and has to be typed in the browser where you asked for it. After five mistakes you have to ask for a new one.
confirm-heading = Sign in
confirm-lead = You are signing in as { $email }.
show-code-heading = Type the code where you asked for it
show-code-text = You asked for the code in another browser, perhaps on another device. Type this code there:
show-code-ignore = If you did not ask for a code, you can close this page. Do not give the code to others.
invitation-heading = Become an editor
invitation-lead = The link makes you an editor. It can be used once. We send a code to your mail address.
invitation-lead-without-mail = The link makes you an editor and signs you in. It can be used once. This calendar cannot send mail yet, so write the address exactly.
invitation-ended-heading = The link is no longer valid
invitation-ended-text = Such a link is valid for a day and can be used once. Ask whoever gave it to you for a new one.
account-bar = Your account
account-heading = Your account
account-email = You are signed in as { $email }.
account-editor-all = You are an editor of all events.
account-editor-places = You are an editor of events in { $places }.
account-name = Your name
account-name-hint = Optional. The editors and the others in your organisation see it.
account-save = Save
account-sessions = Where you are signed in
account-session-this = this browser
account-session-times = Signed in { $begun }, last used { $seen }
account-session-end = Sign out there
account-session-end-label = Sign out { $browser }
account-sessions-end = Sign out everywhere else
account-logout = Sign out
account-browser = { $browser } on { $system }
account-browser-unknown = Unknown browser

## When something goes wrong: a heading and a text for each kind of problem

problem-not-found = Page not found
problem-not-found-text = The address may be mistyped, or the page may have a new one. Events keep their address, even when they are moved or cancelled.
problem-invalid-parameters = We did not understand your request
problem-invalid-parameters-text = Something in the address or the form is not as it should be. Correct what is listed below and try again.
problem-bad-request = We did not understand your request
problem-bad-request-text = The address, or what was sent, is not as it should be.
problem-from-elsewhere = That has to be done from here
problem-from-elsewhere-text = The form was sent from another website. Open the page here in the calendar and try again.
problem-sign-in-needed = You are not signed in
problem-sign-in-needed-text = You may have been signed out. Sign in again in another tab, and try again here.
problem-editors-only = The page is for editors
problem-editors-only-text = Your account is not an editor’s. Ask those who run the calendar if it should be.
problem-form-expired = The page has been open for too long
problem-form-expired-text = Nothing was saved. Go back, reload the page, and try again.
problem-https-needed = You cannot sign in here
problem-https-needed-text = Signing in needs an encrypted connection. Open the calendar at its address that begins with https.
problem-conflict = Somebody else got there first
problem-conflict-text = What you wanted to change has been changed in the meantime. Look at the new version and try again.
problem-key-needed = A key is needed
problem-key-needed-text = This address is for programs that have been given a key, and the key was missing or is not valid.
problem-key-refused = The key does not open this
problem-key-refused-text = The key is valid, but it does not open this address.
problem-media-type = That was not in the right format
problem-media-type-text = This address takes JSON. Say so in Content-Type.
problem-invalid-event = The event cannot be taken
problem-invalid-event-text = Something in what was sent is not as it should be. Correct what is listed and send it again.
problem-precondition-failed = It is not what you take it for
problem-precondition-failed-text = The event has changed since you fetched it. Fetch it again and try once more.
problem-too-many-requests = A little too fast
problem-too-many-requests-text = Unusually many requests came in a short time. Wait a little and try again.
problem-too-large = That was too large
problem-too-large-text = What was sent is larger than we accept. Send less at a time.
problem-method-not-allowed = That is not possible
problem-method-not-allowed-text = This address does not accept what was sent.
problem-too-many-filters = Wait a little
problem-too-many-filters-text = Unusually many short addresses were made in the last hour. Try again in a while. Every address that has been made works as before.
problem-filters-full = There is no room for more short addresses
problem-filters-full-text = Choose a few filters less, and the ordinary address works in every calendar program. Short addresses that have been made work as before.
problem-storage-full = There is no room for more
problem-storage-full-text = Your change was not stored because the storage is full. The calendar can still be read.
problem-unavailable = The calendar is closed for a short while
problem-unavailable-text = Try again in a few minutes. Calendars you subscribe to keep what they have.
problem-internal = Something went wrong on our side
problem-internal-text = The fault has been noted. Try again in a little while.
error-problems = To correct
fault-unknown = Is not a known parameter; known are { $known }
fault-too-long = Is too long; at most { $limit } bytes are read.
fault-too-many = There are too many; at most { $limit } are read.
fault-not-one-of = Has to be one of { $allowed }
fault-nothing-called = Nothing here is called “{ $word }”.
fault-not-a-date = Is not a date; write it as 2027-03-04
fault-before-start = Lies before the start date.
fault-not-a-name = May only have the letters a to z in lower case, digits and hyphens.
error-onward = Where to go from here
error-places = See all places
error-request = Give this number if you report it:

## Organizers and editors

problem-not-yours = This belongs to others
problem-not-yours-text = The page is for members of the organisation, or for editors of that municipality. Ask to join, or sign in with another address.
work-mine = My events
work-editor = Editors
work-new-event = Add an event
work-edit-event = Change event
work-edit-public = Change published event
work-check = Check your answers
work-conflicts = Choose between two changes
work-untitled = Untitled
work-is-edit = Change of a published event
work-invited = You are invited to an organisation
work-alone = { $name } has only one administrator. Invite another.
work-start = Add your first event. All you need is what, when and where.
work-public = Published
work-history = What has happened
work-approve = Approve
work-reject = Reject
group-changes-wanted = Changes needed
group-draft = Drafts
group-submitted = Awaiting approval
group-approved = Decided
state-draft = Draft
state-submitted = Awaiting approval
state-changes-wanted = Changes needed
state-approved = Published
state-rejected = Rejected
state-withdrawn = Withdrawn
next-draft = Only your organisation sees the draft. Submit it for approval when it is ready.
next-submitted = You will get an answer by email. You do not need to do anything now.
next-changes-wanted = Change what the editor asks for, and submit again.
next-approved = Everyone can see the event.
next-rejected = The event will not be published. The reason is below.
next-withdrawn = Nobody considers this any more.
wait-minutes = Half get an answer within { $count } minutes.
wait-hours = Half get an answer within { $count } hours.
wait-days = Half get an answer within { $count } days.
notice-saved = The draft is saved.
notice-sent = The event is submitted for approval.
notice-published = The event is published.
notice-withdrawn = The event is withdrawn.
notice-decided = The decision is saved.
notice-registered = The organisation is registered. An editor approves it along with its first event.
notice-requested = Your request to join is sent.
notice-members = The list of members is changed.
notice-status = The change is published.
notice-undone = The change is undone. Nobody gets a mail about it.
notice-restored = The field is restored and public.
notice-changed = Someone changed this in the meantime. Look at it again before you continue.
notice-state = It is already decided.
notice-pending = The organisation is not approved yet. Approve it first.
notice-exists = The organisation already exists. Search for it and ask to join.
notice-text = The text is missing or too long. Write it again.
notice-admin = An organisation needs an administrator. Give the role to someone else first.
notice-address = The email address is not right. Write it like this: name@example.org.
notice-time = Write a new date or time when the event is rescheduled, and leave the fields empty otherwise. Write the date like this: 8.6.2027.
notice-series = A whole series can only get a new time here. Choose one date, or use “Change the details” to move the series to another day.
notice-many = Too many are waiting. Wait until some are decided.
notice-too-late = The change can no longer be undone. Make a new change instead.
notice-invitations = You have invited many people in a short time, or this address just now. Try again tomorrow.
organisations-heading = Organisations
organisations-lead = Events are added by a club, an association or a business, with or without an organisation number.
organisations-invited = You are invited to { $name }.
organisations-member = You are a member of
organisations-requested = You have asked to join
organisations-find = Find or register
organisations-query = Name or organisation number
organisations-search = Search
organisations-none = Nothing found. Register the organisation if it is new.
organisation-pending = Awaiting approval
organisation-approved = Approved
organisation-refused = Not approved
organisation-accept = Join
organisation-join = Ask to join
organisation-claim = This is us
organisation-trusted = The organisation publishes without approval.
organisation-alone = Invite one more, so that you do not depend on one person.
organisation-requests = Want to join
organisation-admit = Admit
organisation-deny = Decline
organisation-members = Members
organisation-admin = Administrator
organisation-promote = Make administrator
organisation-demote = Make ordinary member
organisation-remove = Remove
organisation-invite = Invite
organisation-email = Email address
organisation-send-invitation = Send invitation
organisation-uninvite = Withdraw the invitation
organisation-leave = Leave the organisation
register-heading = Register an organisation
register-claim = You ask to be responsible for an organiser already in the calendar. An editor decides.
register-name = Name of club, association or business
register-number = Organisation number (optional)
register-number-hint = Nine digits. Leave empty if you have none.
register-send = Register
register-name-missing = Write the name of the organisation.
register-name-too-long = The name is too long. Write at most 200 characters.
register-number-wrong = The number is not right. Write nine digits, or leave the field empty.
form-edit-lead = A new time or place shows at once. Changed texts wait for an editor.
form-conflict = Another member changed the same fields while you wrote. What they wrote is shown at the field. Decide what to keep, and save again.
form-asked = The editor asks for a change:
form-stored = Another member wrote:
form-organisation = Who organises it?
form-what = What
form-when = When
form-where = Where
form-title-languages = Title in Nynorsk and English (optional)
form-several-days = It lasts several days
form-repeats = It repeats
form-dates = Leave out these dates
form-dates-hint = The next dates. Tick those on which nothing takes place.
form-moved-dates = Dates that are moved (optional)
form-show-dates = Show the dates
form-no-place = Choose a place
form-other-place = The place is not in the list
form-no-municipality = Choose a municipality
form-online = It can be attended online
form-more = More about the event
form-more-lead = Everything here is optional. It helps people find the event and know whether it suits them.
form-text-languages = Text in Nynorsk and English (optional)
form-programme = Programme (optional)
form-programme-hint = One row for each item. Without a date it is on the first day.
form-more-rows = More rows
form-private = Preparedness (optional)
form-private-hint = Only editors see this. It does not replace an application or notice to police and fire service.
form-continue = Continue
form-save = Save draft
form-saved = Saved at { $time }
form-offline = Not saved: no connection. We keep trying. What you have typed stays here as long as the page is open.
form-changed = Another member changed the form while you were typing. Save the draft to see both versions.
form-not-saved = The draft cannot be saved by itself. Choose “Save draft”.
form-signed-out = You are signed out. What you have typed stays here. Sign in in a new tab, and we save again.
check-empty = Not given
check-change = Change
check-publishes = Your organisation publishes without approval.
check-edit = A new time or place shows at once. The rest waits for an editor.
check-waits = An editor looks at the event before it is published.
check-publish = Publish
check-send = Submit for approval
check-back = Back to the form
check-preview = What the page will look like
submission-check = Check and submit
submission-edit = Change
submission-public = See the page
submission-manage = Cancel, move or change
submission-withdraw = Withdraw the event
conflicts-lead = The event was changed while you edited. Choose what applies for each field.
conflicts-own = Your change:
conflicts-public = What is published:
published-edit = Change the details
published-status = Cancel, postpone or move
published-occurrence = Which date is it about?
published-all = All dates
published-new-status = What has happened?
published-date = New date (only when rescheduled)
published-time = New time (only when rescheduled)
published-notice = Notice to the public (optional)
published-notice-hint = One sentence on why, and on what ticket holders should do.
published-save = Publish the change
published-undo = Undo
published-undo-text = The last change is published. You can undo it until { $time }. After that, the others in the organisation and the editors get a mail about it.
published-now = The details now
history-link = Earlier versions
history-lead = See what was changed, when and by whom. Choose a version to compare it with what is public now.
history-version = The version of
history-changes = What it changed
history-since = What has changed since
history-same = Nothing has changed since.
history-restore = Restore
history-versions = All versions
history-current = Public now
history-oldest = The oldest version that is kept
history-back = Back to the event
history-by-other = An editor or a former member
history-by-calendar = The calendar itself
history-by-files = The data files of the calendar
history-by-operator = The operator of the calendar
set-cancelled = Cancelled
set-postponed = Postponed, no new date yet
set-rescheduled = Rescheduled
set-scheduled = As planned
status-name-scheduled = As planned
status-name-tentative = Provisional date
status-name-cancelled = Cancelled
status-name-postponed = Postponed
status-name-rescheduled = Rescheduled
status-name-moved-online = Online
queue-heading = Editors
queue-empty = Nothing waits for you.
queue-since = Waiting since { $date }
queue-new = New event
queue-edit = Change
queue-live = Change, time or place is already public
queue-partner = New from a partner
queue-suggestion = The partner has other details
queue-duplicate = May be the same event
queue-take = Use the partner’s
queue-keep = Keep ours
queue-same = Same event
queue-different = Two events
queue-organisations = Organisations to approve
queue-requests = People who ask to join an organisation
queue-requests-text = No administrator has answered for three days, so editors can answer.
queue-held = Partners on hold
queue-held-text = The last update looked wrong and was not used.
queue-release = Release
review-organisation-pending = The organisation is new and not approved yet.
review-claims = It says that it is
review-claims-check = Approve it only if you know that this is true: it can then change and cancel the events of that organiser.
review-live = Already public:
review-approve-organisation = Approve the organisation too
review-add-place = Add the place to the list of places
review-keep-edit = Use the change
review-keep-public = Keep what is published
review-ask = Ask for changes
review-comment-whole = About the event
review-reason = Reason
review-templates = Insert a text, and change it if you like:
review-template-duplicate = The event is already in the calendar.
review-template-scope = The event is outside the region.
review-template-facts = We could not find out who organises it.
reply-time = The time is missing. Write when the event starts.
reply-place = The place is missing. Write where people should go.
reply-summary = A short text about what happens is missing.
reply-price = The price is missing. Write what it costs, or that it is free.
reply-title = The title does not say what the event is. Write it so that people who do not know you understand it.
review-previous = Previous in the queue
review-next = Next in the queue
keys-heading = Keyboard shortcuts
keys-use = Use keyboard shortcuts
keys-next = Next in the queue
keys-previous = Previous in the queue
keys-approve = Go to the button that approves. Press Enter to approve.
help-link = Help
help-heading = Help for organisers
help-lead = How to get an event into the calendar. Everything can be done on a phone.
help-sign-in = Sign in
help-sign-in-text = Type your email address. You get a code by email and type it in. You need no password.
help-organisation = Find your organisation
help-organisation-text = Events are added by a club, an association or a business. Search for the name first. If the organisation is there, ask to join, and its members answer. If it is not, register it, with or without an organisation number. An editor approves it together with the first event.
help-form = Fill in the form
help-form-text = What, when and where are enough. Everything else is optional and can be added later. Write dates as you like, for example 8.6.2027 or 8 June. The draft is saved while you type. If you are interrupted, you find it under “My events”.
help-form-alt = The form on a phone, with fields for the title and the date.
help-repeat = Repeated events and programmes
help-repeat-text = Open “It is repeated” for something that happens several times. You see the next dates and can leave them out or move them. If the event has several parts, write a row for each under “Programme”.
help-check = Check and send
help-check-text = Before you send, you see all your answers and the page as it will be. Choose “Change” at what is not right. An editor looks at the event before it is published, and you get an answer by email.
help-check-alt = The page “Check your answers”, with a line for each answer and a link to change it.
help-changes = When the editor asks for changes
help-changes-text = You get an email about what is missing. It is shown at the fields of the form, too. Change it, and send again.
help-mine = Keep track
help-mine-text = “My events” shows what needs changes, drafts, what waits for an editor, and what is published.
help-mine-alt = The page “My events”, with events that need changes, drafts and events awaiting approval.
help-status = Cancel, postpone or reschedule
help-status-text = Open the published event under “My events”, and choose what has happened. Add a notice for the public if you like. The change is visible at once, also to people who subscribe to the calendar. If the event is repeated, you can choose one date.
help-status-alt = The form to cancel, postpone or reschedule, with a choice of date and new status.
help-edit = Change a published event
help-edit-text = A new time and a new place are visible at once. Changed texts wait for an editor.
help-private = What only editors see
help-private-text = The contact on duty and the expected attendance are for editors only. They are never public, and they do not replace an application or notice.
help-editor-heading = Help for editors
help-editor-lead = What waits, how you decide, and what the organiser gets to know.
help-queue = The queue
help-queue-text = Everything that waits is in one list by the date of the event: new events, changes of published events, and information from partners. New organisations are below it.
help-queue-alt = The queue with two events and an organisation awaiting approval.
help-review = See what is new
help-review-text = A change shows the published and the proposed version in one text. What was removed is struck through. What is new is underlined. A new time and a new place are visible already.
help-review-alt = A change of an event, with new words underlined and old ones struck through.
help-approve = Approve
help-approve-text = When you approve, the event is on its page and in the calendars at once. A new organisation can be approved in the same step. The decision is about the version that you saw. If the organiser changed something meanwhile, you see it first.
help-ask = Ask for changes or reject
help-ask-text = Write at the field that it is about, or insert a ready text. The organiser gets it by email and sees it in the form. Reject only what does not belong in the calendar, and write why.
help-ask-alt = The form to ask for changes, with ready texts and a field for each answer.
help-trust = Organisations that publish themselves
help-trust-text = On the page of an organisation you can let it publish without approval. You can require approval again.
help-keys = Keyboard shortcuts
help-keys-text = The key j goes to the next in the queue, k to the previous, and a to the button that approves. Nothing is approved until you press the button. You can turn the keys off below the queue.
review-text-missing = Write what should be changed, or why the event is rejected.
review-text-too-long = The text is too long. Write at most 2,000 characters.
review-conflicts = The event was changed after this was submitted. Choose what applies.
editor-organizer = Organiser in the calendar
editor-trust = Let it publish without approval
editor-distrust = Require approval again
editor-refuse = Do not approve
editor-request-early = The administrators answer first. After three days editors can answer.
line-title = Title
line-schedule = When
line-venues = Where
line-online-url = Online
line-organizer = Organiser
line-status = Status
line-summary = Summary
line-description = Description
line-categories = Categories
line-audiences = Audience
line-admission = Price
line-accessibility = Accessibility
line-website = Website
line-images = Pictures
line-super-event = Part of
line-publication = Publication
field-title = Title
field-title-nn = Title in Nynorsk
field-title-en = Title in English
field-pattern = Does it repeat?
field-date = Date
field-end-date = Last day
field-hours = Time
field-start-time = Starts at
field-end-time = Ends at (optional)
field-every = How often
field-interval = Every … week or month (optional)
field-weekday = Weekdays
field-until = Until date
field-count = Number of times
field-strike = Dates left out
field-move-from = Date to move
field-move-to = New date
field-move-time = New time
field-place = Place
field-place-name = Name of the place
field-place-address = Street address (optional)
field-place-postal-code = Postal code (optional)
field-place-town = Town (optional)
field-place-municipality = Municipality
field-online-url = Web address for attending
field-summary = Summary
field-summary-nn = Summary in Nynorsk
field-summary-en = Summary in English
field-description = Description
field-description-nn = Description in Nynorsk
field-description-en = Description in English
field-category = Categories
field-audience = Audience
field-admission = What does it cost?
field-price = Price in kroner
field-ticket-url = Web address for tickets
field-accessibility = Accessibility
field-website = The event’s own website
field-part-id = Item
field-part-title = Title
field-part-date = Date
field-part-start = Starts
field-part-end = Ends
field-contact-name = Contact on duty
field-contact-telephone = Telephone of the contact on duty
field-attendance = Expected attendance
field-peak-time = When are most people there?
hint-title = The name of the event, without date and place.
hint-date = For example 8.6.2027 or 8 June.
hint-end-date = For example 10.6.2027.
hint-start-time = For example 18 or 18:30.
hint-end-time = If it ends after midnight, just write the time.
hint-interval = 1 is every, 2 is every other.
hint-weekday = Without a tick it is the weekday of the date above.
hint-until = For example 15 June.
hint-count = Write either the last date or the number of times.
hint-place = Choose from the list, or open “The place is not in the list”.
hint-place-name = Becomes public when the event is approved.
hint-online-url = Where people take part online.
hint-summary = One or two sentences. They are shown in the list.
hint-description = Write what people want to know. An empty line starts a new paragraph.
hint-category = People filter by category.
hint-audience = Tick only if it is made for them.
hint-price = For example 250.
hint-accessibility = Tick only what you know.
hint-contact-name = Who can be reached during the event.
hint-contact-telephone = Never shown to the public.
hint-attendance = Roughly how many in total.
hint-peak-time = For example Saturday 20–22.
choice-pattern-once = No
choice-pattern-repeated = Yes
choice-hours-at = The time below
choice-hours-all-day = All day
choice-hours-to-come = Time to be announced
choice-every-week = Every week, on the weekdays below
choice-every-month = Every month, same weekday of the month
choice-admission-unknown = Not given
choice-admission-free = Free
choice-admission-paid = Admission charge
missing-title = Write the title.
missing-date = Write the date.
missing-start-time = Write when it starts, or choose “All day” or “Time to be announced”.
missing-place = Choose a place, write a new one, or give a web address.
missing-place-name = Write the name of the place.
missing-part-title = Write the title of this item.
missing-part-start = Write when this item starts.
wrong-too-long = The text is too long. Write at most { $limit } characters.
wrong-date = The date is not understood. Write it like this: 8.6.2027.
wrong-time = The time is not understood. Write it like this: 18:30.
wrong-past = The date { $date } has passed. Write a date from today on.
wrong-end = The end is before the start. Write a time after { $time }.
wrong-before-day = The date is too early. Write a date from { $date } on.
wrong-end-needed = Write when it ends on the last day, or choose “All day”.
wrong-choice = Choose something from the list.
wrong-number = Write a whole number from { $least } to { $most }.
wrong-price = The price is not understood. Write it like this: 250.
wrong-address = The web address is not right. Write it like this: https://example.org.
wrong-postal-code = The postal code has four digits.
wrong-no-end = Write the last date or the number of times.
wrong-two-ends = Write either the last date or the number of times, not both.
wrong-no-date-left = No dates are left. Remove a tick, or choose a later last date.
wrong-no-such-date = The event is not on this date. Choose one of the dates above.
wrong-repeated-days = What repeats lasts one day. Leave the last day empty.
