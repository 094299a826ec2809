//! Parsing of crate-internal paths in a source file.

/// A path into a layer.
#[derive(Debug)]
pub struct Import {
    /// The first segment after `crate::`.
    pub layer: String,
    /// Its line, from 1.
    pub line: usize,
}

/// A path in a source file, whole.
#[derive(Debug)]
pub struct FoundPath {
    /// Its segments, such as `super`, `cache` and `Feeds`.
    pub parts: Vec<String>,
    /// Whether it stands in a `pub use`.
    pub is_reexport: bool,
}

/// A word or punctuation character, with its line.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Sign(char),
}

/// The tokens of a source file, without comments and literals.
pub struct Source {
    tokens: Vec<(Token, usize)>,
}

impl Source {
    /// Tokenizes a source.
    pub fn new(text: &str) -> Self {
        let mut reader = Reader {
            rest: text,
            line: 1,
            tokens: Vec::new(),
        };
        while reader.step() {}
        Self {
            tokens: reader.tokens,
        }
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some((Token::Word(word), _)) => Some(word),
            _ => None,
        }
    }

    fn is(&self, at: usize, sign: char) -> bool {
        matches!(self.tokens.get(at), Some((Token::Sign(found), _)) if *found == sign)
    }

    /// Returns the index after `::`, if it is at `at`.
    fn after_colons(&self, at: usize) -> Option<usize> {
        (self.is(at, ':') && self.is(at + 1, ':')).then_some(at + 2)
    }

    /// Returns the paths from `crate::`, and those that reach the root by `super::`, in a file of the module
    /// `module`.
    pub fn paths(&self, module: &[String]) -> Vec<Import> {
        let mut found = Vec::new();
        // For each open brace, whether it opened a module.
        let mut braces: Vec<bool> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let depth = module.len() + braces.iter().filter(|module| **module).count();
            if self.is(at, '{') {
                braces.push(at >= 2 && self.word(at - 2) == Some("mod"));
            } else if self.is(at, '}') {
                braces.pop();
            }
            if let Some(next) = self.leads_to_root(at, depth) {
                self.first_parts(next, &mut found);
                at = next;
            } else {
                at += 1;
            }
        }
        found
    }

    /// Returns the paths of `use` items and those that begin with `crate`, `self` or `super`, outside inline modules.
    pub fn all_paths(&self) -> Vec<FoundPath> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let is_rooted = matches!(self.word(at), Some("crate" | "self" | "super"));
            if self.word(at) == Some("mod") && self.is(at + 2, '{') {
                at = self.after_block(at + 2);
            } else if self.word(at) == Some("use") {
                let is_reexport =
                    at > 0 && (self.word(at - 1) == Some("pub") || self.is(at - 1, ')'));
                at = self.tree(at + 1, &[], is_reexport, &mut found);
            } else if is_rooted && self.after_colons(at + 1).is_some() {
                at = self.tree(at, &[], false, &mut found);
            } else {
                at += 1;
            }
        }
        found
    }

    /// Returns the line of the first item that is no `mod` of another file and no `use`.
    pub fn first_code(&self) -> Option<usize> {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.after_attributes(at);
            let start = at;
            if self.word(at) == Some("pub") {
                at += 1;
                if self.is(at, '(') {
                    at = self.after_pair(at, ('(', ')'));
                }
            }
            let is_module = self.word(at) == Some("mod") && self.is(at + 2, ';');
            if !is_module && self.word(at) != Some("use") {
                return self.tokens.get(start).map(|(_, line)| *line);
            }
            while at < self.tokens.len() && !self.is(at, ';') {
                at += 1;
            }
            at += 1;
        }
        None
    }

    /// Returns the index behind the attributes at `at`, of items and of the file.
    fn after_attributes(&self, mut at: usize) -> usize {
        while self.is(at, '#') {
            let open = if self.is(at + 1, '!') { at + 2 } else { at + 1 };
            at = self.after_pair(open, ('[', ']'));
        }
        at
    }

    /// Adds the paths of a tree such as that of `use`; returns the index behind it.
    fn tree(
        &self,
        mut at: usize,
        before: &[String],
        is_reexport: bool,
        found: &mut Vec<FoundPath>,
    ) -> usize {
        let mut parts = before.to_vec();
        while let Some(word) = self.word(at) {
            parts.push(word.to_owned());
            if let Some(next) = self.after_colons(at + 1) {
                at = next;
                continue;
            }
            if parts.len() > 1 && parts.last().is_some_and(|last| last == "self") {
                parts.pop();
            }
            found.push(FoundPath { parts, is_reexport });
            // Skips the new name.
            return at
                + if self.word(at + 1) == Some("as") {
                    3
                } else {
                    1
                };
        }
        if !self.is(at, '{') {
            // A glob, generic arguments, or the end of the file.
            found.push(FoundPath { parts, is_reexport });
            return at + 1;
        }
        at += 1;
        while at < self.tokens.len() && !self.is(at, '}') {
            at = match self.is(at, ',') {
                true => at + 1,
                false => self.tree(at, &parts, is_reexport, found),
            };
        }
        at + 1
    }

    /// Returns the index behind the block that begins here.
    fn after_block(&self, begin: usize) -> usize {
        self.after_pair(begin, ('{', '}'))
    }

    /// Returns the index behind the pair of brackets that begins here.
    fn after_pair(&self, begin: usize, (open, close): (char, char)) -> usize {
        let mut depth = 0;
        for at in begin..self.tokens.len() {
            if self.is(at, open) {
                depth += 1;
            } else if self.is(at, close) {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
        }
        self.tokens.len()
    }

    /// Returns the index of the first segment below the root, if a path to the root starts here.
    fn leads_to_root(&self, at: usize, depth: usize) -> Option<usize> {
        // `x::super` and `$crate` start no path of this crate.
        if at > 0 && (self.is(at - 1, ':') || self.is(at - 1, '$')) {
            return None;
        }
        if self.word(at) == Some("crate") {
            return self.after_colons(at + 1);
        }
        let mut next = at;
        let mut climbed = 0;
        while self.word(next) == Some("super") {
            climbed += 1;
            next = self.after_colons(next + 1)?;
        }
        (climbed > 0 && climbed >= depth).then_some(next)
    }

    /// Adds the first segment of the path at `at`, or of each path in braces.
    fn first_parts(&self, at: usize, found: &mut Vec<Import>) {
        if let Some((Token::Word(word), line)) = self.tokens.get(at) {
            found.push(Import {
                layer: word.clone(),
                line: *line,
            });
            return;
        }
        if !self.is(at, '{') {
            return;
        }
        let (mut next, mut depth) = (at + 1, 1);
        let mut first = true;
        while depth > 0 && next < self.tokens.len() {
            match &self.tokens[next] {
                (Token::Sign('{'), _) => depth += 1,
                (Token::Sign('}'), _) => depth -= 1,
                (Token::Sign(','), _) if depth == 1 => first = true,
                (Token::Word(word), line) if depth == 1 && first => {
                    found.push(Import {
                        layer: word.clone(),
                        line: *line,
                    });
                    first = false;
                }
                _ => {}
            }
            next += 1;
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<(Token, usize)>,
}

impl Reader<'_> {
    /// Consumes one token, comment or literal. Returns false at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        let length = if self.rest.starts_with("//") {
            self.rest.find('\n').unwrap_or(self.rest.len())
        } else if self.rest.starts_with("/*") {
            self.rest.find("*/").map_or(self.rest.len(), |end| end + 2)
        } else if let Some(length) = self.text() {
            length
        } else if first.is_alphanumeric() || first == '_' {
            let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let length = end.unwrap_or(self.rest.len());
            self.tokens
                .push((Token::Word(self.rest[..length].to_owned()), self.line));
            length
        } else {
            if !first.is_whitespace() {
                self.tokens.push((Token::Sign(first), self.line));
            }
            first.len_utf8()
        };
        self.line += self.rest[..length].matches('\n').count();
        self.rest = &self.rest[length..];
        true
    }

    /// Returns the length of the string or character literal at the current position.
    fn text(&self) -> Option<usize> {
        let after_prefix = self.rest.trim_start_matches(['b', 'c']);
        if self.rest.len() - after_prefix.len() > 1 {
            return None;
        }
        let prefix = self.rest.len() - after_prefix.len();
        if let Some(raw) = after_prefix.strip_prefix('r') {
            let body = raw.trim_start_matches('#');
            let hashes = &raw[..raw.len() - body.len()];
            let inside = body.strip_prefix('"')?;
            let end = format!("\"{hashes}");
            let length = inside.find(&end)? + end.len();
            return Some(prefix + 1 + hashes.len() + 1 + length);
        }
        if let Some(inside) = after_prefix.strip_prefix('"') {
            return Some(prefix + 1 + closing(inside, '"')?);
        }
        // 'c' is a character, 'a a lifetime.
        let inside = after_prefix.strip_prefix('\'')?;
        let mut chars = inside.chars();
        let character = chars.next()? == '\\' || chars.next() == Some('\'');
        character.then(|| closing(inside, '\'').map(|length| prefix + 1 + length))?
    }
}

/// Returns the length up to and including the closing mark, skipping escapes.
fn closing(inside: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == mark {
            return Some(at + c.len_utf8());
        }
    }
    None
}
