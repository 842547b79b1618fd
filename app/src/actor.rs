//! Who is asking.

use crate::permissions::Role;

/// Whoever a request, a job or a command acts for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    /// Anybody. Knows what is public.
    #[default]
    Visitor,
    /// The person who holds the code of one case.
    Citizen {
        /// That case.
        case_id: String,
    },
    /// A person who joined a released case and holds their own code. Sees how it goes, nothing of the sender.
    Signer {
        /// Their row.
        signer_id: String,
    },
    /// A citizen who is signed in to an account of their own. Of cases it sees the list, nothing else: each is opened as by its code.
    AccountHolder {
        /// The account.
        citizen_id: String,
    },
    /// Somebody with a sign-in and the roles that are valid today.
    Official(Official),
    /// The portal itself: the worker, commands.
    System,
}

/// A signed-in official with today's role holdings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Official {
    /// The account.
    pub account_id: String,
    /// As colleagues see it.
    pub name: String,
    /// What the person may do, and where.
    pub holdings: Vec<Holding>,
}

/// One role at one agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// What kind of work.
    pub role: Role,
    /// The agency or unit the role is held at.
    pub agency_id: String,
    /// Its name, for the page head.
    pub agency_name: String,
    /// The authority that agency belongs to.
    pub body_id: String,
}

impl Official {
    /// Whether the person holds a role at an authority today.
    pub fn holds(&self, role: Role, body_id: &str) -> bool {
        self.holdings.iter().any(|holding| holding.role == role && holding.body_id == body_id)
    }

    /// The authority whose desk the person works at: that of the first holding.
    pub fn body_id(&self) -> Option<&str> {
        self.holdings.first().map(|holding| holding.body_id.as_str())
    }
}

impl Actor {
    /// The official, if it is one.
    pub fn official(&self) -> Option<&Official> {
        match self {
            Self::Official(official) => Some(official),
            _ => None,
        }
    }

    /// How the history names this kind of actor.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Visitor | Self::Citizen { .. } | Self::Signer { .. } | Self::AccountHolder { .. } => "citizen",
            Self::Official(_) => "official",
            Self::System => "system",
        }
    }

    /// The account in the history; a citizen has none.
    pub fn account_id(&self) -> Option<String> {
        self.official().map(|official| official.account_id.clone())
    }
}
