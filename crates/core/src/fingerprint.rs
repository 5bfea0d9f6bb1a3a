//! Fingerprints: short marks of what was sent and received, the same in every version and on every machine.

use sha2::{Digest as _, Sha256};

use crate::shape::{Items, Scalar, Shape, Sink};

/// Takes in whatever a shape writes.
#[derive(Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// The mark of everything so far: eight bytes, enough to tell two of a few thousand texts apart.
    pub(crate) fn finish(self) -> u64 {
        let digest = self.0.finalize();
        let (first, _) = digest.split_first_chunk().unwrap_or((&[0; 8], &[]));
        u64::from_be_bytes(*first)
    }

    /// Takes in a text so that it cannot run into the next one.
    pub(crate) fn text(&mut self, kind: u8, text: &str) {
        self.0.update([kind]);
        self.0.update(text.len().to_be_bytes());
        self.0.update(text);
    }
}

impl Sink for Fingerprint {
    fn scalar(&mut self, member: &str, value: Scalar<'_>) {
        self.text(b'm', member);
        match value {
            Scalar::Text(text) => self.text(b't', text),
            Scalar::Integer(number) => self.text(b'n', &number.to_string()),
            Scalar::Unsigned(number) => self.text(b'n', &number.to_string()),
            Scalar::Float(number) => self.text(b'f', &number.to_string()),
            Scalar::Boolean(flag) => self.text(b'b', if flag { "true" } else { "false" }),
        }
    }

    fn shape(&mut self, member: &str, shape: &dyn Shape) {
        self.text(b'(', member);
        shape.write(self);
        self.text(b')', "");
    }

    fn list(&mut self, member: &str, items: &dyn Items) {
        self.text(b'[', member);
        for index in 0..items.count() {
            items.write(index, "", self);
        }
        self.text(b']', "");
    }
}
