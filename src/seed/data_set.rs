//! The validated content of the data files.

use calendar_domain::{Audience, Category, Organizer, Partner, Place, Record, Region};

use super::series::SeriesData;

/// The validated content of the data files.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    /// The region with its holidays.
    pub region: Region,
    /// Categories in display order.
    pub categories: Vec<Category>,
    /// Audiences in display order.
    pub audiences: Vec<Audience>,
    /// Places.
    pub places: Vec<Place>,
    /// Organizers.
    pub organizers: Vec<Organizer>,
    /// Partners.
    pub partners: Vec<Partner>,
    /// Series with their editions, in display order.
    pub series: Vec<SeriesData>,
}

impl DataSet {
    /// Returns every record except events, each after those that it refers to.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record> + '_ {
        std::iter::once(Record::from(self.region.clone()))
            .chain(self.categories.iter().cloned().map(Record::from))
            .chain(self.audiences.iter().cloned().map(Record::from))
            .chain(self.places.iter().cloned().map(Record::from))
            .chain(self.organizers.iter().cloned().map(Record::from))
            .chain(self.partners.iter().cloned().map(Record::from))
            .chain(
                self.series
                    .iter()
                    .map(|data| Record::from(data.series.clone())),
            )
    }
}
