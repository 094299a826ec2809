//! Times of a row, from its cells for date, time, last day and end.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::sheet::SheetCell;
use crate::parse::norwegian_dates::{self, DateContext, WrittenDates};
use crate::parse::{self, ParsedTime};
use calendar_domain::When;

/// Serial numbers of dates from 1982 to 2119. Other numbers in a date column are invalid.
const SERIALS: std::ops::Range<f64> = 30_000.0..80_000.0;

/// The time cells of a row.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// The date, possibly with times.
    pub date: &'a SheetCell,
    /// The weekday.
    pub weekday: &'a SheetCell,
    /// The start time, possibly with the end time.
    pub start: &'a SheetCell,
    /// The last day.
    pub last: &'a SheetCell,
    /// The end.
    pub end: &'a SheetCell,
}

/// A time, and warnings with the name of their column.
pub type ParsedMoment = (When, Vec<(&'static str, String)>);

/// Reads the time of a row.
///
/// # Errors
/// Returns the name of the unreadable column and the reason.
pub fn read(
    cells: Cells<'_>,
    context: &DateContext,
    zone: Tz,
) -> Result<ParsedMoment, (&'static str, String)> {
    let mut odd = Vec::new();
    let (date, weekday) = match cells.date {
        SheetCell::Empty => (cells.weekday, &SheetCell::Empty),
        date => (date, cells.weekday),
    };
    if date.is_empty() {
        return Err(("date", "missing".into()));
    }
    let told = written(date, weekday, context, zone).filter(|written| written.first.is_some());
    let Some(mut told) = told else {
        return Err(("date", format!("{} is not a readable day", shown(date))));
    };
    if told.odd_weekday {
        let detail = format!(
            "{} does not fall on that weekday; the date applies",
            shown(date)
        );
        odd.push(("date", detail));
    }
    let mut whole_day = false;
    if !cells.start.is_empty() {
        match clock(cells.start) {
            Some((start, end)) => (told.start, told.end) = (Some(start), end.or(told.end)),
            None if is_whole_day(cells.start) => whole_day = true,
            None => odd.push((
                "time",
                format!("{} is not a readable time; left out", shown(cells.start)),
            )),
        }
    }
    if !cells.end.is_empty() {
        if let Some((end, _)) = clock(cells.end) {
            told.end = Some(end);
        } else if let Some(end) = written(cells.end, &SheetCell::Empty, context, zone) {
            (told.last, told.end) = (end.first.or(told.last), end.start);
        } else {
            odd.push((
                "end",
                format!("{} is not a readable time; left out", shown(cells.end)),
            ));
        }
    }
    if !cells.last.is_empty() {
        match written(cells.last, &SheetCell::Empty, context, zone)
            .and_then(|written| written.first.map(|day| (day, written.start)))
        {
            Some((day, end)) => (told.last, told.end) = (Some(day), end.or(told.end)),
            None => odd.push((
                "last day",
                format!("{} is not a readable day; left out", shown(cells.last)),
            )),
        }
    }
    let first = told.first.unwrap_or(context.today);
    Ok((when(first, told, whole_day, zone, &mut odd), odd))
}

fn when(
    first: NaiveDate,
    told: WrittenDates,
    whole_day: bool,
    zone: Tz,
    odd: &mut Vec<(&'static str, String)>,
) -> When {
    let last = told.last.filter(|last| *last > first);
    match (told.start, last, told.end) {
        (Some(start), None, end) => {
            let at = |time: NaiveTime| ParsedTime::Local(first.and_time(time));
            parse::span(at(start), end.map(at), zone)
        }
        (Some(start), Some(last), Some(end)) => {
            let end = ParsedTime::Local(last.and_time(end));
            parse::span(ParsedTime::Local(first.and_time(start)), Some(end), zone)
        }
        (Some(_), Some(last), None) => {
            odd.push((
                "time",
                "it has several days and no end; read as whole days".into(),
            ));
            When::days(first, last)
        }
        (None, Some(last), _) => When::days(first, last),
        (None, None, _) if whole_day => When::day(first),
        (None, None, _) => When::TimeToCome { date: first },
    }
}

/// Parses a date in a cell, possibly with times. The weekday helps to infer the year.
fn written(
    cell: &SheetCell,
    weekday: &SheetCell,
    context: &DateContext,
    zone: Tz,
) -> Option<WrittenDates> {
    match cell {
        SheetCell::Empty => None,
        SheetCell::Number(number) | SheetCell::Moment(number) => serial(*number),
        SheetCell::Text(text) => {
            if let Ok(number) = text.replace(',', ".").parse::<f64>()
                && SERIALS.contains(&number)
            {
                return serial(number);
            }
            if let Some(told) = parse::time(text) {
                let day = told.local(zone).date();
                let time = told.local(zone).time();
                return Some(WrittenDates {
                    first: Some(day),
                    start: (!matches!(told, ParsedTime::Day(_))).then_some(time),
                    ..WrittenDates::default()
                });
            }
            match weekday {
                SheetCell::Text(weekday) => {
                    let both = norwegian_dates::read(&format!("{weekday} {text}"), context);
                    both.or_else(|| norwegian_dates::read(text, context))
                }
                _ => norwegian_dates::read(text, context),
            }
        }
    }
}

/// Parses a serial number: a day with the time of day as its fraction.
fn serial(number: f64) -> Option<WrittenDates> {
    if !SERIALS.contains(&number) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within SERIALS"
    )]
    let days = number.floor() as u64;
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let time = fraction(number.fract());
    Some(WrittenDates {
        first: zero.checked_add_days(Days::new(days)),
        start: time.filter(|time| *time != NaiveTime::MIN),
        ..WrittenDates::default()
    })
}

/// Converts a fraction of a day to a time, in whole minutes.
fn fraction(part: f64) -> Option<NaiveTime> {
    if !(0.0..1.0).contains(&part) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a day has 1440 minutes")]
    let minutes = (part * 1_440.0).round() as i64;
    Some(NaiveTime::MIN + TimeDelta::minutes(minutes.min(1_439)))
}

/// Parses a time of day or a range. Spreadsheets convert «18.30» to the number `18.3`.
fn clock(cell: &SheetCell) -> Option<(NaiveTime, Option<NaiveTime>)> {
    match cell {
        SheetCell::Text(text) => norwegian_dates::read_time(text),
        SheetCell::Moment(part) if *part < 1.0 => fraction(*part).map(|fraction| (fraction, None)),
        SheetCell::Number(number) if (0.0..1.0).contains(number) && *number > 0.0 => {
            fraction(*number).map(|fraction| (fraction, None))
        }
        SheetCell::Number(number)
            if (0.0..=24.0).contains(number) || (100.0..=2_400.0).contains(number) =>
        {
            let decimals = if number.fract() > 0.0 { 2 } else { 0 };
            norwegian_dates::read_time(&format!("{number:.decimals$}"))
        }
        _ => None,
    }
}

fn is_whole_day(cell: &SheetCell) -> bool {
    let words = [
        "hele dagen",
        "heile dagen",
        "heldags",
        "heldag",
        "all day",
        "hele helga",
        "hele helgen",
    ];
    matches!(cell, SheetCell::Text(text) if words.contains(&&*text.to_lowercase()))
}

fn shown(cell: &SheetCell) -> String {
    match cell {
        SheetCell::Empty => "an empty cell".into(),
        SheetCell::Text(text) => format!(
            "«{}»",
            calendar_ical::to_events::cut(&parse::title(text), 80).0
        ),
        SheetCell::Number(number) | SheetCell::Moment(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OSLO: Tz = chrono_tz::Europe::Oslo;

    fn text(text: &str) -> SheetCell {
        if text.is_empty() {
            SheetCell::Empty
        } else {
            SheetCell::Text(text.into())
        }
    }

    fn told(
        date: SheetCell,
        start: SheetCell,
        last: SheetCell,
        end: SheetCell,
    ) -> Result<ParsedMoment, (&'static str, String)> {
        let context = DateContext {
            today: "2027-01-15".parse().unwrap(),
            year: None,
        };
        let cells = Cells {
            date: &date,
            weekday: &SheetCell::Empty,
            start: &start,
            last: &last,
            end: &end,
        };
        read(cells, &context, OSLO)
    }

    fn timed(start: &str, end: &str) -> When {
        When::Timed {
            start: start.parse().unwrap(),
            end: (!end.is_empty()).then(|| end.parse().unwrap()),
            zone: OSLO,
        }
    }

    #[test]
    fn day_and_time_are_put_together_from_cells_of_each_kind() {
        let evening = timed("2027-03-07T18:30:00", "");
        for (date, start) in [
            (text("7. mars"), text("18.30")),
            (
                SheetCell::Moment(46_453.0),
                SheetCell::Moment(0.770_833_333_3),
            ),
            (SheetCell::Number(46_453.0), SheetCell::Number(18.3)),
            (text("46453"), SheetCell::Number(1830.0)),
            (SheetCell::Moment(46_453.770_833_333), SheetCell::Empty),
            (text("2027-03-07T18:30:00"), SheetCell::Empty),
        ] {
            let found = told(date.clone(), start, SheetCell::Empty, SheetCell::Empty).unwrap();
            assert_eq!(found, (evening.clone(), vec![]), "{date:?}");
        }
    }

    #[test]
    fn ends_are_a_time_a_day_or_both() {
        let of = |start: &str, last: &str, end: &str| {
            told(text("6.3.2027"), text(start), text(last), text(end))
                .unwrap()
                .0
        };
        assert_eq!(
            of("22.00", "", "02.00"),
            timed("2027-03-06T22:00:00", "2027-03-07T02:00:00")
        );
        assert_eq!(
            of("10-14", "", ""),
            timed("2027-03-06T10:00:00", "2027-03-06T14:00:00")
        );
        assert_eq!(
            of("18", "7.3.2027", "16"),
            timed("2027-03-06T18:00:00", "2027-03-07T16:00:00")
        );
        assert_eq!(
            of("18", "", "7.3.2027 16:00"),
            timed("2027-03-06T18:00:00", "2027-03-07T16:00:00")
        );
        let days = When::days("2027-03-06".parse().unwrap(), "2027-03-07".parse().unwrap());
        assert_eq!(of("", "7. mars", ""), days);
    }

    #[test]
    fn a_day_without_a_time_waits_for_it_unless_it_is_whole() {
        let date = "2027-03-06".parse().unwrap();
        let of = |start: &str| {
            told(
                text("6.3.2027"),
                text(start),
                SheetCell::Empty,
                SheetCell::Empty,
            )
            .unwrap()
        };
        assert_eq!(of("").0, When::TimeToCome { date });
        assert_eq!(of("Hele dagen").0, When::day(date));
        let odd = of("kveld");
        assert_eq!((odd.0, odd.1.len()), (When::TimeToCome { date }, 1));
    }

    #[test]
    fn what_is_no_day_is_said_so() {
        for cell in [SheetCell::Empty, text("snart"), SheetCell::Number(7.0)] {
            assert_eq!(
                told(cell, SheetCell::Empty, SheetCell::Empty, SheetCell::Empty)
                    .unwrap_err()
                    .0,
                "date"
            );
        }
    }
}
