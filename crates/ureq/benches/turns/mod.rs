//! Two sides of a comparison in turns, and what the calling thread spent on each.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The CPU time and the time of one side, both in seconds and the median of all turns.
#[derive(Clone, Copy)]
pub struct Spent {
    pub cpu: f64,
    pub wall: f64,
}

/// Lets both sides do their turn's work in turns, after one that does not count.
pub fn take(turns: usize, library: &dyn Fn(), floor: &dyn Fn()) -> (Spent, Spent) {
    library();
    floor();
    let (mut ours, mut theirs) = (Vec::with_capacity(turns), Vec::with_capacity(turns));
    for turn in 0..turns {
        // Who goes first alternates, so that neither always finds the caches warm.
        if turn % 2 == 0 {
            ours.push(spend(library));
            theirs.push(spend(floor));
        } else {
            theirs.push(spend(floor));
            ours.push(spend(library));
        }
    }
    (middle(&ours), middle(&theirs))
}

fn spend(work: &dyn Fn()) -> Spent {
    let (cpu, wall) = (cpu_time(), Instant::now());
    work();
    Spent {
        wall: wall.elapsed().as_secs_f64(),
        cpu: (cpu_time() - cpu).as_secs_f64(),
    }
}

/// What this thread alone has used so far, in its own code and in the system's.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("it is not negative")
}

fn middle(spent: &[Spent]) -> Spent {
    Spent {
        cpu: median(spent.iter().map(|spent| spent.cpu).collect()),
        wall: median(spent.iter().map(|spent| spent.wall).collect()),
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
