//! Calendar years as bit sets of days, the representation in which BY parts are intersected.

/// Number of a day; 1 is Monday 1 January of the year 1.
pub(super) type DayNumber = i32;

/// The last year of any rule.
pub(super) const LAST_YEAR: i32 = 9999;

/// Returns the first day of a year.
pub(super) fn first_day(year: i32) -> DayNumber {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) + 1
}

/// Returns the year of a day.
pub(super) fn year_of(day: DayNumber) -> i32 {
    let mut year = (i64::from(day - 1) * 400).div_euclid(146_097) as i32 + 1;
    while first_day(year + 1) <= day {
        year += 1;
    }
    while first_day(year) > day {
        year -= 1;
    }
    year
}

/// Returns the weekday of a day, Monday being 0.
pub(super) fn weekday_of(day: DayNumber) -> u32 {
    (day - 1).rem_euclid(7) as u32
}

/// Returns the first day of a year's week 1, the first week with at least four days in the year.
/// Weeks start on `wkst` (Monday 0).
pub(super) fn first_week(year: i32, wkst: u32) -> DayNumber {
    let january = first_day(year);
    let into_week = (weekday_of(january) + 7 - wkst) as i32 % 7;
    if into_week <= 3 {
        january - into_week
    } else {
        january + 7 - into_week
    }
}

/// The first day and the length of a year, which determine its months and weekdays.
#[derive(Clone, Copy)]
pub(super) struct YearShape {
    pub number: i32,
    pub first: DayNumber,
    pub len: u32,
}

impl YearShape {
    pub fn new(number: i32) -> Self {
        let first = first_day(number);
        YearShape {
            number,
            first,
            len: (first_day(number + 1) - first) as u32,
        }
    }

    /// Returns the day of the year, from 0, on which a month starts. Months count from 0; month 12
    /// gives the length of the year.
    pub fn month_start(&self, month: u32) -> u32 {
        const COMMON: [u16; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
        let leap_day = self.len == 366 && month >= 2;
        u32::from(COMMON[month as usize]) + u32::from(leap_day)
    }

    /// Returns the weekday of a day of the year, both from 0.
    pub fn weekday(&self, day_of_year: u32) -> u32 {
        (weekday_of(self.first) + day_of_year) % 7
    }

    /// Returns the nth given weekday from `from` to before `to`, counted from the end if negative.
    pub fn nth_weekday(&self, from: u32, to: u32, weekday: u32, nth: i32) -> Option<u32> {
        let first = from + (weekday + 7 - self.weekday(from)) % 7;
        let count = if first < to {
            (to - first).div_ceil(7) as i32
        } else {
            0
        };
        let index = if nth > 0 { nth - 1 } else { count + nth };
        (nth != 0 && (0..count).contains(&index)).then(|| first + 7 * index as u32)
    }
}

/// A set of days of one year; day 0 is 1 January.
#[derive(Clone, Copy, Default)]
pub(super) struct Days([u64; 6]);

impl Days {
    /// Returns the days from `from` to before `to`.
    pub fn range(from: u32, to: u32) -> Self {
        let mut days = Days::default();
        days.add_range(from, to);
        days
    }

    /// Returns the days of the weekdays whose bits (Monday 0) are set, if day 0 is `first_weekday`.
    pub fn of_weekdays(weekdays: u8, first_weekday: u32) -> Self {
        /// One bit in every seven; multiplication by a seven-bit pattern repeats it through the
        /// word.
        const EVERY_SEVENTH: u64 = 0x8102_0408_1020_4081;
        let pattern = u32::from(weekdays);
        let mut days = Days::default();
        for (index, word) in days.0.iter_mut().enumerate() {
            let shift = (first_weekday + 64 * index as u32) % 7;
            let rotated = (pattern >> shift | pattern << (7 - shift)) & 0x7f;
            *word = u64::from(rotated).wrapping_mul(EVERY_SEVENTH);
        }
        days
    }

    pub fn add(&mut self, day: u32) {
        self.0[day as usize / 64] |= 1 << (day % 64);
    }

    pub fn add_range(&mut self, from: u32, to: u32) {
        for (index, word) in self.0.iter_mut().enumerate() {
            *word |= window(index, from, to);
        }
    }

    /// Adds up to 31 days by the bits of `bits`, bit 0 being the day `at`.
    pub fn add_bits(&mut self, at: u32, bits: u32) {
        let (word, shift) = (at as usize / 64, at % 64);
        let wide = u128::from(bits) << shift;
        self.0[word] |= wide as u64;
        if let Some(next) = self.0.get_mut(word + 1) {
            *next |= (wide >> 64) as u64;
        }
    }

    pub fn and(mut self, other: Days) -> Self {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(word, also)| *word &= also);
        self
    }

    pub fn or(mut self, other: Days) -> Self {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(word, also)| *word |= also);
        self
    }

    pub fn contains(&self, day: u32) -> bool {
        self.0[day as usize / 64] >> (day % 64) & 1 == 1
    }

    /// Iterates over the days from `from` to before `to`, in order.
    pub fn iter_within(&self, from: u32, to: u32) -> impl Iterator<Item = u32> + '_ {
        let words = (from as usize / 64)..(to as usize).div_ceil(64).min(6);
        words.flat_map(move |index| {
            let mut word = self.0[index] & window(index, from, to);
            std::iter::from_fn(move || {
                if word == 0 {
                    return None;
                }
                let bit = word.trailing_zeros();
                word &= word - 1;
                Some(index as u32 * 64 + bit)
            })
        })
    }
}

/// Returns a mask of the bits of word `index` from `from` to before `to`.
fn window(index: usize, from: u32, to: u32) -> u64 {
    let start = index as u32 * 64;
    let below = |end: u32| match end.saturating_sub(start) {
        bits @ 0..64 => (1u64 << bits) - 1,
        _ => u64::MAX,
    };
    below(to) & !below(from)
}
