//! Instruction counts of both sides of a comparison, where valgrind is installed: the same on a busy machine as on a quiet one.
//!
//! The benchmark runs itself again under valgrind, one side at a time and for two numbers of turns, so that what comes before the
//! first turn does not count. Only the main thread does; the server has its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs, process};

/// The numbers of turns whose difference is counted.
const TURNS: [usize; 2] = [10, 30];

const ONLY: &str = "--only";

/// One side of one row, which this process runs for another one that counts.
pub struct Only {
    pub row: String,
    pub is_library: bool,
    pub turns: usize,
}

/// What this process was started for, if it is for counting.
pub fn only() -> Option<Only> {
    let mut arguments = env::args().skip_while(|argument| argument != ONLY).skip(1);
    Some(Only {
        row: arguments.next()?,
        is_library: arguments.next()? == "library",
        turns: arguments.next()?.parse().ok()?,
    })
}

/// Prints the instructions of one call, of which there are so many in a turn.
pub fn print(row: &str, calls: u32, target: &str) {
    let Some((library, floor)) = count(row) else {
        println!("{row}, instructions: not counted, for there is no valgrind");
        return;
    };
    println!(
        "{:<52} {:>11} {:>11} {:>7.3} {target:>7}",
        format!("{row}, instructions"),
        library / calls,
        floor / calls,
        f64::from(library) / f64::from(floor)
    );
}

/// The library's instructions and the floor's, for one turn; `None` where there is no valgrind.
fn count(row: &str) -> Option<(u32, u32)> {
    Some((of_a_turn(row, "library")?, of_a_turn(row, "floor")?))
}

fn of_a_turn(row: &str, side: &str) -> Option<u32> {
    let [few, many] = TURNS;
    let more = u64::try_from(many - few).expect("it fits");
    let of_one = (of_turns(row, side, many)? - of_turns(row, side, few)?) / more;
    Some(u32::try_from(of_one).expect("a turn is short"))
}

fn of_turns(row: &str, side: &str, turns: usize) -> Option<u64> {
    let counts = env::temp_dir().join(format!("ncloud-instructions-{}", process::id()));
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--separate-threads=yes"])
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .arg(env::current_exe().expect("it runs from somewhere"))
        .args([ONLY, row, side, &turns.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let ended = valgrind.status().ok()?;
    assert!(ended.success(), "it fails under valgrind");
    Some(total(&counts).expect("a count"))
}

/// What the main thread's file says, which goes with those of all other threads.
fn total(counts: &Path) -> Option<u64> {
    let name = counts.file_name()?.to_str()?;
    let mut found = None;
    for file in fs::read_dir(counts.parent()?).ok()?.flatten() {
        let path = file.path();
        let is_ours = |file: &str| file == name || file.starts_with(&format!("{name}-"));
        let Some(file) = path
            .file_name()
            .and_then(|file| file.to_str())
            .filter(|file| is_ours(file))
        else {
            continue;
        };
        if file.ends_with("-01") {
            let text = fs::read_to_string(&path).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix("totals: "))?;
            found = line.trim().parse().ok();
        }
        fs::remove_file(&path).ok()?;
    }
    found
}
