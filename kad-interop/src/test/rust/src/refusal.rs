//! What an answer with `"ok":false` says.

use serde_json::{Map, Value, json};

/// A command that cannot be answered as asked: a code of the fixed list, a message, and what was reached so far.
#[derive(Debug)]
pub struct Refusal {
    code: &'static str,
    message: String,
    reached: Map<String, Value>,
}

impl Refusal {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), reached: Map::new() }
    }

    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::new("bad-input", message)
    }

    /// Adds the fields of an object.
    pub fn reached(mut self, fields: Value) -> Self {
        if let Value::Object(fields) = fields {
            self.reached.extend(fields);
        }
        self
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn line(self) -> Value {
        let mut line = json!({"event": "error", "ok": false, "code": self.code, "message": self.message});
        for (name, value) in self.reached {
            line[name] = value;
        }
        line
    }
}
