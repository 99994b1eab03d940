//! The two ends of the line protocol: words in from a command line, one JSON object a line out.

use std::{collections::HashMap, io::Write};

use serde_json::Value;

use crate::refusal::Refusal;

/// One command: its tag, its name and its words, with the options taken out.
#[derive(Debug, Default)]
pub struct Request {
    pub id: Option<String>,
    pub name: String,
    pub positionals: Vec<String>,
    options: HashMap<String, String>,
}

/// Options of commands that take no value.
const FLAGS: [&str; 3] = ["--base64", "--correct", "--no-cache"];

impl Request {
    /// Reads `#TAG NAME WORD...`; the tag may be missing. None for an empty line; a line that is wrong keeps its tag.
    pub fn parse(line: &str) -> Option<(Option<String>, Result<Self, Refusal>)> {
        let line = line.trim();
        if line.is_empty() {
            return None;
        }
        let (id, rest) = match line.strip_prefix('#') {
            Some(tagged) => {
                let (tag, rest) = tagged.split_once(char::is_whitespace).unwrap_or((tagged, ""));
                (Some(tag.to_owned()), rest)
            }
            None => (None, line),
        };
        let request = split_words(rest).and_then(|words| Self::from_words(id.clone(), words));
        Some((id, request))
    }

    fn from_words(id: Option<String>, words: Vec<String>) -> Result<Self, Refusal> {
        let mut words = words.into_iter();
        let mut request = Self { id, name: words.next().unwrap_or_default(), ..Self::default() };
        let mut options_over = false;
        while let Some(word) = words.next() {
            if options_over || !word.starts_with("--") {
                request.positionals.push(word);
            } else if word == "--" {
                options_over = true;
            } else if FLAGS.contains(&word.as_str()) {
                request.options.insert(word, String::new());
            } else {
                let value = words.next().ok_or_else(|| Refusal::bad_input(format!("{word} wants a value")))?;
                request.options.insert(word, value);
            }
        }
        Ok(request)
    }

    /// The words after the name, which must be as many as `usage` says; no option but those of `options` may be there.
    pub fn words<const N: usize>(&self, usage: &str, options: &[&str]) -> Result<[&str; N], Refusal> {
        if let Some(unknown) =
            self.options.keys().find(|name| *name != "--timeout" && !options.contains(&name.as_str()))
        {
            return Err(Refusal::bad_input(format!("no option {unknown}: {usage}")));
        }
        let words: Vec<_> = self.positionals.iter().map(String::as_str).collect();
        words.try_into().map_err(|_| {
            Refusal::bad_input(format!("{} takes {N} argument(s), not {}: {usage}", self.name, self.positionals.len()))
        })
    }

    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }
}

/// Writes one event or answer to standard output.
pub fn emit(mut line: Value, id: Option<&str>) {
    if let Some(id) = id {
        line["id"] = id.into();
    }
    let mut out = std::io::stdout().lock();
    // nobody reads any more: the end of the input follows
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Splits at blanks as a POSIX shell does: single quotes, double quotes, backslash.
fn split_words(text: &str) -> Result<Vec<String>, Refusal> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, quote) {
            (_, None) if char.is_whitespace() => words.extend(word.take()),
            ('"' | '\'', None) => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            (_, Some(open)) if char == open => quote = None,
            ('\\', None) => word.get_or_insert_default().extend(chars.next()),
            ('\\', Some('"')) if chars.peek().is_some_and(|next| "\"\\$`".contains(*next)) => {
                word.get_or_insert_default().extend(chars.next());
            }
            _ => word.get_or_insert_default().push(char),
        }
    }
    if let Some(open) = quote {
        return Err(Refusal::bad_input(format!("the line ends inside a {open} quote")));
    }
    words.extend(word);
    Ok(words)
}
