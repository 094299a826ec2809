//! The page about personal data.

use elverum_calendar::config::CalendarConfig;

use crate::support::TestServer;

#[test]
fn the_page_about_personal_data_has_the_periods_in_use_and_is_linked_where_data_is_asked_for() {
    let app = TestServer::start();
    let periods = CalendarConfig::default().retention_periods();
    for (page, lang) in [("/privacy", "nb"), ("/en/privacy", "en")] {
        let page = app.visitor().get(page).ok();
        assert!(page.text().contains(&format!("<html lang=\"{lang}\">")));
        let days = [
            periods.account,
            periods.visitor_address,
            periods.mail,
            periods.audit,
        ];
        for days in days {
            let text = page.text();
            assert!(text.contains(&format!(" {days} ")), "{days}: {text}");
        }
        assert!(!page.text().contains('{'), "{}", page.text());
    }
    for page in ["/", "/login", "/about"] {
        let page = app.visitor().get(page);
        assert!(page.text().contains("href=\"/privacy\""), "{}", page.path);
    }
}
