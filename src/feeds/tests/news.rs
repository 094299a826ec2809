use quick_xml::Reader;
use quick_xml::events::Event as Xml;

use super::*;

/// Returns the texts of all elements with a path such as `rss/channel/title`. Panics if the
/// document is not well-formed.
fn texts(xml: &str, wanted: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut path, mut found): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        let here = path.join("/") == wanted;
        match reader.read_event().expect("well-formed XML") {
            Xml::Eof => break,
            Xml::Start(tag) => {
                path.push(String::from_utf8(tag.name().as_ref().to_vec()).unwrap());
                if path.join("/") == wanted {
                    found.push(String::new());
                }
            }
            Xml::End(_) => drop(path.pop()),
            Xml::Text(text) if here => found.last_mut().unwrap().push_str(&text.decode().unwrap()),
            Xml::GeneralRef(name) if here => {
                let name = name.decode().unwrap();
                let number = name
                    .strip_prefix('#')
                    .map(|name| match name.strip_prefix('x') {
                        Some(hex) => u32::from_str_radix(hex, 16).unwrap(),
                        None => name.parse().unwrap(),
                    });
                let text = match number {
                    Some(number) => char::from_u32(number).unwrap().to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&name)
                        .unwrap()
                        .into(),
                };
                found.last_mut().unwrap().push_str(&text);
            }
            _ => {}
        }
    }
    assert_eq!(path, Vec::<String>::new(), "an element stays open");
    found
}

#[test]
fn rss_has_the_required_elements_and_is_well_formed() {
    let rss = render("rss");
    assert_eq!(texts(&rss, "rss/channel/title"), ["Det skjer & mer"]);
    assert_eq!(
        texts(&rss, "rss/channel/link"),
        ["https://kalender.example/"]
    );
    assert_eq!(texts(&rss, "rss/channel/description"), ["Alt <som> skjer"]);
    assert_eq!(
        texts(&rss, "rss/channel/lastBuildDate"),
        ["Wed, 20 Jan 2027 08:00:00 +0000"]
    );
    // Last changed first.
    assert_eq!(
        texts(&rss, "rss/channel/item/title"),
        [
            "Festspill",
            "AVLYST: Konsert <\"live\"> & mer",
            "=Kor (foreløpig dato)"
        ]
    );
    assert_eq!(
        texts(&rss, "rss/channel/item/guid")[0],
        "festival@kalender.example"
    );
    assert_eq!(
        texts(&rss, "rss/channel/item/pubDate")[0],
        "Mon, 2 Nov 2026 09:00:00 +0000"
    );
    assert_eq!(texts(&rss, "rss/channel/item/category")[0], "Musikk & dans");
    assert_eq!(
        texts(&rss, "rss/channel/item/ev:startdate")[1],
        "2027-06-05T18:00:00+02:00"
    );
    assert_eq!(texts(&rss, "rss/channel/item/ev:enddate")[0], "2027-08-15");
    let described = &texts(&rss, "rss/channel/item/description")[0];
    assert!(
        described.starts_with("<p>6.–15. august 2027<br>Parken, «Glåma»</p>"),
        "{described}"
    );
    assert!(
        described.contains("<p>Korsang &amp; kaffe &lt;i parken&gt;.</p>"),
        "{described}"
    );
}

#[test]
fn atom_has_the_required_elements_and_is_well_formed() {
    let atom = render("atom");
    assert_eq!(
        texts(&atom, "feed/id"),
        ["https://kalender.example/feeds/all.atom"]
    );
    assert_eq!(texts(&atom, "feed/title"), ["Det skjer & mer"]);
    assert_eq!(texts(&atom, "feed/updated"), ["2027-01-20T08:00:00Z"]);
    assert_eq!(texts(&atom, "feed/author/name"), ["Kommunen"]);
    assert_eq!(
        texts(&atom, "feed/entry/id")[0],
        "https://kalender.example/events/festival"
    );
    assert_eq!(texts(&atom, "feed/entry/title").len(), 3);
    assert_eq!(texts(&atom, "feed/entry/updated").len(), 3);
    assert!(texts(&atom, "feed/entry/content")[1].contains("]]&gt;"));
    assert!(atom.contains(r#"<link rel="self" type="application/atom+xml" href="https://kalender.example/feeds/all.atom"/>"#));
}

#[test]
fn an_english_feed_has_its_ids_in_common_with_the_norwegian() {
    let english = render_of(&snapshot(&records()), "atom", WriteOptions::new(Lang::En));
    assert_eq!(
        texts(&english, "feed/entry/id"),
        texts(&render("atom"), "feed/entry/id")
    );
    assert_eq!(texts(&english, "feed/title"), ["What's on & more"]);
    assert!(english.contains("https://kalender.example/en/events/festival"));
}

#[test]
fn json_feed_has_the_required_members() {
    let feed: Value = serde_json::from_str(&render("json")).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["title"], "Det skjer & mer");
    assert_eq!(feed["feed_url"], "https://kalender.example/feeds/all.json");
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for item in items {
        assert!(item["id"].is_string() && item["content_text"].is_string());
        for at in ["date_published", "date_modified"] {
            assert!(DateTime::parse_from_rfc3339(item[at].as_str().unwrap()).is_ok());
        }
    }
    assert_eq!(items[0]["_event"]["start"], "2027-08-06");
    assert_eq!(items[1]["_event"]["status"], "cancelled");
    assert_eq!(items[1]["tags"][0], "Musikk & dans");
}
