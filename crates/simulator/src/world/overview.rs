//! Overviews: what there is of a kind, for people to look at.

use std::time::SystemTime;

use super::{Kind, World, text};

/// What is worth a look of one resource.
#[derive(Debug)]
pub(crate) struct OverviewRow {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) region: String,
    /// The status, and the operation while there is one.
    pub(crate) state: String,
}

impl World {
    /// How many of a kind the account has at a moment, and the latest of them, latest first.
    pub(crate) fn overview(
        &self,
        kind: &'static Kind,
        now: SystemTime,
        limit: usize,
    ) -> (usize, Vec<OverviewRow>) {
        let resources = self.resources.get(kind.name).into_iter().flatten();
        let mut count: usize = 0;
        let mut rows = Vec::new();
        for (number, resource) in resources.rev().filter(|(_, resource)| resource.is_there(now)) {
            count = count.saturating_add(1);
            if rows.len() < limit {
                let shown = resource.shown(kind, now);
                let operation = text(&shown, kind.state.operation);
                let mut state = text(&shown, kind.state.status);
                if !matches!(operation.as_str(), "" | "NULL") {
                    state = format!("{state} ({operation})");
                }
                rows.push(OverviewRow {
                    number: number.to_string(),
                    name: kind
                        .label
                        .map(|(label, _)| text(&shown, label))
                        .unwrap_or_default(),
                    region: resource.region.clone(),
                    state,
                });
            }
        }
        (count, rows)
    }
}
