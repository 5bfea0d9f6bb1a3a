//! Form reader: pairs from a query, a body or both, put back together into the tree that they were flattened from.

use std::collections::BTreeMap;
use std::fmt;

use crate::shape::{Loose, ReadError, Scalar, Shape, Value, text_of_scalar, wrong};

/// How many parts a name may have; the platform's own names have four at most.
const DEPTH_LIMIT: usize = 16;

/// The parameters of one request.
///
/// ```
/// use ncloud_core::codec::form::Form;
///
/// let mut form = Form::parse(b"regionCode=KR&noList.1=a%20b")?;
/// form.add(b"noList.2=c+d")?;
/// assert_eq!(form.get("noList.1"), Some("a b"));
/// assert_eq!(form.get("noList.2"), Some("c d"));
/// # Ok::<(), ncloud_core::ReadError>(())
/// ```
#[derive(Clone, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    root: Branch,
}

type Branch = BTreeMap<String, Tree>;

#[derive(Clone, Default)]
struct Tree {
    text: Option<String>,
    branch: Branch,
}

impl Form {
    /// Reads the pairs of a query or a form body. Where a name stands more than once, the first one counts.
    ///
    /// # Errors
    ///
    /// If a name has more than sixteen parts. Whatever else comes in is some pair.
    pub fn parse(text: &[u8]) -> Result<Self, ReadError> {
        let mut form = Self::default();
        form.add(text)?;
        Ok(form)
    }

    /// Adds further pairs, such as those of the body after those of the query.
    ///
    /// # Errors
    ///
    /// As [`Form::parse`].
    pub fn add(&mut self, text: &[u8]) -> Result<(), ReadError> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(text)
            .map_err(|error| ReadError::new(format!("not a form: {error}")))?;
        for (name, value) in pairs {
            self.insert(&name, &value)?;
            self.pairs.push((name, value));
        }
        Ok(())
    }

    fn insert(&mut self, name: &str, value: &str) -> Result<(), ReadError> {
        if name.split('.').nth(DEPTH_LIMIT).is_some() {
            let shown: String = name.chars().take(40).collect();
            return Err(ReadError::new(format!("the name {shown:?}… has too many parts")));
        }
        let mut tree = Tree {
            text: None,
            branch: std::mem::take(&mut self.root),
        };
        let mut place = &mut tree;
        for part in name.split('.') {
            place = place.branch.entry(part.to_owned()).or_default();
        }
        place.text.get_or_insert_with(|| value.to_owned());
        self.root = tree.branch;
        Ok(())
    }

    /// All pairs in the order they came, decoded.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The value of the first pair with exactly this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut branch = &self.root;
        let mut text = None;
        for part in name.split('.') {
            let tree = branch.get(part)?;
            text = tree.text.as_deref();
            branch = &tree.branch;
        }
        text
    }

    /// Reads the parameters into a shape; those that it does not know are left out.
    ///
    /// # Errors
    ///
    /// If a parameter is not of its member's type.
    pub fn read(&self, shape: &mut dyn Shape) -> Result<(), ReadError> {
        read_branch(&self.root, shape)
    }
}

/// Values may be secrets, so only the names are shown.
impl fmt::Debug for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Form")?;
        formatter
            .debug_list()
            .entries(self.pairs.iter().map(|(name, _)| name))
            .finish()
    }
}

fn read_branch(branch: &Branch, shape: &mut dyn Shape) -> Result<(), ReadError> {
    for (name, tree) in branch {
        shape
            .read(name, &mut Node(tree))
            .map_err(|error| error.within(name))?;
    }
    Ok(())
}

struct Node<'a>(&'a Tree);

impl Node<'_> {
    /// A name that needs further parts must not have a value of its own, unless it is empty.
    fn refuse_text(&self, expected: &str) -> Result<(), ReadError> {
        match &self.0.text {
            Some(text) if !text.is_empty() => Err(wrong(expected, Scalar::Text(text))),
            _ => Ok(()),
        }
    }
}

impl Value for Node<'_> {
    fn scalar(&mut self, take: &mut dyn FnMut(Scalar<'_>) -> Result<(), ReadError>) -> Result<(), ReadError> {
        match &self.0.text {
            Some(text) => take(Scalar::Text(text)),
            None => Err(ReadError::new(
                "expected a value, found further parts of the name",
            )),
        }
    }

    fn text(&mut self) -> Result<Option<String>, ReadError> {
        let mut text = None;
        self.scalar(&mut |scalar| {
            text = Some(text_of_scalar(scalar)?);
            Ok(())
        })?;
        Ok(text)
    }

    fn shape(&mut self, shape: &mut dyn Shape) -> Result<bool, ReadError> {
        self.refuse_text("members as name.member")?;
        read_branch(&self.0.branch, shape)?;
        Ok(!self.0.branch.is_empty())
    }

    fn loosely(&mut self, shape: &mut dyn Shape) -> Result<Loose, ReadError> {
        if !self.0.branch.is_empty() {
            read_branch(&self.0.branch, shape)?;
            return Ok(Loose::Members);
        }
        Ok(Loose::of_text(self.0.text.clone().unwrap_or_default()))
    }

    fn list(
        &mut self,
        item: &mut dyn FnMut(&mut dyn Value) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        const EXPECTED: &str = "items as name.1, name.2";
        self.refuse_text(EXPECTED)?;
        let mut items = Vec::with_capacity(self.0.branch.len());
        for (name, tree) in &self.0.branch {
            let number: u32 = name.parse().map_err(|_| wrong(EXPECTED, Scalar::Text(name)))?;
            items.push((number, tree));
        }
        items.sort_by_key(|(number, _)| *number);
        items.into_iter().try_for_each(|(_, tree)| item(&mut Node(tree)))
    }
}
