//! What search engines, social networks and open data portals read.

mod dataset;
mod discovery;
mod dumps;
mod generated;
mod google;
mod previews;
mod sitemap;
mod structured_data;
