//! A question to a dialogue: what it is, what can happen to it, and what of it may be read by whom. Pure.
//!
//! ```text
//! waiting: change -> waiting           (the asker)
//! waiting: open -> open                waiting: refuse -> refused      waiting: link -> linked
//! open: open -> open                   open: refuse -> refused         open: link -> linked
//! refused: open -> open                linked: unlink -> open, or waiting where nothing was public yet
//! waiting, open, linked: withdraw -> withdrawn                         (the asker)
//! waiting, open, refused, linked: seal -> sealed                       (a denunciation: its words leave)
//! ```
//!
//! Once a question was on the stage, moderation leaves it alone, but for sealing. `withdrawn` and `sealed` are ends.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Longest question, in characters.
pub const BODY_CHARS_MAX: usize = 2_000;
/// Shortest question that can be understood, in characters.
pub const BODY_CHARS_MIN: usize = 10;
/// Longest topic, in characters.
pub const TOPIC_CHARS_MAX: usize = 120;
/// Longest name or village, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Longest words beside a reason, in characters.
pub const REASON_CHARS_MAX: usize = 500;
/// Longest draft of an answer, in characters.
pub const ANSWER_CHARS_MAX: usize = 5_000;
/// Topics of an agenda.
pub const TOPICS_MAX: usize = 20;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(type_name = "TEXT", rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As it stands in forms and in the database.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The one of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}

codes!(
    /// How far a question has come.
    State {
        /// Nobody has read it yet.
        Waiting = "waiting",
        /// Taken on; everybody reads it, unless it is private.
        Open = "open",
        /// Not published, for a public reason.
        Refused = "refused",
        /// A denunciation: its words are in a sealed case and nowhere else.
        Sealed = "sealed",
        /// The asker took it back.
        Withdrawn = "withdrawn",
        /// It repeats another one, and counts with it.
        Linked = "linked",
    }
);

codes!(
    /// Where it is on the stage of the dialogue. Only the live part changes this.
    Stage {
        /// It may be called up.
        Queued = "queued",
        /// It is being answered.
        Now = "now",
        /// Answered on the spot.
        Answered = "answered",
        /// To be answered by a day.
        Later = "later",
        /// Taken out.
        Out = "out",
    }
);

codes!(
    /// When it was asked.
    Moment {
        /// Before the dialogue.
        Before = "before",
        /// While it ran.
        During = "during",
    }
);

codes!(
    /// By which way.
    Channel {
        /// The asker's own device.
        Web = "web",
        /// An official took it down for somebody.
        Desk = "desk",
    }
);

codes!(
    /// Why a question is not published.
    Reason {
        /// Không đúng chủ đề.
        OffTopic = "off_topic",
        /// Lời lẽ xúc phạm.
        Insulting = "insulting",
        /// Nêu chuyện riêng của người khác.
        PrivateLife = "private_life",
        /// Không phải câu hỏi, không rõ ý.
        Unclear = "unclear",
        /// Quảng cáo, lặp lại nhiều lần.
        Advertising = "advertising",
        /// Việc riêng cần giải quyết bằng đơn.
        NeedsPetition = "needs_petition",
        /// Lý do khác: needs words.
        Other = "other",
    }
);

codes!(
    /// How well a supporter is proven.
    Proof {
        /// A device that had not supported it yet.
        Device = "device",
        /// An e-mail address that was confirmed.
        Contact = "contact",
    }
);

/// A question, with everything officials know of it. Public pages never load one of these: they have
/// [`PublicQuestion`](super::store::PublicQuestion).
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// The dialogue.
    pub dialogue_id: String,
    /// Its number within the dialogue.
    pub number: i64,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Before the dialogue or during it.
    pub moment: Moment,
    /// By which way.
    pub channel: Channel,
    /// The topic the asker chose.
    pub topic: String,
    /// The asker's words.
    pub body: String,
    /// As it may be read.
    pub public_text: String,
    /// How the asker wants to be called in public.
    pub name: String,
    /// Where the asker lives; private.
    #[sqlx(default)]
    pub village: String,
    /// Private.
    #[sqlx(default)]
    pub email: String,
    /// Name, village and address are stored, and the key is not there.
    #[sqlx(default)]
    pub is_locked: bool,
    /// Language of the mails.
    pub language: String,
    /// Digest of its code.
    pub code_digest: String,
    /// Digest of the asker's device.
    pub asker_key: String,
    /// Only for the organiser.
    pub is_private: bool,
    /// How far it has come.
    pub state: State,
    /// Code of the reason it is not published for; empty if none.
    pub reason: String,
    /// What the moderator added.
    pub reason_words: String,
    /// The question it repeats.
    pub linked_to: Option<String>,
    /// The case that belongs to it.
    pub case_id: Option<String>,
    /// The topic of the agenda it stands under.
    pub topic_group: String,
    /// Its place there.
    pub agenda_position: i64,
    /// The agency that prepares an answer.
    pub answer_unit: Option<String>,
    /// What it prepared.
    pub answer_draft: String,
    /// Where it is on the stage.
    pub stage: Stage,
    /// Its place in the queue of the stage.
    pub stage_order: i64,
    /// By when it is answered.
    pub promised_on: Option<NaiveDate>,
    /// Why it was taken out.
    pub stage_reason: String,
    /// Events so far.
    pub version: i64,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl Question {
    /// One that has just come in: nobody has read it, nothing was said of it. Who asks what is still to be filled in.
    pub fn new(id: String, dialogue_id: String, number: i64, asked_at: DateTime<Utc>) -> Self {
        Self {
            id,
            dialogue_id,
            number,
            asked_at,
            moment: Moment::Before,
            channel: Channel::Web,
            topic: String::new(),
            body: String::new(),
            public_text: String::new(),
            name: String::new(),
            village: String::new(),
            email: String::new(),
            is_locked: false,
            language: String::new(),
            code_digest: String::new(),
            asker_key: String::new(),
            is_private: false,
            state: State::Waiting,
            reason: String::new(),
            reason_words: String::new(),
            linked_to: None,
            case_id: None,
            topic_group: String::new(),
            agenda_position: 0,
            answer_unit: None,
            answer_draft: String::new(),
            stage: Stage::Queued,
            stage_order: 0,
            promised_on: None,
            stage_reason: String::new(),
            version: 1,
        }
    }

    /// Whether everybody may read it.
    pub fn is_public(&self) -> bool {
        self.state == State::Open && !self.is_private
    }

    /// Whether the stage has not had it.
    pub fn is_off_stage(&self) -> bool {
        matches!(self.stage, Stage::Queued | Stage::Out)
    }
}

/// What happens to a question. Words are never in here: the record of a sealed question must not tell them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It came in.
    Asked {
        /// By which way.
        channel: Channel,
    },
    /// The asker changed it.
    Changed,
    /// The asker took it back.
    Withdrawn,
    /// It was opened, or its public text edited.
    Opened {
        /// Whether the text differs from the asker's.
        is_edited: bool,
    },
    /// It is not published.
    Refused {
        /// Why.
        reason: Reason,
    },
    /// It repeats another one.
    Linked {
        /// The number of that one.
        number: i64,
    },
    /// It stands for itself again.
    Unlinked,
    /// It became a sealed case.
    Sealed,
    /// It was put under a topic of the agenda.
    Grouped,
    /// An agency is to prepare an answer; none: no more.
    Given {
        /// The agency.
        unit_id: Option<String>,
    },
    /// A draft of the answer was written.
    Drafted,
    /// A case came of it, or it came from one.
    Tied {
        /// Whether it was made of the question.
        is_new: bool,
    },
}

/// Why something cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not in this state.
    NotNow,
    /// It was on the stage already.
    OnStage,
    /// A private question is answered in private: it has no public text, and repeats nothing public.
    Private,
    /// A reason is needed, or words beside "other".
    ReasonNeeded,
    /// A text is needed.
    TextNeeded,
}

/// The state after an event, if it may happen.
///
/// # Errors
/// The first [`Refusal`] that stands against it.
pub fn next(question: &Question, event: &Event) -> Result<State, Refusal> {
    use State::{Linked, Open, Refused, Sealed, Waiting, Withdrawn};
    let state = question.state;
    let from = |states: &[State], to: State| if states.contains(&state) { Ok(to) } else { Err(Refusal::NotNow) };
    let moderates = matches!(event, Event::Refused { .. } | Event::Linked { .. } | Event::Unlinked | Event::Withdrawn);
    if moderates && !question.is_off_stage() {
        return Err(Refusal::OnStage);
    }
    match event {
        Event::Asked { .. } => Err(Refusal::NotNow),
        Event::Changed => from(&[Waiting], Waiting),
        Event::Withdrawn => from(&[Waiting, Open, Linked], Withdrawn),
        Event::Opened { .. } => from(&[Waiting, Open, Refused], Open),
        Event::Refused { .. } => from(&[Waiting, Open], Refused),
        Event::Linked { .. } if question.is_private => Err(Refusal::Private),
        Event::Linked { .. } => from(&[Waiting, Open], Linked),
        Event::Unlinked => from(&[Linked], if question.public_text.is_empty() { Waiting } else { Open }),
        Event::Sealed => from(&[Waiting, Open, Refused, Linked], Sealed),
        Event::Grouped | Event::Given { .. } => from(&[Waiting, Open, Linked], state),
        Event::Drafted => from(&[Waiting, Open], state),
        Event::Tied { .. } => from(&[Waiting, Open, Refused, Linked], state),
    }
}

/// People who support a question and its repeats, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Supports {
    /// All of them.
    pub people: i64,
    /// Of them with a confirmed contact; the others are told apart by their devices.
    pub by_contact: i64,
}

impl Supports {
    /// Told apart by their devices.
    pub fn by_device(self) -> i64 {
        (self.people - self.by_contact).max(0)
    }
}

/// The topics of an agenda as they were typed, one a line: without blanks, empty lines and doubles.
pub fn topics(typed: &str) -> Vec<String> {
    let mut topics: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !topics.iter().any(|known| known == line) {
            topics.push(line.to_owned());
        }
    }
    topics
}

/// Words of offices, folded: nobody asks a question under one.
const OFFICES: &[&str] = &[
    "chu tich",
    "bi thu",
    "uy ban",
    "ubnd",
    "hdnd",
    "hoi dong nhan dan",
    "giam doc",
    "truong phong",
    "truong ban",
    "chanh van phong",
    "can bo",
    "cong an",
    "thanh tra",
    "toa an",
    "mat tran",
    "mttq",
    "dang uy",
    "tinh uy",
];

/// Whether a name is that of an office, or of one of these officials. `posts` are those the notice names. Whoever happens to have an
/// official's name adds where they live.
pub fn is_officials(name: &str, posts: &[String], officials: &[String]) -> bool {
    let plain = |text: &str| crate::text::words_of(&crate::text::fold(text)).collect::<Vec<_>>().join(" ");
    let name = plain(name);
    if name.is_empty() {
        return false;
    }
    let padded = format!(" {name} ");
    let has_office = OFFICES.iter().any(|office| padded.contains(&format!(" {office} ")));
    has_office || posts.iter().chain(officials).any(|known| plain(known) == name)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn question(state: State) -> Question {
        Question {
            body: "Bao giờ có nước?".into(),
            public_text: if matches!(state, State::Open) { "Bao giờ có nước?".into() } else { String::new() },
            language: "vi".into(),
            code_digest: "c".into(),
            asker_key: "k".into(),
            state,
            ..Question::new("q".into(), "d".into(), 1, DateTime::UNIX_EPOCH)
        }
    }

    fn events() -> Vec<Event> {
        vec![
            Event::Asked { channel: Channel::Web },
            Event::Changed,
            Event::Withdrawn,
            Event::Opened { is_edited: false },
            Event::Refused { reason: Reason::OffTopic },
            Event::Linked { number: 2 },
            Event::Unlinked,
            Event::Sealed,
            Event::Grouped,
            Event::Given { unit_id: None },
            Event::Drafted,
            Event::Tied { is_new: true },
        ]
    }

    /// State × event: the first letter of the state that follows, `.` where it cannot happen.
    #[test]
    fn the_table_of_states_and_events() {
        let letter = |state: State| match state {
            State::Waiting => 'w',
            State::Open => 'o',
            State::Refused => 'r',
            State::Sealed => 's',
            State::Withdrawn => 'x',
            State::Linked => 'l',
        };
        let row = |state: State| -> String { events().iter().map(|event| next(&question(state), event).map_or('.', letter)).collect() };
        let table: Vec<String> = State::ALL.iter().map(|state| format!("{} {}", letter(*state), row(*state))).collect();
        //          asked, changed, withdrawn, opened, refused, linked, unlinked, sealed, grouped, given, drafted, tied
        assert_eq!(table, ["w .wxorl.swwww", "o ..xorl.soooo", "r ...o...s...r", "s ............", "x ............", "l ..x...wsll.l"]);
    }

    #[test]
    fn what_was_public_before_it_was_linked_is_public_again() {
        let mut linked = question(State::Linked);
        linked.public_text = "Bao giờ có nước?".into();
        assert_eq!(next(&linked, &Event::Unlinked), Ok(State::Open));
    }

    #[test]
    fn on_the_stage_only_sealing_is_left() {
        let mut open = question(State::Open);
        open.stage = Stage::Answered;
        for event in [Event::Refused { reason: Reason::Other }, Event::Linked { number: 2 }, Event::Withdrawn] {
            assert_eq!(next(&open, &event), Err(Refusal::OnStage));
        }
        assert_eq!(next(&open, &Event::Sealed), Ok(State::Sealed));
    }

    #[test]
    fn a_private_question_is_never_tied_to_a_public_one() {
        let mut waiting = question(State::Waiting);
        waiting.is_private = true;
        assert_eq!(next(&waiting, &Event::Linked { number: 2 }), Err(Refusal::Private));
    }

    #[test]
    fn nobody_asks_under_the_name_of_an_office_or_an_official() {
        let (posts, officials) = (["Đội trưởng Đội quản lý".to_owned()], ["Nguyễn Văn Hùng".to_owned()]);
        for name in ["Chủ tịch UBND xã", "PHÓ CHỦ  TỊCH", "chủ-tịch xã", "ubnd xa Phu Thong", "Nguyen van hung", "đội trưởng đội quản lý"]
        {
            assert!(is_officials(name, &posts, &officials), "{name}");
        }
        for name in ["", "Chị Lan, thôn Bản Tàn", "Nguyễn Văn Hùng, thôn Nà Món", "Lê Bí Thương", "Bà con thôn Nà Món"] {
            assert!(!is_officials(name, &posts, &officials), "{name}");
        }
    }

    #[test]
    fn topics_are_lines_without_doubles() {
        assert_eq!(topics(" Nước \n\nĐường\nNước\n"), ["Nước", "Đường"]);
    }

    proptest! {
        /// Whatever happens in whatever order: what is sealed or withdrawn stays so, and is never public.
        #[test]
        fn an_end_is_an_end(steps in proptest::collection::vec(0_usize..12, 0..30)) {
            let mut question = question(State::Waiting);
            let mut has_ended = false;
            for step in steps {
                if let Ok(state) = next(&question, &events()[step]) {
                    prop_assert!(!has_ended);
                    question.state = state;
                }
                has_ended |= matches!(question.state, State::Sealed | State::Withdrawn);
                prop_assert!(!has_ended || !question.is_public());
            }
        }
    }
}
