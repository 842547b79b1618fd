//! How the log is written. Our own lines keep to ids, codes and routes at every level. Crates of others do not: at debug and trace they write
//! what passes through them, html5ever every word of a text it cleans. So whatever the operator asks for, of those only what they say at
//! `info` and above is written.

use tracing::{Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

/// First parts of the targets of our own lines.
const OURS: [&str; 4] = ["app", "server", "nghedan", "security"];

/// Begins to log, for the whole process.
///
/// # Errors
/// It was begun before.
pub fn begin<W>(filter: EnvFilter, is_json: bool, writer: W) -> Result<(), TryInitError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    subscriber(filter, is_json, writer).try_init()?;
    // The same for crates that write through `log`: asked before a line is put together, so that it costs nothing.
    log::set_max_level(log::LevelFilter::Info);
    Ok(())
}

fn subscriber<W>(filter: EnvFilter, is_json: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let may_be_written = filter_fn(|about| *about.level() <= Level::INFO || is_ours(about.target()));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).with_writer(writer);
    if is_json { Box::new(log.json().finish().with(may_be_written)) } else { Box::new(log.finish().with(may_be_written)) }
}

fn is_ours(target: &str) -> bool {
    target.split("::").next().is_some_and(|first| OURS.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Until November 2026 `--log trace` wrote the words of every text that was cleaned: the HTML parser tells each piece it reads.
    #[test]
    fn what_other_crates_say_below_info_is_never_written() {
        for is_json in [false, true] {
            let memory = Memory::default();
            let writer = memory.clone();
            tracing::subscriber::with_default(subscriber(EnvFilter::new("trace"), is_json, move || writer.clone()), || {
                tracing::trace!(target: "html5ever::tokenizer", "got characters: Hoàng Thị Mẫu");
                tracing::debug!(target: "application", "0912345678");
                tracing::info!(target: "html5ever::tokenizer", "told by others");
                tracing::trace!(target: "server::worker", "told by us");
            });
            let written = String::from_utf8(memory.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).expect("text");
            assert!(written.contains("told by others") && written.contains("told by us"), "{written}");
            assert!(!written.contains("Hoàng") && !written.contains("0912345678"), "{written}");
        }
    }
}
