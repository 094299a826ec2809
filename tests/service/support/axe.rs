//! axe-core, which finds barriers in a page: WCAG 2.2 A and AA.

use serde_json::{Value, json};

use super::chrome::{Chrome, Scheme};
use super::readers::tool;

/// Runs axe-core over the page with all details open: all rules, or those about colours. Returns the findings with
/// their elements.
const AXE: &str = r"
    const done = arguments[arguments.length - 1];
    const colours = arguments[0];
    for (const details of document.querySelectorAll('details')) details.open = true;
    // Colours would be halfway from those of the other scheme.
    for (const transition of document.getAnimations()) transition.finish();
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
    const rules = colours ? ['color-contrast'] : tags;
    const element = (node) => node.html.slice(0, 200) + ' – ' + node.failureSummary;
    const finding = (it) => it.id + ': ' + it.help + '\n' + it.nodes.slice(0, 3).map(element).join('\n');
    axe.run(document, { runOnly: rules, resultTypes: ['violations'], preload: false })
        .then((found) => done(found.violations.map(finding)), (error) => done([String(error)]));
";

/// Widths and schemes that pages are checked in, and whether only the rules about colours are run. A rule that is not about
/// colours sees no difference between the schemes.
pub const VIEWS: [(u32, Scheme, bool); 4] = [
    (320, Scheme::Light, false),
    (320, Scheme::Dark, true),
    (1280, Scheme::Dark, false),
    (1280, Scheme::Light, true),
];

/// Loads it into each page that is opened from now on.
pub fn load(chrome: &Chrome) {
    let axe = tool("node/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core is a text");
    let script = "Page.addScriptToEvaluateOnNewDocument";
    chrome.devtools(script, json!({ "source": axe }));
}

/// Returns the findings in the page that is open, of all rules or of those about colours.
#[track_caller]
pub fn findings(chrome: &Chrome, colours: bool) -> Vec<String> {
    let found = chrome.run_async(AXE, vec![json!(colours)]);
    let found = found.as_array().expect("a list of findings");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.iter().map(text).collect()
}
