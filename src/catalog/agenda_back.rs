//! Pages of the agenda before a given one, such that each occurrence is on exactly one page.

use chrono::{Days, NaiveDate};

use calendar_domain::{Query, Window};

use super::Snapshot;
use super::agenda::{OccurrencePage, Room, cut};
use super::agenda_cursor::AgendaCursor;
use super::denormalize::is_meant;
use super::search::in_order;
use super::selection::Selection;

impl Snapshot {
    /// Returns the occurrences that begin from one bookmark on and before another, which an earlier
    /// page shows. At most twice `limit`.
    #[must_use]
    pub fn agenda_between(
        &self,
        query: &Query,
        from: AgendaCursor,
        to: AgendaCursor,
        limit: usize,
    ) -> OccurrencePage {
        let until = if to.shown == 0 {
            Some(to.day)
        } else {
            to.day.succ_opt()
        };
        let last = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        let until = until.unwrap_or(to.day).min(last.unwrap_or(NaiveDate::MAX));
        let all = Window {
            from: from.day,
            until: until.max(from.day),
            zone: self.region.time_zone,
        };
        let end = |items: usize| (items > 0 || to.day > from.day).then_some(to);
        if !self.days.covers(all) {
            let mut items = self.happenings(query, all);
            items.retain(|item| item.when.days_touched(all.zone).start >= all.from);
            let page = cut(items, all, from.shown, limit * 2);
            return match page.next {
                Some(next) if (next.day, next.shown) < (to.day, to.shown) => page,
                _ => OccurrencePage {
                    next: end(page.items.len()),
                    ..page
                },
            };
        }
        let selection = Selection::new(self, query);
        let picked = self.by_days(&selection, all, limit, |admits, days| {
            self.pick(days, admits, from, Room::until(to, limit))
        });
        let mut items = in_order(self.happenings_picked(&picked), all);
        items.retain(|item| is_meant(query, item, self));
        OccurrencePage {
            next: picked.next.or_else(|| end(items.len())),
            items,
        }
    }

    /// Returns the start of the page of about `limit` occurrences that ends before `before`, within
    /// the day index; `None` if there is nothing before. An occurrence of several days counts on
    /// its first.
    #[must_use]
    pub fn page_before(
        &self,
        query: &Query,
        before: impl Into<AgendaCursor>,
        limit: usize,
    ) -> Option<AgendaCursor> {
        let before: AgendaCursor = before.into();
        let parted = before.day.succ_opt().filter(|_| before.shown > 0);
        let until = parted.unwrap_or(before.day);
        let window = Window {
            from: query.from.unwrap_or(NaiveDate::MIN).min(until),
            until,
            zone: self.region.time_zone,
        };
        let selection = Selection::new(self, query);
        self.by_days(&selection, window, limit, |admits, days| {
            let (mut first, mut seen): (Option<AgendaCursor>, usize) = (None, 0);
            for (day, sheet) in days.rev() {
                let mut count = self.count(sheet, admits, usize::MAX)?;
                if day == before.day {
                    count = count.min(before.shown);
                }
                let left = limit - seen;
                if count > left + limit / 2 {
                    let shown = count - left;
                    return Ok(Some(AgendaCursor { day, shown }));
                }
                seen += count;
                first = Some(day.into()).filter(|_| count > 0).or(first);
                if seen >= limit {
                    break;
                }
            }
            Ok(first)
        })
    }
}
