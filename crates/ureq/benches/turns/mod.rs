//! Two sides of a comparison in turns, and what the calling thread spent on each.

use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use rustix::time::{ClockId, clock_gettime};

/// CPU time and time, both in seconds.
#[derive(Clone, Copy)]
pub struct Spent {
    pub cpu: f64,
    pub wall: f64,
}

/// Medians over all turns; `ratio` is that of the quotients of each turn, in which a busy machine slows both sides alike.
pub struct Compared {
    pub library: Spent,
    pub floor: Spent,
    pub ratio: Spent,
}

/// Lets both sides do their turn's work in turns, after some that do not count.
pub fn take(turns: usize, library: &dyn Fn(), floor: &dyn Fn()) -> Compared {
    for _ in 0..turns / 10 {
        library();
        floor();
    }
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..turns {
        // Who goes first alternates, so that neither always finds the caches warm.
        let (our, their) = if turn % 2 == 0 {
            let our = spend(library);
            (our, spend(floor))
        } else {
            let their = spend(floor);
            (spend(library), their)
        };
        ours.push(our);
        theirs.push(their);
        ratios.push(Spent {
            cpu: our.cpu / their.cpu,
            wall: our.wall / their.wall,
        });
    }
    Compared {
        library: middle(&ours),
        floor: middle(&theirs),
        ratio: middle(&ratios),
    }
}

/// Keeps this thread, and those that it starts from now on, on one processor: waking another one up costs more than a call, and
/// not always the same.
pub fn stay_on_one_processor() {
    let allowed = sched_getaffinity(None).expect("the system tells");
    let one = (0..CpuSet::MAX_CPU).find(|&number| allowed.is_set(number));
    let mut only = CpuSet::new();
    only.set(one.expect("it runs somewhere"));
    sched_setaffinity(None, &only).expect("it is allowed there");
}

fn spend(work: &dyn Fn()) -> Spent {
    let (cpu, wall) = (cpu_time(), Instant::now());
    work();
    Spent {
        wall: wall.elapsed().as_secs_f64(),
        cpu: cpu_time().saturating_sub(cpu).as_secs_f64(),
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
