//! The agenda and the pages of events.

use calendar_domain::EventStatus;
use chrono::NaiveDate;

use super::Differences;
use super::model::{Sample, Truth};
use super::words::{capitalized, headline, label, row, sentence};
use crate::support::TestServer;
use crate::support::html::{self, attributes, between};
use crate::support::server::TODAY;

/// How many dates the page of an event lists.
const LISTED: usize = 8;

pub fn compare(app: &TestServer, samples: &[Sample], found: &mut Differences) {
    let rows = agenda(app);
    for sample in samples {
        let mut told: Vec<_> = rows
            .iter()
            .filter(|row| row.0 == sample.slug)
            .cloned()
            .collect();
        let mut truth: Vec<_> = sample
            .occurrences
            .iter()
            .map(|of| row_of(&sample.slug, of))
            .collect();
        told.sort();
        truth.sort();
        found.compare("the agenda", &sample.slug, told, truth);
        let page = app.visitor().get(&format!("/events/{}", sample.slug)).ok();
        let page = page.text().replace('\u{a0}', " ");
        compare_page(&page, sample, found);
    }
}

fn compare_page(page: &str, sample: &Sample, found: &mut Differences) {
    let head = plain(between(page, "<p class=\"when\">", "</p>"));
    if !sample.recurs {
        let one = &sample.occurrences[0];
        found.compare("the head", &sample.slug, head, headline(one.time));
        let place = page.split_once("<p class=\"where\">");
        let place = place.map_or_else(String::new, |(_, rest)| plain(rest));
        let fits = match one.place {
            "" => place.is_empty(),
            name => place.starts_with(name),
        };
        found.compare("the place on the page", &sample.slug, fits, true);
        let banner = page.split_once("<h2 id=\"changed\">");
        let banner = banner.map_or_else(String::new, |(_, rest)| {
            rest.split('<').next().unwrap_or_default().to_owned()
        });
        found.compare("the banner", &sample.slug, banner, label(one));
        return;
    }
    let is_on = |of: &&Truth| of.status != EventStatus::Cancelled;
    let next = sample.occurrences_by_time().into_iter();
    let listed: Vec<&Truth> = next.take(LISTED).collect();
    let next = listed.iter().copied().find(is_on).unwrap_or(listed[0]);
    found.compare("the head", &sample.slug, head, headline(next.time));
    let list = between(page, "<section class=\"dates\">", "</section>");
    let told: Vec<String> = list
        .split("<li>")
        .skip(1)
        .map(|line| plain(line.split("</li>").next().unwrap_or_default()))
        .collect();
    let truth = listed.iter().map(|of| {
        let label = label(of).replace("Nytt tidspunkt, opprinnelig", "Nytt tidspunkt opprinnelig");
        let place = if of.place == sample.usual_place {
            ""
        } else {
            line_of(of.place)
        };
        let parts = [
            capitalized(&sentence(of.time, true)),
            label,
            place.to_owned(),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    });
    found.compare("the dates on the page", &sample.slug, told, truth.collect());
}

/// A part of a page as people read it.
fn plain(html: &str) -> String {
    html::words(&format!("<body>{html}"))
}

/// A place as lists of pages write it.
fn line_of(place: &'static str) -> &'static str {
    match place {
        "Terningen Arena" => "Terningen Arena, Elverum",
        other => other,
    }
}

/// Address, day, hours, place and label of a row.
type Row = (String, NaiveDate, String, String, String);

fn row_of(slug: &str, of: &Truth) -> Row {
    let (day, hours) = row(of.time, of.status);
    let label = label(of).replace("Nytt tidspunkt, opprinnelig", "Nytt tidspunkt opprinnelig");
    (
        slug.to_owned(),
        day,
        hours,
        line_of(of.place).to_owned(),
        label,
    )
}

/// All rows of the agenda, page after page.
fn agenda(app: &TestServer) -> Vec<Row> {
    let mut rows = Vec::new();
    // The list by day, with every date, instead of the best matches.
    let today = TODAY.split_once('T').map_or(TODAY, |(day, _)| day);
    let mut next = Some(format!("/?q=prøve&page_from={today}"));
    while let Some(path) = next {
        let page = app.visitor().get(&path).ok();
        let page = page.text().replace('\u{a0}', " ");
        for day in page.split("<li class=\"day").skip(1) {
            let date = attributes(day, "datetime")[0].parse().unwrap();
            for one in day.split("<li class=\"row").skip(1) {
                rows.push(read_row(one, date));
            }
        }
        let later = page.split_once("<a rel=\"next\"");
        next = later.map(|(_, rest)| attributes(rest, "href")[0].clone());
    }
    rows
}

fn read_row(html: &str, day: NaiveDate) -> Row {
    let part = |class: &str| {
        let begin = format!("<p class=\"{class}\">");
        let text = html.split_once(&begin).map(|(_, rest)| rest);
        let text = text.and_then(|rest| rest.split_once("</p>"));
        text.map_or_else(String::new, |(text, _)| plain(text))
    };
    let url = attributes(html, "href")[0].clone();
    let slug = url.rsplit('/').next().unwrap_or_default().to_owned();
    (slug, day, part("time"), part("place"), part("change"))
}
