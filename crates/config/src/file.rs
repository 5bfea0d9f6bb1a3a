//! Reads the configure file: the only place of this crate that opens anything.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// A configure file has a few lines; more than this is some other file.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// The content of a file, if it is one and not larger than the limit.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Asked first, because opening a directory fails with different words on every system, or does not fail.
    if fs::metadata(path)?.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a directory, not a file",
        ));
    }
    let mut content = Vec::new();
    File::open(path)?
        .take(SIZE_LIMIT.saturating_add(1))
        .read_to_end(&mut content)?;
    if u64::try_from(content.len()).is_ok_and(|length| length <= SIZE_LIMIT) {
        Ok(content)
    } else {
        Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 1 MiB, which no configure file is",
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::process;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{Loader, Source};

    static COUNT: AtomicUsize = AtomicUsize::new(0);

    const KEYS: &str = "[DEFAULT]\nncloud_access_key_id = ncp_ak_TESTACCESSKEY0001\n\
                        ncloud_secret_access_key = ncp_sk_TESTSECRETKEY0000000000000000000001\n";

    /// A home directory of one test, removed at its end.
    struct Home(PathBuf);

    impl Home {
        fn new() -> Self {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("ncloud-config-{}-{number}", process::id()));
            fs::create_dir_all(path.join(".ncloud")).unwrap();
            Self(path)
        }

        fn configure(&self) -> PathBuf {
            self.0.join(".ncloud").join("configure")
        }

        fn loader(&self) -> Loader {
            let loader = Loader::new().with_environment([(crate::environment::HOME, &self.0)]);
            loader.without_server_role()
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            // What cannot be removed stays behind; a test has nothing to say about that.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_file_in_the_home_directory_is_found() {
        let home = Home::new();
        assert!(home.loader().load().unwrap_err().is_not_found());

        fs::write(home.configure(), KEYS).unwrap();
        let settings = home.loader().load().unwrap();
        let expected = Source::File {
            path: home.configure(),
            profile: "DEFAULT".to_owned(),
        };
        assert_eq!(settings.source(), &expected);

        let elsewhere = home.0.join("elsewhere");
        fs::write(&elsewhere, KEYS.replace("DEFAULT", "work")).unwrap();
        let settings = home
            .loader()
            .with_file(&elsewhere)
            .with_profile("work")
            .load()
            .unwrap();
        let expected = Source::File {
            path: elsewhere,
            profile: "work".to_owned(),
        };
        assert_eq!(settings.source(), &expected);
    }

    #[test]
    fn a_directory_in_place_of_the_file_is_an_error() {
        let home = Home::new();
        fs::create_dir(home.configure()).unwrap();
        let error = home.loader().load().unwrap_err();
        assert!(!error.is_not_found());
        assert!(
            error.to_string().contains("it is a directory, not a file"),
            "{error}"
        );
    }

    #[test]
    fn a_file_in_place_of_the_directory_means_that_there_is_none() {
        let home = Home::new();
        fs::write(home.configure(), KEYS).unwrap();
        let error = Loader::new()
            .with_environment([(crate::environment::HOME, home.configure())])
            .without_server_role()
            .load();
        assert!(error.unwrap_err().is_not_found());
    }

    #[test]
    fn a_file_may_be_as_large_as_the_limit() {
        let home = Home::new();
        let limit = usize::try_from(SIZE_LIMIT).unwrap();
        let mut content = KEYS.to_owned();
        content.push_str(&"#".repeat(limit - content.len()));
        fs::write(home.configure(), &content).unwrap();
        assert!(home.loader().load().is_ok());

        content.push('#');
        fs::write(home.configure(), &content).unwrap();
        let error = home.loader().load().unwrap_err();
        assert!(error.to_string().contains("larger than 1 MiB"), "{error}");
    }
}
