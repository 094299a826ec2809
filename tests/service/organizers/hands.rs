//! How a person operates pages: by touch or pointer, or by keyboard alone. Fields and clicks are counted.

use serde_json::Value;

use crate::browser::FOCUS;
use crate::support::chrome::Chrome;

const TAB: &str = "\u{e004}";
const SHIFT_TAB: &str = "\u{e008}\u{e004}\u{e000}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const DOWN: &str = "\u{e015}";
const SELECT_ALL: &str = "\u{e009}a\u{e000}";
/// Maximum number of stops on the way to an element.
const STOPS: usize = 200;

/// How a person operates pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Touch,
    TouchWithoutScripts,
    Keyboard,
}

/// A person at a browser.
pub struct Hands<'a> {
    pub chrome: &'a Chrome,
    way: Way,
    /// Number of fields that were filled in.
    pub fields: usize,
    /// Number of links, buttons and choices that were used.
    pub clicks: usize,
}

impl<'a> Hands<'a> {
    pub fn new(chrome: &'a Chrome, way: Way) -> Self {
        if way == Way::TouchWithoutScripts {
            chrome.forbid_scripts();
        }
        Self {
            chrome,
            way,
            fields: 0,
            clicks: 0,
        }
    }

    /// Moves the focus to an element by Tab or Shift+Tab, whichever leads there. It is visible at each stop.
    #[track_caller]
    fn reach(&self, selector: &str) {
        // 0: here, 4: after the focus in the document, 2: before it (`Node.compareDocumentPosition`).
        let look = format!(
            "const focus = (() => {{ {FOCUS} }})();
             const wanted = document.querySelector({selector:?});
             if (!wanted) return {{ focus, way: 'missing' }};
             const here = document.activeElement;
             if (here === wanted) return {{ focus, way: 0 }};
             if (!here || here === document.body || here.contains(wanted)) return {{ focus, way: 4 }};
             return {{ focus, way: here.compareDocumentPosition(wanted) & 6 }};"
        );
        let mut stops: Vec<Value> = Vec::new();
        loop {
            let Value::Object(mut seen) = self.chrome.run(&look) else {
                panic!("no answer about {selector}");
            };
            let (focus, way) = (seen["focus"].take(), seen["way"].take());
            let is_visible = focus["ring"] == true && focus["seen"] == true;
            assert!(
                stops.is_empty() || is_visible,
                "on the way to {selector}: {focus:#}"
            );
            let key = match way.as_u64() {
                Some(0) => return,
                Some(4) => TAB,
                Some(2) => SHIFT_TAB,
                _ => panic!("there is no {selector} on {}", self.chrome.address()),
            };
            stops.push(focus["what"].clone());
            assert!(
                stops.len() < STOPS,
                "{selector} is not reached: {:#?}",
                &stops[STOPS - 10..]
            );
            self.chrome.press(key);
        }
    }

    /// Moves the focus past the header, if it is still at the beginning of the page.
    fn skip_to_content(&self) {
        let begin = "return document.activeElement === document.body && scrollY === 0 \
            && !location.hash";
        if self.chrome.run(begin) == true {
            self.reach("a.skip");
            self.chrome.press(ENTER);
        }
    }

    /// Focuses an element, by the keyboard.
    #[track_caller]
    fn go_to(&self, selector: &str) {
        self.skip_to_content();
        self.reach(selector);
    }

    /// Types into a field, in place of what is in it.
    #[track_caller]
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.fields += 1;
        match self.way {
            Way::Keyboard => self.go_to(selector),
            _ => self.chrome.click(selector),
        }
        self.chrome.press(SELECT_ALL);
        self.chrome.press(text);
        let value = format!("return document.querySelector({selector:?}).value");
        assert_eq!(self.chrome.run(&value), text, "{selector}");
    }

    /// Chooses one of several radio buttons.
    #[track_caller]
    pub fn pick(&mut self, name: &str, value: &str) {
        self.clicks += 1;
        let wanted = format!("input[name={name}][value={value}]");
        let is_checked = format!("return document.querySelector({wanted:?}).checked");
        if self.way == Way::Keyboard {
            self.go_to(&format!("input[name={name}]:checked"));
            for _ in 0..10 {
                if self.chrome.run(&is_checked) == true {
                    break;
                }
                self.chrome.press(DOWN);
            }
        } else {
            self.chrome.click(&wanted);
        }
        assert_eq!(self.chrome.run(&is_checked), true, "{wanted}");
    }

    /// Ticks a checkbox.
    #[track_caller]
    pub fn tick(&mut self, selector: &str) {
        self.clicks += 1;
        if self.way == Way::Keyboard {
            self.go_to(selector);
            self.chrome.press(SPACE);
        } else {
            self.chrome.click(selector);
        }
        let is_checked = format!("return document.querySelector({selector:?}).checked");
        assert_eq!(self.chrome.run(&is_checked), true, "{selector}");
    }

    /// Chooses an option of a list by its value; the keyboard types its label.
    #[track_caller]
    pub fn choose(&mut self, selector: &str, value: &str, label: &str) {
        self.clicks += 1;
        if self.way == Way::Keyboard {
            self.go_to(selector);
            self.chrome.press(label);
        } else {
            self.chrome.select(selector, value);
        }
        let chosen = format!("return document.querySelector({selector:?}).value");
        assert_eq!(self.chrome.run(&chosen), value, "{selector}");
    }

    /// Opens a part of a form that is closed at first, by its `details` element.
    #[track_caller]
    pub fn unfold(&mut self, details: &str) {
        let is_open = format!("return document.querySelector({details:?}).open");
        if self.chrome.run(&is_open) == true {
            return;
        }
        self.clicks += 1;
        let summary = format!("{details} > summary");
        if self.way == Way::Keyboard {
            self.go_to(&summary);
            self.chrome.press(ENTER);
        } else {
            self.chrome.click(&summary);
        }
        assert_eq!(self.chrome.run(&is_open), true, "{details}");
    }

    /// Uses a link or button, and waits for the page that it leads to.
    #[track_caller]
    pub fn follow(&mut self, selector: &str) {
        self.clicks += 1;
        if self.way == Way::Keyboard {
            self.go_to(selector);
            self.chrome.leave(selector, || self.chrome.press(ENTER));
        } else {
            self.chrome.follow(selector);
        }
    }

    /// Returns the visible text of the page.
    pub fn text(&self) -> String {
        let text = self
            .chrome
            .run("return document.querySelector('main').innerText");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Returns what was counted, in words.
    pub fn count(&self) -> String {
        format!("{} fields, {} clicks", self.fields, self.clicks)
    }
}
